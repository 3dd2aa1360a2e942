"""A disk that forgets what was not synced: the crash model behind the update agent's interface.

Names belong to folders and contents to files, as in ext4: a synced file may lose its name, a name may come back
with nothing behind it. After a crash any subset of the last unsynced changes of names has reached the disk, and
each unsynced content is old, empty or new.
"""

import hashlib
import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

MOST_FREE_NAMES = 7
"""Unsynced changes of names that are taken in any combination; older ones have reached the disk."""

Content = Literal["old", "empty", "new"]


class PowerCut(BaseException):
    """The power went; nothing may catch it."""


@dataclass
class Node:
    """A file, folder or link. ``durable`` is what the disk surely has."""

    kind: Literal["file", "folder", "link"]
    data: bytes = b""
    durable: bytes = b""
    names: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One change of a folder's names."""

    folder: int
    removed: str | None
    added: str | None
    node: int


class CrashDisk:
    """Satisfies ``fleet.agent.disk.Disk``; one thread.

    Args:
        cut_before: Number of the operation before which the power goes; None for never.
        skip: Told the label of each sync; True leaves it out.
    """

    def __init__(
        self, cut_before: int | None = None, skip: Callable[[str], bool] = lambda _label: False
    ) -> None:
        self.cut_before = cut_before
        self.operations = 0
        self.labels: set[str] = set()
        self.skip = skip
        self._nodes: dict[int, Node] = {0: Node("folder")}
        self._durable: dict[int, dict[str, int]] = {0: {}}
        self._pending: list[Change] = []
        self._next = 1

    # What is asked

    def read(self, path: Path) -> bytes:
        return self._file(path).data

    def exists(self, path: Path) -> bool:
        return self._find(path) is not None

    def size(self, path: Path) -> int:
        return len(self._file(path).data)

    def names(self, folder: Path) -> list[str]:
        found = self._find(folder, follow=True)
        return sorted(self._nodes[found].names) if found is not None else []

    def link(self, path: Path) -> str | None:
        found = self._find(path)
        if found is None or self._nodes[found].kind != "link":
            return None
        return self._nodes[found].data.decode()

    def digest(self, path: Path) -> str:
        return hashlib.sha256(self.read(path)).hexdigest()

    def free_bytes(self, folder: Path) -> int:
        return 10**12

    # What is done

    def make_folder(self, path: Path) -> None:
        at = 0
        for name in path.parts[1:]:
            there = self._nodes[at].names.get(name)
            if there is None:
                self._step()
                there = self._new(Node("folder"))
                self._durable[there] = {}
                self._change(at, None, name, there)
            at = there

    def write(self, path: Path, data: bytes) -> None:
        self._step()
        found = self._find(path, follow=True)
        if found is None:
            found = self._new(Node("file"))
            self._change(self._parent(path), None, path.name, found)
        self._nodes[found].data = data

    def append(self, path: Path, data: bytes) -> None:
        before = self.read(path) if self.exists(path) else b""
        self.write(path, before + data)

    def make_link(self, path: Path, target: str) -> None:
        self._step()
        if self.exists(path):
            raise FileExistsError(path)
        # A link's target is in its inode: it is there with the name.
        node = self._new(Node("link", target.encode(), target.encode()))
        self._change(self._parent(path), None, path.name, node)

    def rename(self, old: Path, new: Path) -> None:
        self._step()
        node = self._find(old)
        if node is None:
            raise FileNotFoundError(old)
        assert old.parent == new.parent
        self._change(self._parent(old), old.name, new.name, node)

    def remove(self, path: Path) -> None:
        node = self._find(path)
        if node is not None:
            self._step()
            self._change(self._parent(path), path.name, None, node)

    def remove_tree(self, folder: Path) -> None:
        node = self._find(folder)
        if node is None:
            return
        for name in list(self._nodes[node].names):
            child = self._nodes[self._nodes[node].names[name]]
            if child.kind == "folder":
                self.remove_tree(folder / name)
            else:
                self.remove(folder / name)
        self.remove(folder)

    def sync_file(self, path: Path) -> None:
        if self._syncs("file", path):
            node = self._file(path)
            node.durable = node.data

    def sync_dir(self, folder: Path) -> None:
        node = self._find(folder, follow=True)
        if node is None:
            raise FileNotFoundError(folder)
        if self._syncs("dir", folder):
            self._settle(node)

    def sync_all(self, folder: Path) -> None:
        if self._syncs("all", folder):
            self.settle()

    # What a power cut leaves

    def settle(self) -> None:
        """Everything reaches the disk."""
        for node in list(self._durable):
            self._settle(node)
        for each in self._nodes.values():
            each.durable = each.data

    def outcomes(self) -> Iterator[tuple[tuple[bool, ...], Content]]:
        """Every way in which the power cut may end."""
        count = min(len(self._pending), MOST_FREE_NAMES)
        is_unsynced = any(node.data != node.durable for node in self._nodes.values())
        contents: tuple[Content, ...] = ("old", "empty", "new") if is_unsynced else ("new",)
        for kept in itertools.product((True, False), repeat=count):
            for content in contents:
                yield kept, content

    def after_cut(self, kept: tuple[bool, ...], content: Content) -> "CrashDisk":
        """The disk as it comes back."""
        back = CrashDisk(skip=self.skip)
        back._next = self._next
        names = {node: dict(entries) for node, entries in self._durable.items()}
        first_free = len(self._pending) - len(kept)
        for index, change in enumerate(self._pending):
            if index < first_free or kept[index - first_free]:
                _apply(names.setdefault(change.folder, {}), change)
        for number, node in self._nodes.items():
            data = node.data
            if node.kind == "file" and node.data != node.durable:
                data = {"old": node.durable, "empty": b"", "new": node.data}[content]
            back._nodes[number] = Node(node.kind, data, data, dict(names.get(number, {})))
            if node.kind == "folder":
                back._durable[number] = dict(names.get(number, {}))
        return back

    def _syncs(self, kind: str, path: Path) -> bool:
        frame = sys._getframe(2)
        while frame.f_code.co_name in ("write_durably",):
            frame = frame.f_back  # type: ignore[assignment]
        name = path.name if kind != "file" else path.suffix or path.name
        label = f"{frame.f_code.co_name}: sync_{kind} {_plain(name)}"
        self.labels.add(label)
        if self.skip(label):
            return False
        self._step()
        return True

    def _step(self) -> None:
        if self.cut_before is not None and self.operations >= self.cut_before:
            raise PowerCut
        self.operations += 1

    def _settle(self, folder: int) -> None:
        for change in [each for each in self._pending if each.folder == folder]:
            _apply(self._durable[folder], change)
        self._pending = [each for each in self._pending if each.folder != folder]

    def _change(self, folder: int, removed: str | None, added: str | None, node: int) -> None:
        change = Change(folder, removed, added, node)
        _apply(self._nodes[folder].names, change)
        self._pending.append(change)

    def _new(self, node: Node) -> int:
        number, self._next = self._next, self._next + 1
        self._nodes[number] = node
        return number

    def _parent(self, path: Path) -> int:
        found = self._find(path.parent, follow=True)
        if found is None:
            raise FileNotFoundError(path.parent)
        return found

    def _file(self, path: Path) -> Node:
        found = self._find(path, follow=True)
        if found is None:
            raise FileNotFoundError(path)
        return self._nodes[found]

    def _find(self, path: Path, *, follow: bool = False) -> int | None:
        at = 0
        parts = path.parts[1:]
        for index, name in enumerate(parts):
            there = self._nodes[at].names.get(name)
            if there is None:
                return None
            is_last = index == len(parts) - 1
            if self._nodes[there].kind == "link" and (follow or not is_last):
                target = Path(*path.parts[: index + 2]).parent / self._nodes[there].data.decode()
                found = self._find(target, follow=True)
                if found is None:
                    return None
                there = found
            at = there
        return at


def _apply(names: dict[str, int], change: Change) -> None:
    if change.removed is not None:
        if change.added is not None and names.get(change.removed) != change.node:
            return  # a rename whose source never reached the disk
        names.pop(change.removed, None)
    if change.added is not None:
        names[change.added] = change.node


def _plain(name: str) -> str:
    return "release" if name[:1].isdigit() else name
