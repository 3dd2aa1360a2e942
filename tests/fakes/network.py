"""Machines of their own on this one: network namespaces, wires between them, and names that each knows."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_HOSTS = Path("/etc/netns")


def why_not() -> str | None:
    """Why namespaces cannot be made here; None where they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    for tool in ("ip", "nft"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    name = f"cmt{os.getpid()}-try"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        return f"no network namespaces: {made.stderr.strip()}"
    _run("ip", "netns", "del", name)
    return None


class Network:
    """Some machines and the wires between them; all are gone at the end.

    Args:
        machines: Short names.
    """

    def __init__(self, *machines: str) -> None:
        self._names = {machine: f"cmt{os.getpid()}-{machine}" for machine in machines}
        self._wires = 0

    def __enter__(self) -> Self:
        for name in self._names.values():
            _run("ip", "netns", "add", name)
            _run("ip", "-n", name, "link", "set", "lo", "up")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in self._names.values():
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
            shutil.rmtree(_HOSTS / name, ignore_errors=True)

    def wire(self, one: str, its_address: str, other: str, other_address: str) -> str:
        """A cable between two machines, both ends with an address (``10.7.0.1/24``); its name at ``one``."""
        self._wires += 1
        ends = [f"w{self._wires}a", f"w{self._wires}b"]
        first, second = self._names[one], self._names[other]
        _run("ip", "-n", first, "link", "add", ends[0], "type", "veth", "peer", ends[1], "netns", second)
        for name, end, address in ((first, ends[0], its_address), (second, ends[1], other_address)):
            _run("ip", "-n", name, "address", "add", address, "dev", end)
            _run("ip", "-n", name, "link", "set", end, "up")
        return ends[0]

    def link(self, machine: str, wire: str, state: str) -> None:
        """``up`` or ``down``."""
        _run("ip", "-n", self._names[machine], "link", "set", wire, state)

    def address(self, machine: str, wire: str, address: str) -> None:
        _run("ip", "-n", self._names[machine], "address", "add", address, "dev", wire)

    def route(self, machine: str, where: str, by: str) -> None:
        _run("ip", "-n", self._names[machine], "route", "add", where, "via", by)

    def knows(self, machine: str, name: str, address: str | None) -> None:
        """What a name leads to as this machine sees it; None for nowhere."""
        folder = _HOSTS / self._names[machine]
        folder.mkdir(parents=True, exist_ok=True)
        known = f"{address} {name}\n" if address is not None else ""
        (folder / "hosts").write_text(f"127.0.0.1 localhost\n{known}", encoding="ascii")
        (folder / "resolv.conf").write_text("", encoding="ascii")

    def command(self, machine: str, *words: str) -> list[str]:
        """The words of a command that runs on the machine."""
        return ["ip", "netns", "exec", self._names[machine], *words]

    def run(
        self, machine: str, *words: str, stdin: str | None = None, is_checked: bool = True
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(machine, *words),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert not is_checked or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done


def _run(*words: str) -> None:
    done: Sequence[str] = words
    finished = subprocess.run(done, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, f"{' '.join(words)}: {finished.stderr}"
