"""The coordinator with everything around it made up, and time in the test's hand."""

import queue
import threading
from datetime import UTC, datetime

import pytest

from codes.signing import CardSigner
from codes.verifying import CardVerifier
from device.counter import Counter
from device.health import HealthBoard, PartState
from device.kiosk_watch import FROZEN_S, KIOSK, KioskWatch
from device.mirror import Mirror
from device.outbox import Outbox
from device.readings import Misread, MisreadReason, Reading
from device.scribe import OUTBOX, Scribe
from device.session_book import HEADLESS_IDLE_S
from device.shown import Shown
from device.station_time import StationTime
from messaging.codec import decode
from messaging.events.envelope import EventEnvelope, open_body
from messaging.events.number_typed import NumberTyped
from messaging.local.from_kiosk import (
    KioskAlive,
    KioskReady,
    PictureTaken,
    Said,
    SessionClosed,
    SessionStarted,
)
from messaging.seal import Opener, Sealer
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from runtime.ids import boot_id, new_id
from tests.fakes.clock import FakeClock

SIGNER = CardSigner(bytes(range(32)))


class FakeUplink:
    """Keeps what was sent."""

    def __init__(self):
        self.sent = queue.Queue()

    def send(self, event):
        self.sent.put(event)


class Bench:
    def __init__(self, path, clock, most_events=100):
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        key = X25519PrivateKey.generate()
        self.opener = Opener(key.private_bytes_raw())
        self.clock, self.path = clock, path
        self.outbox = Outbox(path, most_events)
        self.board, self.uplink, self.told = HealthBoard(), FakeUplink(), queue.Queue()
        self.has_kiosk = True
        self.station_time = StationTime(clock)
        self.shown = Shown(self.outbox, self.station_time, clock, ("scanner",), self._to_kiosk)
        self.shown.on_online(True)
        scribe = Scribe(
            device="s0001.k01",
            sealer=Sealer(key.public_key().public_bytes_raw()),
            outbox=self.outbox,
            uplink=self.uplink,
            clock=clock,
            station_time=self.station_time,
            board=self.board,
        )
        self.mirror = Mirror(True, self._to_kiosk, FakeClock())
        self.counter = Counter(
            scribe=scribe,
            shown=self.shown,
            mirror=self.mirror,
            verifier=CardVerifier([SIGNER.public_key]),
            clock=clock,
            watch=KioskWatch(clock, self.board, is_expected=True),
            to_kiosk=self._to_kiosk,
        )
        self.counter.start()

    def _to_kiosk(self, message):
        self.told.put(message)
        return self.has_kiosk

    def read(self, text, **changes):
        fields = {"symbology": None, "source": "scanner", "reader": "usb", "monotonic_s": 0.0}
        self.counter.on_reading(Reading(text=text, **{**fields, **changes}))

    def say(self, message):
        self.counter.on_kiosk_frame(message.model_dump_json().encode())

    def sent(self):
        """Envelope and body of the next event that went out."""
        envelope = decode(self.uplink.sent.get(timeout=5).payload, EventEnvelope)
        return envelope, open_body(envelope, self.opener)

    def until(self, kind):
        while (message := self.told.get(timeout=5)).kind != kind:
            pass
        return message

    def advance(self, seconds):
        """Let time pass, also for the thread that ends sessions."""
        self.clock.advance(seconds)
        with self.counter._changed:
            self.counter._changed.notify_all()


@pytest.fixture
def make(tmp_path, clock):
    made = []

    def make(**arguments):
        made.append(Bench(tmp_path / "outbox.db", clock, **arguments))
        return made[-1]

    yield make
    for bench in made:
        bench.counter.stop()
        bench.outbox.close()


@pytest.fixture
def bench(make):
    return make()


def sale(state="open", revision=1):
    return SaleShown(sale=new_id(), revision=revision, state=state, currency="EUR")


def test_a_scan_without_a_session_opens_one_and_carries_the_open_sale(bench):
    # X14, row 171
    shown = sale()
    bench.shown.on_sale(shown)
    bench.read("000123456")
    envelope, body = bench.sent()
    assert (body.kind, body.text, body.source, body.reader) == ("code_read", "000123456", "scanner", "usb")
    assert envelope.sale == shown.sale
    assert envelope.session == bench.counter.session
    assert (envelope.boot, envelope.seq) == (boot_id(), 1)
    bench.read("000777777")
    assert bench.sent()[0].session == envelope.session


