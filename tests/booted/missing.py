"""What this machine lacks for a booted guest, in words, before anything is tried.

The processor is emulated, so neither KVM nor a quick machine is asked for.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.booted.image import CACHE, DEBIAN, wanted

_ALWAYS = ("qemu-system-x86_64", "qemu-img", "qemu-io", "ssh")
_FOR_THE_DISK = ("mmdebstrap", "mke2fs", "ssh-keygen", "unshare", "chroot")
_FREE_GB = 12


def missing() -> str | None:
    """None where nothing is."""
    programs = list(_ALWAYS)
    if not (is_there := (wanted().folder / "READY").exists()):
        programs += _FOR_THE_DISK
    if absent := [name for name in programs if shutil.which(name) is None]:
        return f"{', '.join(absent)}: not installed (tools/setup.sh machine brings it)"
    if is_there:
        return None
    if os.geteuid() != 0:
        return "root, which makes the guest's disk the first time"
    CACHE.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(CACHE).free < _FREE_GB * 10**9:
        return f"{_FREE_GB} GB of free space in {CACHE} for the guest's disk"
    return None if _debian_answers() else f"a network in which {DEBIAN} answers, for the guest's Debian"


def _debian_answers() -> bool:
    """Asked as mmdebstrap asks: by apt, through the proxy of this machine if it has one."""
    with tempfile.TemporaryDirectory() as folder:
        asked = [
            "/usr/lib/apt/apt-helper", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1",
            "download-file", DEBIAN, str(Path(folder) / "InRelease"),
        ]  # fmt: skip
        try:
            return subprocess.run(asked, capture_output=True, timeout=120, check=False).returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            return False
