"""Makes the guest a station with one lane, as the operations guide tells, and listens as a register does."""

import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.booted.clone import BROUGHT
from tests.booted.guest import Guest
from tests.booted.image import ROLES, ROOT
from tests.booted.usb import SCANNER, STRANGER

DATABASE = "/var/lib/comptoir/comptoir.db"
OUTBOX = "/var/lib/comptoir-device/outbox.db"
KIOSK_SOCKET = "/run/comptoir-device/kiosk.sock"
UNITS = ("mosquitto", "comptoir-checkout", "comptoir-device")
REGISTER = "s0001.pos-test"
ZOE = "000123458"
"""A member of the demo's shop, with points for rewards."""

_CERTIFICATES = "/etc/comptoir/certificates"
_HEARD = "/run/heard.jsonl"
_LANE = f"""
[device]
name = "s0001.k01"
outbox = "{OUTBOX}"
kiosk_socket = "{KIOSK_SOCKET}"
seal_public_key_file = "$CREDENTIALS_DIRECTORY/identity_seal.pub"
card_verification_keys_file = "$CREDENTIALS_DIRECTORY/identity_cards.pub"

[device.broker]
host = "127.0.0.1"
ca_file = "$CREDENTIALS_DIRECTORY/identity_ca.pem"
certificate_file = "$CREDENTIALS_DIRECTORY/identity_certificate.pem"
key_file = "$CREDENTIALS_DIRECTORY/identity_key.pem"

[[device.scanners]]
name = "scanner"
by_id = "{SCANNER.by_id}"
silence_ms = 5000

[[device.scanners]]
name = "french"
by_id = "{STRANGER.by_id}"
layout = "fr"
silence_ms = 5000
"""
"""The played scanner runs on the guest's own processors, and pauses amid a code where the host takes them away."""


def configuration() -> str:
    """The installed sample of a station, with a register, a lane and its scanners."""
    sample = (ROOT / "systemd" / "configuration" / "station.toml").read_text(encoding="utf-8")
    station = (
        sample.split("[signer]")[0].replace("devices = []", 'devices = ["s0001.k01"]')
        + f'[[broker.pos]]\nname = "{REGISTER}"\nlanes = [1]\n\n[checkout]'
        + sample.split("[checkout]")[1].split("[checkout.pairing]")[0]
    )
    return station.replace(', { address = "@ADDRESS@" }', "") + _LANE


def open_shop(guest: Guest, members: int) -> None:
    """Certificates, configuration, the demo's shop with a crowd, and all services started."""
    for made in (
        'init "Maison Lumen"',
        "broker localhost 127.0.0.1",
        "station s0001.station",
        "device s0001.k01",
        f"pos {REGISTER}",
    ):
        guest.run(f"comptoir certs {made}")
    guest.run(f"cp {_CERTIFICATES}/s0001.station/* /etc/comptoir/station/")
    guest.run(f"cp {_CERTIFICATES}/s0001.k01/* /etc/comptoir/device/")
    guest.write("/etc/comptoir/comptoir.toml", configuration())
    guest.run(
        "install -d -o comptoir-checkout -g comptoir-checkout -m 700 /var/lib/comptoir"
        f" && install -o comptoir-checkout -g comptoir-checkout -m 600 /dev/stdin {DATABASE}",
        stdin=_filled(members),
    )
    guest.run(
        "systemctl --quiet enable --now --no-block comptoir-broker.path comptoir-broker.service mosquitto"
        " comptoir-checkout comptoir-device comptoir.target"
    )


def _filled(members: int) -> bytes:
    """The database of the demo's shop, made on the host, where it takes seconds."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "comptoir.db"
        subprocess.run(
            [sys.executable, "-m", "comptoir", "fill-demo", "--customers", str(members), "--database", f"sqlite:///{made}"],
            cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip
        return made.read_bytes()


def revoke(guest: Guest, name: str) -> None:
    """Write it into the configuration, and wait until the broker has read the access list that comes of it."""
    file = "/etc/comptoir/comptoir.toml"
    guest.run(f"grep -q '^revoked = ' {file} || sed -i 's/^\\[broker\\]$/&\\nrevoked = [\"{name}\"]/' {file}")
    guest.wait_for(f"grep -q {name} /etc/comptoir/broker/acl", "the access list")
    guest.wait_for(
        "sha256sum --status --check /run/comptoir-broker.read && systemctl is-active mosquitto", "the broker"
    )


def wait_until_open(guest: Guest) -> None:
    """Until every unit says that it is ready."""
    every = " && ".join(f"systemctl is-active {unit}" for unit in UNITS)
    guest.wait_for(every, "the services", 900)


def listen(guest: Guest) -> None:
    """Keep what the lane says to its register."""
    files = f"{_CERTIFICATES}/{REGISTER}"
    guest.run(
        f"systemctl --quiet is-active heard || systemd-run --quiet --unit=heard"
        f" -p Restart=always -p RestartSec=1 -p StandardOutput=append:{_HEARD} -p StartLimitIntervalSec=0"
        f" mosquitto_sub -h localhost -p 8883 --cafile {files}/ca.pem --cert {files}/certificate.pem"
        f" --key {files}/key.pem -V 5 -i {REGISTER} -q 1 -c -x 3600"
        " -t comptoir/v1/store/s0001/lane/1/identified"
    )
    guest.wait_for(
        f"journalctl -b -u mosquitto -o cat | grep -q 'as {REGISTER} '", "the register at the broker", 120
    )


def heard(guest: Guest) -> list[dict[str, object]]:
    """Everything the register heard so far."""
    return [json.loads(line) for line in guest.run(f"cat {_HEARD} 2>/dev/null || true").splitlines()]


def ask_database(guest: Guest, query: str, path: str = DATABASE) -> list[list[object]]:
    """Rows of a database in the guest."""
    script = (
        "import json,sqlite3,sys; c=sqlite3.connect(f'file:{sys.argv[1]}?mode=rw',uri=True);"
        "print(json.dumps(c.execute(sys.argv[2]).fetchall(), default=lambda b: b.hex()))"
    )
    told = guest.run(f"python3 -c {shlex.quote(script)} {path} {shlex.quote(query)}")
    return list(json.loads(told))


def install(guest: Guest) -> str:
    """Bring the program of this checkout in, by the way that a shop does; what it said."""
    return guest.run(f"make -C {BROUGHT} install 'ROLE={ROLES}'", timeout_s=900)