def test_the_kiosk_hears_of_a_code_before_the_station_can_answer(bench):
    bench.read(SIGNER.static(new_id()))
    noticed = bench.until("code_noticed")
    assert noticed.signature == "good"
    assert noticed.event_id == bench.sent()[0].id


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("000123456", "none"),
        ("https://example.com/?ref=000123456", "none"),
        (CardSigner(bytes(32)).static(new_id()), "bad"),
        ("CM1" + "A" * 140, "bad"),
    ],
)
def test_the_signature_is_judged_at_once_and_the_event_goes_out_all_the_same(bench, text, signature):
    # row 169
    bench.read(text)
    assert bench.until("code_noticed").signature == signature
    assert bench.sent()[1].text == text


def test_a_device_that_knows_no_card_keys_leaves_the_judgement_to_the_station(bench):
    bench.counter._verifier = None
    bench.read(SIGNER.static(new_id()))
    assert bench.until("code_noticed").signature == "none"


def test_no_event_holds_a_field_for_trust(bench):
    # row 169
    bench.read(SIGNER.static(new_id()))
    envelope, body = bench.sent()
    assert "trust" not in envelope.model_dump_json() + body.model_dump_json()


def test_the_same_code_shown_continuously_is_one_event(bench):
    for _ in range(200):
        bench.read("000123456", source="camera", reader="camera")
        bench.clock.advance(0.1)
    bench.sent()
    assert bench.uplink.sent.empty()
    assert bench.outbox.queued == 1


def test_what_lies_on_the_disk_holds_nothing_readable_of_a_customer(bench):
    # row 210
    bench.say(
        Said(
            event_id=new_id(),
            session=new_id(),
            body=NumberTyped(phone_number="+33612345678", language="fr"),
        )
    )
    bench.read("CARD-000123456")
    bench.sent()
    files = list(bench.path.parent.glob("outbox.db*"))
    assert files
    for file in files:
        assert b"612345678" not in file.read_bytes()
        assert b"000123456" not in file.read_bytes()


def test_a_wall_clock_at_1970_is_passed_on_as_uncertain_and_decides_nothing(bench):
    # rows 203, X14
    bench.clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC))
    bench.read("000123456")
    envelope, _ = bench.sent()
    assert not envelope.clock_certain
    assert envelope.wall.year == 1970
    station = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)
    bench.shown.on_result(Result(event_id=envelope.id, outcome="accepted", at=station))
    bench.read("000777777")
    later, _ = bench.sent()
    assert later.clock_certain
    assert later.wall == station
    assert later.seq == 2
    assert later.mono_ms >= envelope.mono_ms


def test_what_the_kiosk_says_is_stored_then_acknowledged_then_sent(bench):
    session, event_id = new_id(), new_id()
    bench.say(SessionStarted(session=session))
    said = Said(
        event_id=event_id, session=session, body=NumberTyped(phone_number="+33612345678", language="fr")
    )
    bench.say(said)
    assert bench.until("event_stored").event_id == event_id
    envelope, body = bench.sent()
    assert (envelope.id, envelope.session, body) == (event_id, session, said.body)
    bench.say(said)
    assert bench.until("event_stored").event_id == event_id
    assert bench.uplink.sent.empty()


def test_a_full_outbox_is_told_at_the_kiosk_and_on_the_health_board_and_nothing_is_lost_silently(make):
    # row 167
    bench = make(most_events=3)
    for number in range(4):
        bench.read(f"M-{number}")
    refused = bench.until("event_not_stored")
    assert refused.reason == "outbox_full"
    assert bench.board.of(OUTBOX).state is PartState.FAILED
    assert bench.board.of(OUTBOX).counters == {"refused": 1}
    bench.outbox.answered([bench.sent()[0].id])
    bench.read("M-9")
    assert bench.board.of(OUTBOX).state is PartState.OK


def test_a_session_closed_by_the_kiosk_ends_at_the_station_if_it_knows_of_it(bench):
    silent, spoken = new_id(), new_id()
    bench.say(SessionStarted(session=silent))
    bench.say(SessionClosed(session=silent, reason="idle"))
    bench.say(SessionStarted(session=spoken))
    bench.read("M-1")
    bench.say(SessionClosed(session=spoken, reason="paid"))
    assert bench.sent()[0].session == spoken
    envelope, body = bench.sent()
    assert (envelope.session, body.kind, body.reason) == (spoken, "session_ended", "paid")
    assert bench.counter.session is None


