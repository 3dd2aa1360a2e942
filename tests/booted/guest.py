"""One booted machine: started, spoken to over SSH and QMP, cut off from power."""

import contextlib
import json
import os
import shlex
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from comptoir.demo.workplace import free_port
from tests.booted.image import ROOT, Image

BOOT_S = 900.0
_SHARE = "/mnt/checkout"


class GuestError(AssertionError):
    """A command in the guest failed, or a condition did not come."""


class Guest:
    """A machine under QEMU whose disk is an overlay of the image's.

    Args:
        image: What it starts from.
        folder: For its disk, sockets and the log of its serial port.
    """

    def __init__(self, image: Image, folder: Path) -> None:
        self._image = image
        self.folder = folder
        self.disk = folder / "disk.qcow2"
        self._port = free_port()
        self._qemu: subprocess.Popen[bytes] | None = None
        _call("qemu-img", "create", "-q", "-f", "qcow2", "-b", image.disk, "-F", "qcow2", self.disk)

    def power_on(self) -> float:
        """Start and wait until systemd has started everything; the seconds it took."""
        started_s = time.monotonic()
        accel = ["-accel", "tcg,thread=multi,tb-size=512", "-cpu", "Nehalem"]
        if os.environ.get("COMPTOIR_GUEST_KVM"):
            accel = ["-accel", "kvm", "-cpu", "host"]
        (self.folder / "qmp").unlink(missing_ok=True)
        self._qemu = subprocess.Popen(
            [
                "qemu-system-x86_64", *accel, "-smp", "2", "-m", "2048", "-machine", "pc,i8042=off", "-nodefaults",
                "-display", "none", "-no-reboot", "-kernel", self._image.kernel, "-initrd", self._image.initrd,
                "-append", "root=/dev/vda rw console=ttyS0 quiet net.ifnames=0",
                "-serial", f"file:{self.folder / 'serial.log'}", "-device", "virtio-gpu-pci",
                "-drive", f"file={self.disk},if=virtio,format=qcow2",
                "-netdev", f"user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:{self._port}-:22",
                "-device", "virtio-net-pci,netdev=n0", "-device", "virtio-rng-pci", "-device", "qemu-xhci,id=xhci",
                "-virtfs", f"local,path={ROOT},mount_tag=checkout,security_model=none,readonly=on",
                "-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self.wait_for("systemctl is-system-running | grep -E 'running|degraded'", "the boot", BOOT_S)
        self.run(
            f"mkdir -p {_SHARE} && mount -t 9p -o trans=virtio,version=9p2000.L,ro checkout {_SHARE}"
            f" && date -s @{time.time():.3f}"
        )
        return time.monotonic() - started_s

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
        if done.returncode != 0:
            raise GuestError(f"{command!r}: {done.stdout.decode()[-2000:]}{done.stderr.decode()[-2000:]}")
        return done.stdout.decode().strip()

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
            if self._qemu is None or self._qemu.poll() is not None:
                raise GuestError(f"the machine ended while waiting for {what}")
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
            self.qmp("blockdev-del", **{"node-name": name})

    def last_words(self) -> str:
        """The end of the journal, or of the serial port where that cannot be had."""
        with contextlib.suppress(GuestError):
            return self.run(
                "systemctl --failed --no-legend; journalctl -b -n 60 --no-pager -o cat | cut -c1-300"
            )
        return (self.folder / "serial.log").read_text(errors="replace")[-2000:]

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
