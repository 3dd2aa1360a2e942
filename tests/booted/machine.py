"""Which machine QEMU plays: what is kept of one goes on in the same one only, so this file names what is kept."""

import os
from pathlib import Path

from tests.booted.image import Image


def command(image: Image, folder: Path, *, disk: str, ssh_port: int) -> list[object]:
    """QEMU's command line; its sockets and logs go to ``folder``.

    Args:
        image: Kernel and initial file system.
        folder: The run's own.
        disk: A ``-blockdev`` whose node is called ``disk``.
        ssh_port: On the host's loopback, leads to the guest's SSH.
    """
    accel = ["-accel", "tcg,thread=multi,tb-size=512", "-cpu", "Nehalem"]
    if os.environ.get("COMPTOIR_GUEST_KVM"):
        accel = ["-accel", "kvm", "-cpu", "host"]
    # The kernel does without CMPXCHG16B: QEMU before 8.0 leaves random flags after it, and an interrupt in the next
    # moment takes them for the processor's state. Linux allocates memory with it, and a guest fell so (EFLAGS
    # 85865742 in its words). Programs still see it, since numpy insists on it; hardly one uses it.
    return [
        "qemu-system-x86_64", *accel, "-smp", "2", "-m", "2048", "-machine", "pc,i8042=off", "-nodefaults",
        "-display", "none", "-no-reboot", "-kernel", image.kernel, "-initrd", image.initrd,
        "-append", "root=/dev/vda rw console=ttyS0 quiet net.ifnames=0 panic=1 clearcpuid=cx16",
        "-serial", f"file:{folder / 'serial.log'}", "-device", "virtio-gpu-pci",
        "-blockdev", disk, "-device", "virtio-blk-pci,drive=disk",
        "-netdev", f"user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:{ssh_port}-:22",
        "-device", "virtio-net-pci,netdev=n0", "-device", "virtio-rng-pci", "-device", "qemu-xhci,id=xhci",
        "-qmp", f"unix:{folder / 'qmp'},server=on,wait=off",
    ]  # fmt: skip