def test_quiet_ends_a_headless_session(bench):
    bench.read("M-1")
    session = bench.sent()[0].session
    bench.advance(HEADLESS_IDLE_S + 1)
    envelope, body = bench.sent()
    assert (envelope.session, body.reason) == (session, "idle")
    bench.read("M-1")
    assert bench.sent()[0].session != session


@pytest.mark.parametrize(("state", "reason"), [("paid", "paid"), ("voided", "left"), ("open", "left")])
def test_without_a_screen_the_end_of_the_sale_is_the_end_of_the_session(bench, state, reason):
    # row 171
    bench.counter.on_sale(sale())
    bench.read("M-1")
    first = bench.sent()[0].session
    bench.counter.on_sale(sale(state, revision=2))
    envelope, body = bench.sent()
    assert (envelope.session, body.reason) == (first, reason)
    bench.read("M-2")
    assert bench.sent()[0].session != first


def test_with_a_screen_the_sessions_are_the_kiosks(bench):
    bench.counter.on_kiosk_connected()
    bench.counter.on_sale(sale())
    bench.read("M-1")
    session = bench.sent()[0].session
    bench.counter.on_sale(sale("paid", revision=2))
    assert bench.counter.session == session


def test_a_sale_opened_after_the_scan_leaves_the_session_as_it_is(bench):
    bench.read("M-1")
    session = bench.sent()[0].session
    bench.counter.on_sale(sale())
    assert bench.counter.session == session


def test_a_kiosk_that_stops_drawing_is_noticed_and_scans_go_on(bench):
    bench.counter.on_kiosk_connected()
    bench.say(KioskReady(width=800, height=480, driver="kmsdrm", release="1.5.0"))
    assert bench.counter.kiosk_release == "1.5.0"
    assert bench.board.of(KIOSK).state is PartState.OK
    assert bench.board.of(KIOSK).detail == "kmsdrm 800x480"
    changed = threading.Event()
    bench.board.on_change = lambda part, health: health.state is PartState.DEGRADED and changed.set()
    bench.advance(FROZEN_S + 1)
    assert changed.wait(5)
    bench.read("M-1")
    assert bench.sent()[1].text == "M-1"
    bench.say(KioskAlive(frames=5, step="idle"))
    assert bench.board.of(KIOSK).state is PartState.OK
    bench.counter.on_kiosk_gone()
    assert bench.board.of(KIOSK).state is PartState.ABSENT


def test_a_kiosk_that_connects_gets_what_the_station_last_sent(bench):
    shown = sale()
    bench.shown.on_sale(shown)
    while not bench.told.empty():
        bench.told.get()
    bench.counter.on_kiosk_connected()
    assert bench.until("link_changed").online
    assert bench.until("sale_changed").sale == shown


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (MisreadReason.HALF_CODE, "cut_off"),
        (MisreadReason.UNPLUGGED, "cut_off"),
        (MisreadReason.EVENTS_LOST, "cut_off"),
        (MisreadReason.TOO_LONG, "too_long"),
        (MisreadReason.CONTROL_CHARACTERS, "control_characters"),
        (MisreadReason.NOT_UTF8, "not_text"),
    ],
)
def test_what_was_refused_at_a_reader_is_told_at_the_kiosk_and_makes_no_event(bench, reason, told):
    bench.counter.on_reading(Misread(reason, "scanner", "usb", 0.0))
    assert bench.until("code_refused").reason == told
    assert bench.uplink.sent.empty()


def test_noise_makes_no_event(bench):
    bench.read("1")
    bench.read("M-1")
    assert bench.sent()[1].text == "M-1"


@pytest.mark.parametrize(
    "frame", [b"", b"{}", b"\xff\xfe", b'{"kind": "said"}', b'{"kind": "nonsense", "v": 1}']
)
def test_a_bad_message_of_the_kiosk_is_refused_and_changes_nothing(bench, frame):
    bench.counter.on_kiosk_frame(frame)
    bench.read("M-1")
    assert bench.sent()[1].text == "M-1"


def test_a_picture_of_the_screen_goes_to_the_mirror(bench):
    taken = queue.Queue()
    asker = threading.Thread(target=lambda: taken.put(bench.mirror.picture()))
    asker.start()
    request = bench.until("picture_asked").request
    bench.say(PictureTaken(request=request, width=8, height=6, image_base64="aGVq"))
    asker.join()
    assert taken.get().image_base64 == "aGVq"


def test_an_event_made_while_offline_tells_the_kiosk_how_many_wait(bench):
    # row 167
    bench.shown.on_online(False)
    bench.read("M-1")
    while (link := bench.until("link_changed")).waiting_events != 1:
        pass
    assert not link.online
