"""One booted machine: started, spoken to over SSH and QMP, kept as it is, cut off from power."""

import contextlib
import json
import shlex
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comptoir.demo.workplace import free_port
from tests.booted.image import Image
from tests.booted.machine import command

BOOT_S = 900.0
_BOOTS = 3
_IS_UP = "systemctl is-system-running | grep -E 'running|degraded'"
_NO_CONNECTION = 255  # ssh's own; no command of ours ends with it


class GuestError(AssertionError):
    """A command in the guest failed, or a condition did not come."""


@dataclass(frozen=True)
class Kept:
    """A running machine that was put away, disk and memory, to go on from as often as wanted.

    Attributes:
        folder: Whole once ``figures.json`` is there: what the machine told until then.
    """

    folder: Path

    @property
    def disk(self) -> Path:
        return self.folder / "disk.qcow2"

    @property
    def memory(self) -> Path:
        return self.folder / "memory"

    @property
    def figures(self) -> dict[str, object] | None:
        """None until it is kept."""
        file = self.folder / "figures.json"
        return dict(json.loads(file.read_text())) if file.exists() else None


class Guest:
    """A machine under QEMU; what lies below its disk is never written.

    Args:
        image: What it starts from.
        folder: For its disk, sockets and the log of its serial port.
        kept: Goes on from there at the first start, instead of booting.
        log: Where every write to the disk and every flush of its cache is written down (``disk_log``).
    """

    def __init__(
        self, image: Image, folder: Path, kept: Kept | None = None, *, log: Path | None = None
    ) -> None:
        self._image = image
        self.log = log
        self._kept = kept
        self._goes_on = kept
        self.folder = folder
        self.disk = folder / "disk.qcow2"
        self._port = free_port()
        self._qemu: subprocess.Popen[bytes] | None = None
        self.below = image.disk if kept is None else kept.disk
        folder.mkdir(exist_ok=True)
        self._begin_disk()

    @property
    def runs(self) -> bool:
        """False before it is started, when its power is cut and when its kernel fell."""
        return self._qemu is not None and self._qemu.poll() is None

    def begin_again(self) -> None:
        """Start once more from what it started from, as if nothing had been written since."""
        self.cut_power()
        self._begin_disk()
        self._goes_on = self._kept
        self.power_on()

    def _begin_disk(self) -> None:
        _call("qemu-img", "create", "-q", "-f", "qcow2", "-b", self.below, "-F", "qcow2", self.disk)

    def power_on(self) -> float:
        """Start and wait until systemd has started everything; the seconds it took."""
        started_s = time.monotonic()
        kept, self._goes_on = self._goes_on, None
        if kept is None:
            self._start([])
        else:
            self._start(["-incoming", f"exec:cat {shlex.quote(str(kept.memory))}"])
            self.until(lambda: self.qmp("query-status")["status"] == "paused", "the memory")
            self.qmp("cont")
        self._wait_until_up()
        self.run(f"date -s @{time.time():.3f}")
        return time.monotonic() - started_s

    def _wait_until_up(self) -> None:
        """Linux changes its own code while it boots, and fell when one of QEMU's threads saw half of it: then anew."""
        for tries_left in reversed(range(_BOOTS)):
            try:
                self.wait_for(_IS_UP, "the boot", BOOT_S)
                break
            except GuestError as error:
                if self.runs or not tries_left:
                    raise
                print(f"\nstarted again: {error}")
                self._start([])

    def keep(self, kept: Kept, figures: dict[str, object]) -> None:
        """Put the running machine away as it is, which ends it."""
        self.run("sync")
        _call(*self._ssh()[:-1], "-O", "exit", "root@127.0.0.1")
        shutil.rmtree(kept.folder, ignore_errors=True)
        kept.folder.mkdir(parents=True)
        self.qmp("stop")
        self.qmp("migrate-set-parameters", **{"max-bandwidth": 2**40})
        self.qmp("migrate", uri=f"exec:cat > {shlex.quote(str(kept.memory))}")
        self.until(lambda: self.qmp("query-migrate")["status"] in ("completed", "failed"), "the memory")
        if self.qmp("query-migrate")["status"] != "completed":
            raise GuestError(f"the machine cannot be kept: {self.qmp('query-migrate')}")
        self.qmp("quit")
        assert self._qemu is not None
        self._qemu.wait(60)
        self._qemu = None
        shutil.move(self.disk, kept.disk)
        (kept.folder / "figures.json").write_text(json.dumps(figures))

    def _start(self, more: list[str]) -> None:
        (self.folder / "qmp").unlink(missing_ok=True)
        played = command(self._image, self.folder, disk=self._drive(), ssh_port=self._port)
        if self.log is not None:
            # With merged requests QEMU answered large writes with an error here and the guest saw a broken disk;
            # without, never. Why was not looked into.
            more = [*more, "-global", "virtio-blk-device.request-merging=off"]
        self._qemu = subprocess.Popen(
            [str(part) for part in (*played, *more)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        self.until((self.folder / "qmp").exists, "the machine", 60)

    def _drive(self) -> str:
        disk: dict[str, object] = {"driver": "qcow2", "file": {"driver": "file", "filename": str(self.disk)}}
        if self.log is not None:
            self.log.touch()
            log = {"driver": "file", "filename": str(self.log)}
            disk = {"driver": "blklogwrites", "log-sector-size": 512, "file": disk, "log": log}
        return json.dumps({"node-name": "disk", **disk})

    def cut_power(self) -> None:
        """As when the plug is pulled: nothing is written any more."""
        if self._qemu is not None:
            self._qemu.kill()
            self._qemu.wait()
            self._qemu = None

    def run(self, command: str, *, stdin: bytes | str = b"", timeout_s: float = 180.0) -> str:
        """Run as root in a shell; its standard output.

        Raises:
            GuestError: It failed or took too long.
        """
        try:
            done = subprocess.run(
                [*self._ssh(), command],
                input=stdin.encode() if isinstance(stdin, str) else stdin,
                capture_output=True,
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise GuestError(f"{command!r} did not end within {timeout_s:.0f} s") from error
        if done.returncode == _NO_CONNECTION:
            raise GuestError(f"{command!r}: no connection to the machine\n{self._serial()}")
        if done.returncode != 0:
            raise GuestError(f"{command!r}: {done.stdout.decode()[-2000:]}{done.stderr.decode()[-2000:]}")
        return done.stdout.decode().strip()

    @contextlib.contextmanager
    def following(self, command: str, on_line: Callable[[str], None]) -> Iterator[None]:
        """Meanwhile each line that a command prints is passed on as it comes, on a thread of its own."""
        process = subprocess.Popen(
            [*self._ssh(), command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        lines = process.stdout

        def read() -> None:
            for line in lines:
                on_line(line.strip())

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)
            reader.join(20)
            lines.close()

    def succeeds(self, command: str) -> bool:
        """Whether a command ends with 0."""
        try:
            self.run(command, timeout_s=60)
        except GuestError:
            return False
        return True

    def wait_for(self, command: str, what: str, timeout_s: float = 240.0) -> None:
        """Try a command until it ends with 0.

        Raises:
            GuestError: It never did; with the machine's last words.
        """
        self.until(lambda: self.succeeds(command), what, timeout_s)

    def until(self, holds: Callable[[], bool], what: str, timeout_s: float = 240.0) -> None:
        """Look until something holds.

        Raises:
            GuestError: It never did, or the machine is gone.
        """
        end_s = time.monotonic() + timeout_s
        while not holds():
            if not self.runs:
                raise GuestError(f"the machine ended while waiting for {what}\n{self._serial()}")
            if time.monotonic() > end_s:
                raise GuestError(f"no {what} within {timeout_s:.0f} s\n{self.last_words()}")
            time.sleep(1)

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        self.run(f"cat > {shlex.quote(path)}", stdin=text)

    @contextlib.contextmanager
    def attached(self, disk: Path, name: str) -> Iterator[str]:
        """Another disk, mounted as after a power cut (its journal is replayed); where."""
        self.qmp(
            "blockdev-add",
            **{"driver": "qcow2", "node-name": name, "file": {"driver": "file", "filename": str(disk)}},
        )
        self.qmp("device_add", driver="virtio-blk-pci", drive=name, id=name, serial=name)
        device, mounted = f"/dev/disk/by-id/virtio-{name}", f"/mnt/{name}"
        self.wait_for(f"test -e {device}", f"disk {name}")
        self.run(f"mkdir -p {mounted} && mount {device} {mounted}")
        try:
            yield mounted
        finally:
            self.run(f"umount {mounted}")
            self.qmp("device_del", id=name)
            self.until(lambda: not self.succeeds(f"test -e {device}"), f"removal of disk {name}")
            self.until(lambda: self._lets_go_of(name), f"QEMU's letting go of disk {name}")

    def _lets_go_of(self, disk: str) -> bool:
        """Whether QEMU gives up a disk: it does some time after the guest's kernel has."""
        try:
            self.qmp("blockdev-del", **{"node-name": disk})
        except GuestError:
            return False
        return True

    def last_words(self) -> str:
        """The end of the journal, or of the serial port where that cannot be had."""
        with contextlib.suppress(GuestError):
            return self.run(
                "systemctl --failed --no-legend; journalctl -b -n 60 --no-pager -o cat | cut -c1-300"
            )
        return self._serial()

    def _serial(self) -> str:
        """The end of what came out of the serial port: the kernel's last words, where it fell."""
        log = self.folder / "serial.log"
        return log.read_text(errors="replace")[-5000:] if log.exists() else ""

    def qmp(self, command: str, **arguments: Any) -> Any:
        """One command to QEMU."""
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(str(self.folder / "qmp"))
            with peer.makefile("rw") as lines:
                lines.readline()
                for name, given in (("qmp_capabilities", {}), (command, arguments)):
                    lines.write(json.dumps({"execute": name, "arguments": given}) + "\n")
                    lines.flush()
                    answer = json.loads(lines.readline())
                    while "event" in answer:
                        answer = json.loads(lines.readline())
        if "error" in answer:
            raise GuestError(f"{command}: {answer['error']}")
        return answer["return"]

    def _ssh(self) -> list[str]:
        return [
            "ssh", "-q", "-p", str(self._port), "-i", str(self._image.key), "-o", "StrictHostKeyChecking=no",
            "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=20", "-o", "ControlMaster=auto",
            "-o", f"ControlPath={self.folder}/ssh", "-o", "ControlPersist=600", "-o", "ServerAliveInterval=20",
            "root@127.0.0.1",
        ]  # fmt: skip


def _call(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True)
