"""A shop with sales, a file, a waiting message and an erased person, and its machine's configuration."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pyrage

from checkout.configuration import CheckoutSettings
from loyalty.domain.message import MemberMessage, MessageKind, MessageState
from loyalty.services.ledger_check import verify_ledger
from runtime.config import load_section
from runtime.ids import new_id
from tests.integration.checkout.counter import CARD_KEY, SEAL_KEY, Counter

COMPTOIR = (sys.executable, "-m", "comptoir")


@dataclass(frozen=True)
class Machine:
    """One machine's folder."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "comptoir.toml"

    @property
    def database(self) -> Path:
        return self.folder / "comptoir.db"

    @property
    def settings(self) -> CheckoutSettings:
        return load_section(self.config, "checkout", CheckoutSettings)

    def tree(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}

    def run(self, *words: str, code: str | None = None) -> "subprocess.CompletedProcess[str]":
        program = (sys.executable, "-c", code) if code is not None else COMPTOIR
        return subprocess.run(
            [*program, *words, "--config", str(self.config)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        )


def write_config(folder: Path, disk: Path, recipient: str, url: str | None = None) -> Machine:
    """The configuration of a machine whose data all lie in ``folder``."""
    folder.mkdir(exist_ok=True)
    machine = Machine(folder)
    paths = {name: json.dumps(str(folder / name)) for name in ("seal.key", "cards.key", "messages", "x.pem")}
    machine.config.write_text(
        f"""
[checkout]
store = "s0001"
database_url = {json.dumps(url or f"sqlite:///{machine.database}")}
seal_key_file = {paths["seal.key"]}
card_signing_key_file = {paths["cards.key"]}
messages_folder = {paths["messages"]}

[checkout.backup]
folder = {json.dumps(str(disk))}
recipient = "{recipient}"
keep = 2

[checkout.broker]
ca_file = {paths["x.pem"]}
certificate_file = {paths["x.pem"]}
key_file = {paths["x.pem"]}
"""
    )
    return machine


def write_keys(machine: Machine) -> None:
    (machine.folder / "seal.key").write_bytes(base64.b64encode(SEAL_KEY))
    (machine.folder / "cards.key").write_bytes(base64.b64encode(CARD_KEY))


def new_key(path: Path) -> str:
    identity = pyrage.x25519.Identity.generate()
    path.write_text(f"# a key\n{identity}\n")
    return str(identity.to_public())


def queue_message(counter: Counter) -> MemberMessage:
    message = MemberMessage(
        id=new_id(),
        event_key=f"test:{new_id()}",
        customer_id=counter.customer_id("Camille"),
        kind=MessageKind.RECEIPT,
        to="camille@example.org",
        language="fr",
        body="Bonjour",
        queued_at=counter.clock.now(),
        state=MessageState.QUEUED,
    )
    with counter.database.unit_of_work() as unit:
        unit.messages.queue(message)
        unit.commit()
    return message


def ledger_of(counter: Counter) -> tuple[int, int, int]:
    with counter.database.reading() as unit:
        report = verify_ledger(unit)
    return report.accounts, report.entries, len(report.faults)
