import json
from datetime import UTC, datetime
from pathlib import Path

from loyalty.adapters.file_gateway import FileMessageGateway
from loyalty.domain.message import MemberMessage, MessageKind
from loyalty.ports.messages import GatewayOutcome
from runtime.ids import new_id


def message(body: str) -> MemberMessage:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return MemberMessage(
        new_id(), str(new_id()), MessageKind.WELCOME, new_id(), "+33612345678", "fr", body, at
    )


def test_each_message_is_one_line_that_only_the_owner_reads(tmp_path: Path) -> None:
    gateway = FileMessageGateway(tmp_path / "phone")
    for body in ("Bienvenue é", "Deux"):
        assert gateway.send(message(body)).outcome is GatewayOutcome.ACCEPTED
    lines = [json.loads(line) for line in gateway.path.read_text(encoding="utf-8").splitlines()]
    assert [(line["to"], line["body"]) for line in lines] == [
        ("+33612345678", "Bienvenue é"),
        ("+33612345678", "Deux"),
    ]
    assert gateway.path.stat().st_mode & 0o777 == 0o600
    assert gateway.path.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_that_cannot_be_written_is_a_sure_refusal(tmp_path: Path) -> None:
    gateway = FileMessageGateway(tmp_path)
    gateway.path.mkdir()
    assert gateway.send(message("x")).outcome is GatewayOutcome.REFUSED
