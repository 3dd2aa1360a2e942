"""The guest's disk: Debian 13 with what ``make install`` needs, made once and kept outside the checkout.

Made as root by mmdebstrap from Debian's packages, then ``make install`` runs in it as on a shop's machine, and the
folder becomes a disk without anything being mounted. The recipe's digest names it: another lock, another package or
another recipe makes another disk.
"""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "comptoir"
ROLES = "station scanner kiosk camera"
_SUITE = "trixie"
DEBIAN = f"http://deb.debian.org/debian/dists/{_SUITE}/InRelease"
"""What the first making asks for first."""

_PACKAGES = (
    "linux-image-amd64", "systemd", "systemd-sysv", "udev", "dbus", "openssh-server", "kmod", "iproute2", "procps",
    "git", "make", "python3", "sudo", "ca-certificates", "mosquitto-clients", "usbutils", "xz-utils", "dmsetup",
)  # fmt: skip
_SIZE = "6G"
_NOT_HERE = (
    "ldconfig.service", "systemd-hwdb-update.service", "systemd-journal-catalog-update.service",
    "systemd-firstboot.service", "apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer",
    "e2scrub_all.timer", "e2scrub_reap.service", "fstrim.timer",
)  # fmt: skip
_RECIPE = ("requirements/camera.txt", "tests/booted/image.py")
_NETWORK = "[Match]\nName=eth*\n[Network]\nDHCP=yes\n"


@dataclass(frozen=True)
class Image:
    """What QEMU starts from; the disk is never written."""

    folder: Path

    @property
    def disk(self) -> Path:
        return self.folder / "disk.qcow2"

    @property
    def kernel(self) -> Path:
        return self.folder / "vmlinuz"

    @property
    def initrd(self) -> Path:
        return self.folder / "initrd"

    @property
    def key(self) -> Path:
        """Opens the guest by SSH; made with the image, good for nothing else."""
        return self.folder / "key"


def wanted() -> Image:
    """The image of this recipe, whether there is one yet or not."""
    digest = hashlib.sha256()
    for name in _RECIPE:
        digest.update((ROOT / name).read_bytes())
    asked = [str(ROOT / "tools" / "setup.sh"), "--packages", *ROLES.split()]
    digest.update(subprocess.run(asked, check=True, capture_output=True).stdout)
    return Image(CACHE / f"guest-{digest.hexdigest()[:16]}")


def image() -> Image:
    """The image of this recipe, made now if there is none. Minutes, and root, when it has to be made."""
    made = wanted()
    if not (made.folder / "READY").exists():
        _make(made)
    return made


def _make(made: Image) -> None:
    for old in CACHE.glob("guest-*"):
        shutil.rmtree(old)
    made.folder.mkdir(parents=True)
    root = made.folder / "root"
    _run(
        "mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", '--aptopt=Acquire::Languages "none"',
        f"--include={','.join(_PACKAGES)}", _SUITE, root,
    )  # fmt: skip
    _install(root)
    _prepare(root, made)
    shutil.copy(next((root / "boot").glob("vmlinuz-*")), made.kernel)
    shutil.copy(next((root / "boot").glob("initrd.img-*")), made.initrd)
    raw = made.folder / "disk.raw"
    _run(
        "mke2fs", "-q", "-t", "ext4", "-L", "root", "-d", root, "-E", "root_owner=0:0,lazy_itable_init=0",
        raw, _SIZE,
    )  # fmt: skip
    _run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, made.disk)
    raw.unlink()
    shutil.rmtree(root)
    (made.folder / "READY").touch()


def _install(root: Path) -> None:
    """``make install`` in the new root, with the host's network; no systemd runs there yet."""
    script = """
set -e
mount -t proc proc $root/proc; mount --rbind /dev $root/dev; mount -t sysfs sys $root/sys
mount -t tmpfs run $root/run; mount -t tmpfs tmp $root/tmp
mkdir -p $root/mnt/checkout; mount --bind $checkout $root/mnt/checkout
cat /etc/resolv.conf > $root/run/resolv.conf; rm -f $root/etc/resolv.conf; cp $root/run/resolv.conf $root/etc/
cp ${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt} $root/run/certificates
inside() {
  env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    PIP_CERT=/run/certificates SSL_CERT_FILE=/run/certificates REQUESTS_CA_BUNDLE=/run/certificates \
    chroot $root "$@"
}
inside make -C /mnt/checkout install "ROLE=$roles"
"""
    _run(
        "unshare", "-m", "--propagation", "private", "bash", "-c", script,
        env={**os.environ, "root": str(root), "checkout": str(ROOT), "roles": ROLES},
    )  # fmt: skip


def _prepare(root: Path, made: Image) -> None:
    """A way in for the tests, an address, and no job left for the first boot that takes minutes there."""
    _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", made.key)
    keys = root / "root" / ".ssh"
    keys.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(made.key.with_suffix(".pub"), keys / "authorized_keys")
    (root / "etc/fstab").write_text("/dev/vda / ext4 defaults,noatime 0 1\n")
    (root / "etc/hostname").write_text("counter\n")
    (root / "etc/systemd/network/80-guest.network").write_text(_NETWORK)
    for unit in _NOT_HERE:
        (root / "etc/systemd/system" / unit).symlink_to("/dev/null")
    for unit in ("systemd-networkd", "ssh"):
        _run("systemctl", f"--root={root}", "--quiet", "enable", unit)
    shutil.rmtree(root / "var/lib/apt/lists")
    shutil.rmtree(root / "var/cache/apt/archives")


def _run(*command: object, env: dict[str, str] | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, env=env, stdin=subprocess.DEVNULL)
