"""Makes the guest's lane a device that updates itself, as the operations guide tells, and publishes releases for it."""

import io
import random
import tarfile
from pathlib import Path
from typing import Any

from fleet.documents.release import Health, Needs
from runtime.clock import SystemClock
from tests.booted.clone import INSIDE
from tests.booted.guest import Guest
from tests.booted.shop import configuration
from tests.fakes.fleet import ReleaseDesk, make_wheel, source_wheel

ROOT = "/var/lib/comptoir-fleet"
LAUNCHER = "/opt/comptoir-launcher/comptoir-launcher"
CONFIGURATION = "/etc/comptoir/comptoir.toml"
_REPOSITORY = "/srv/comptoir"
_PROGRAM = Path("/opt/comptoir")
_PYTHON = "3.13"
_HEALTH = Health(settle_s=2, timeout_s=900, checks=("process", "broker", "outbox", "scan"))
_BALLAST_BYTES = 8_000_000
_FLEET = f"""
[fleet]
name = "s0001.k01"
server = "http://127.0.0.1:8000"
root = "{ROOT}"
poll_every_s = 5
turn_s = 1
restart_command = ["touch", "/run/comptoir-fleet/switched"]
"""
_SET_UP = f"""
set -e
cd /opt/comptoir/systemd
install -D -m 755 -t /opt/comptoir-launcher launcher/comptoir-launcher /opt/comptoir/.venv/bin/uv
install -m 644 -t /etc/systemd/system fleet/comptoir-fleet.service fleet/comptoir-switch.path
install -m 644 -t /etc/systemd/system fleet/comptoir-switch.service
install -D -m 644 fleet/sysusers.conf /etc/sysusers.d/comptoir-fleet.conf
systemd-sysusers
install -D -m 644 fleet/device.conf /etc/systemd/system/comptoir-device.service.d/fleet.conf
install -d /etc/comptoir/fleet
cp /etc/comptoir/certificates/s0001.k01-fleet/* /etc/comptoir/fleet/
cp {_REPOSITORY}/metadata/1.root.json /etc/comptoir/fleet/root.json
"""
_START = f"""
set -e
chown -R comptoir-fleet: {ROOT}
systemctl daemon-reload
systemctl --quiet enable --now comptoir-fleet comptoir-switch.path
systemctl restart comptoir-device
"""


class Releases:
    """A release desk on the host whose files the guest serves to its own lane.

    A release runs the program that is installed in the guest, through an environment of its own that ``uv`` makes
    there, and carries a wheel of noise so that there is something to fetch.

    Args:
        guest: An open station with a lane.
        folder: For keys and files.
    """

    def __init__(self, guest: Guest, folder: Path) -> None:
        self._guest = guest
        self._folder = folder
        self._sent: set[str] = set()
        self._desk = ReleaseDesk(folder / "desk", SystemClock(), machine=("x86_64", _PYTHON))

    def publish(self, release: str, *, broken: bool = False) -> None:
        """Build, sign and publish it; ``broken``: its agent ends at once."""
        wheels = self._folder / f"wheels-{release}"
        extra = "import os, sys\nif 'agent' in sys.argv: os._exit(3)\n" if broken else ""
        source_wheel(wheels, release, extra=extra, program=_PROGRAM, python=_PYTHON)
        noise = random.Random(release).randbytes(_BALLAST_BYTES // 2).hex()
        make_wheel(wheels, "ballast", release, {"ballast.txt": noise})
        self._desk.release(release, wheels=wheels, health=_HEALTH, needs=Needs(free_mb=1))

    def roll_out(self, release: str | None, *, base: str | None = None) -> None:
        """Let the lane run it, at once; the files are then in the guest."""
        more: dict[str, Any] = {} if base is None else {"base": base}
        self._desk.roll_out(release, **more)
        packed = io.BytesIO()
        repository = self._desk.repository.folder
        with tarfile.open(fileobj=packed, mode="w") as tar:
            for file in sorted(repository.rglob("*")):
                name = str(file.relative_to(repository))
                # Beside the metadata all files are named by their digest and never change.
                if file.is_file() and (name not in self._sent or name.startswith("metadata/")):
                    tar.add(file, name)
                    self._sent.add(name)
        self._guest.run(
            f"mkdir -p {_REPOSITORY} && tar -x --no-same-owner --no-same-permissions -C {_REPOSITORY}"
            f" && chmod -R a+rX {_REPOSITORY} && sync",
            stdin=packed.getvalue(),
            timeout_s=600,
        )

    def install_first(self) -> None:
        """The lane's device process and its agent run from the release that is rolled out."""
        guest = self._guest
        guest.run("comptoir certs device s0001.k01-fleet")
        guest.run(_SET_UP)
        self.serve()
        device = '[device]\nagent_socket = "/run/comptoir-device/agent.sock"\n'
        guest.write(CONFIGURATION, configuration().replace("[device]\n", device) + _FLEET)
        guest.run("comptoir fleet install-first", timeout_s=900)
        guest.run(_START, timeout_s=900)

    def serve(self) -> None:
        """Until the machine ends."""
        self._guest.run(f"systemd-run --quiet --unit=web python3 {INSIDE}/slow_web.py {_REPOSITORY} 8000")


def phase(guest: Guest, root: str, release: str) -> str:
    """How far the update to a release has come on a disk: what lies there, not what anybody says."""
    return guest.run(look_script(root, release))


def look_script(root: str, release: str) -> str:
    """Prints that phase, in the guest; nothing but the shell, whose every other program costs time there."""
    return f"""
cd {root} || exit 1
set -- blobs/*.part
if [ current -ef releases/{release} ]; then echo commit
elif [ -L trial ] && [ -s tries ]; then echo trial
elif [ -L trial ]; then echo arm
elif [ -e releases/{release}.tmp ] || [ -e releases/{release} ]; then echo install
elif [ -e "$1" ]; then echo download
else echo before; fi
"""


def running(guest: Guest, root: str = ROOT) -> str:
    """Which release's program starts from that disk by the launcher: started for real, with its configuration."""
    told = guest.run(f"sh -x {LAUNCHER} {root} check-config --config {CONFIGURATION} 2>&1", timeout_s=300)
    started = [line for line in told.splitlines() if line.startswith("+ exec ")]
    return started[-1].split("/releases/")[1].split("/")[0]
