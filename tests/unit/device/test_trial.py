"""The device's part of a release's trial: a code is drawn, read by the real decoder, sent, and must be answered."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from device.agent_answers import AgentAnswers
from device.agent_door import AgentDoor
from device.errors import AgentDoorError
from device.health import HealthBoard, PartState
from device.trial import TrialScan
from fleet.agent.counter_socket import CounterSocket
from messaging.events.trial_scanned import TrialScanned
from messaging.local.for_agent import CertificateGiven
from messaging.model import Why
from messaging.station.result import Result
from runtime.clock import SystemClock


class Scribe:
    """Stores nothing; the station answers as the test says."""

    def __init__(self, outcome: str = "accepted", recorded: str = "stored") -> None:
        self.bodies: list[TrialScanned] = []
        self.answer: Callable[[UUID], None] = lambda _id: None
        self.outcome, self.recorded = outcome, recorded

    def record(self, event_id: UUID, body: TrialScanned, _session: UUID, _sale: None) -> str:
        self.bodies.append(body)
        if self.recorded == "stored":
            threading.Thread(target=self.answer, args=(event_id,), daemon=True).start()
        return self.recorded


def trial(scribe: Scribe, why: str | None = None) -> TrialScan:
    made = TrialScan(scribe, SystemClock())  # type: ignore[arg-type]

    def answer(event_id: UUID) -> None:
        result = Result(
            event_id=event_id,
            outcome=scribe.outcome,  # type: ignore[arg-type]
            why=Why(code=why) if why else None,
            at=datetime(2026, 3, 2, tzinfo=UTC),
        )
        assert made.on_result(result)

    scribe.answer = answer
    return made


def test_what_the_decoder_read_is_sent_and_the_answer_makes_it_good() -> None:
    scribe = Scribe()

    answered = trial(scribe).run()

    assert answered.state == "ok"
    assert scribe.bodies[0].text.startswith("TRIAL-")


def test_a_refusal_and_a_full_outbox_are_failures_with_their_reason() -> None:
    refused = trial(Scribe("refused"), "lane_unknown").run()
    full = trial(Scribe(recorded="outbox_full")).run()

    assert (refused.state, refused.detail) == ("failed", "the station refused it: lane_unknown")
    assert (full.state, full.detail) == ("failed", "the event was not stored: outbox_full")


def test_a_station_that_says_nothing_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.trial._ANSWERED_WITHIN_S", 0.05)
    scribe = Scribe()
    made = trial(scribe)
    scribe.answer = lambda _id: None

    assert made.run().detail == "the station did not answer"


def test_a_decoder_that_reads_nothing_fails_the_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.trial._decoded", lambda _text: None)

    assert trial(Scribe()).run().state == "failed"


def test_a_result_for_another_event_is_not_ours() -> None:
    result = Result(event_id=UUID(int=5), outcome="accepted", at=datetime(2026, 3, 2, tzinfo=UTC))

    assert not trial(Scribe()).on_result(result)


class Told:
    """What the answers look at: link, session, sale."""

    is_online = True
    open_sale: Any = None
    session: Any = None
    kiosk_release = "1.0.1"


@pytest.fixture
def told() -> Told:
    return Told()


def answers(told: Told, board: HealthBoard, *, has_screen: bool = True) -> AgentAnswers:
    return AgentAnswers(
        board,
        told,
        told,
        trial(Scribe()),
        has_screen=has_screen,
        name="s0001.k01",
        release="1.0.2",  # type: ignore[arg-type]
    )


def test_each_check_fails_alone(told: Told) -> None:
    board = HealthBoard()
    made = answers(told, board)
    assert made.answer("process").state == "ok"
    assert made.answer("broker").state == "ok"
    assert made.answer("screen").state == "failed"
    board.report("kiosk", PartState.OK)
    assert made.answer("screen").state == "ok"
    board.report("outbox", PartState.FAILED, "disk full")
    assert made.answer("outbox").detail == "failed: disk full"
    told.is_online = False
    assert made.answer("broker").state == "failed"


def test_a_scanner_without_a_screen_has_none_to_draw(told: Told) -> None:
    assert answers(told, HealthBoard(), has_screen=False).answer("screen").state == "absent"


def test_nobody_is_served_only_without_session_and_sale(told: Told) -> None:
    made = answers(told, HealthBoard())
    assert made.answer("quiet").state == "ok"
    told.session = UUID(int=1)
    assert made.answer("quiet").state == "failed"
    told.session, told.open_sale = None, UUID(int=2)
    assert made.answer("quiet").state == "failed"


def test_each_answer_names_the_release_of_the_process_it_is_about(told: Told) -> None:
    board = HealthBoard()
    board.report("kiosk", PartState.OK)

    assert answers(told, board).answer("process").release == "1.0.2"
    assert answers(told, board).answer("scan").release == "1.0.2"
    assert answers(told, board).answer("screen").release == "1.0.1"
    assert answers(told, board, has_screen=False).answer("screen").release == "1.0.2"


def test_the_agent_asks_at_the_door(tmp_path: Path, told: Told) -> None:
    path = tmp_path / "agent.sock"
    door = AgentDoor(
        path, answers(told, HealthBoard()).answer, lambda _wanted: CertificateGiven(refused="none")
    )
    door.start()
    agent = CounterSocket(path)
    try:
        assert (agent.check("scan").state, agent.check("scan").release) == ("ok", "1.0.2")
        assert agent.check("screen").state == "failed"
        assert agent.is_quiet()
        assert path.stat().st_mode & 0o007 == 0
    finally:
        door.stop()
    gone = agent.check("process")
    assert (gone.state, gone.release) == ("failed", None)
    assert agent.is_quiet()


def test_a_door_that_cannot_open_says_where(tmp_path: Path) -> None:
    with pytest.raises(AgentDoorError, match="cannot listen"):
        AgentDoor(tmp_path / ("x" * 200), lambda _ask: None, lambda _wanted: None).start()  # type: ignore[arg-type, return-value]
