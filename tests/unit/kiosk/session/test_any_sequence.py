"""Whatever is touched and told in whatever order: nothing breaks, and nothing personal outlives quiet."""

from collections.abc import Callable
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.session import Session, Step
from kiosk.session.view import CodeEntry, Consent
from messaging.local.from_kiosk import FROM_KIOSK, FromKiosk, Said
from messaging.local.to_kiosk import (
    CodeNoticed,
    CodeRefused,
    EventNotStored,
    EventStored,
    LinkChanged,
)
from messaging.model import Why
from messaging.station.show import (
    CodeSent,
    History,
    ItemAdded,
    Noted,
    NotRecognised,
    NumberChanged,
    Recognised,
    Refusal,
)
from tests.fakes.clock import FakeClock
from tools.scenes import CHALLENGE, ENTRIES, SCAN_EVENT, SCAN_SESSION, TIERS, Actor, member, sale, used

OTHER = UUID("0192f3c0-0000-7000-8000-0000000000ab")

Play = Callable[[Actor, FakeClock], None]


def _last(actor: Actor) -> UUID:
    said = [message for message in actor.said if isinstance(message, Said)]
    return said[-1].event_id if said else uuid4()


_TOUCHES = (
    "anywhere", "extend", "enter_number", "show_card", "open_languages", "close_languages", "erase_digit",
    "submit_number", "toggle_programme", "toggle_marketing", "edit_name", "erase_letter", "keep_name",
    "submit_consent", "more_rewards", "show_sale", "show_member", "back", "finish", "see_points", "open_account",
    "show_history", "more_history", "change_number", "submit_code", "resend_code", "open_countries",
    "show_privacy",
)  # fmt: skip
_SHOWS = (
    Noted(), member(), member(count=5, points=5000), Recognised(), NotRecognised(why=Why(code="unknown_code")),
    ItemAdded(name="Pain"), used(member()), Refusal(why=Why(code="sale_closed")),
    CodeSent(challenge_id=CHALLENGE, valid_s=300), History(entries=ENTRIES), NumberChanged(),
    Refusal(why=Why(code="trust_too_low")), Refusal(why=Why(code="code_wrong", params={"tries_left": 2})),
)  # fmt: skip


def _touch(name: str) -> Play:
    return lambda actor, _: getattr(actor.touch, name)()


def _number(actor: Actor, _: FakeClock) -> None:
    actor.type("0612345678")


def _answer(number: int, *, to_scan: bool) -> Play:
    return lambda actor, _: actor.answer(SCAN_EVENT if to_scan else _last(actor), _SHOWS[number])


def _notice(signature: str, session: UUID) -> Play:
    def play(actor: Actor, _: FakeClock) -> None:
        actor.tell(
            CodeNoticed.model_validate(
                {"event_id": SCAN_EVENT, "session": session, "source": "camera", "signature": signature}
            )
        )

    return play


def _tick(seconds: float) -> Play:
    def play(actor: Actor, clock: FakeClock) -> None:
        clock.advance(seconds)
        actor.session.tick()

    return play


def _sale(revision: int, state: str, sale_id: UUID) -> Play:
    return lambda actor, _: actor.tell(sale(revision, state=state, sale=sale_id))


PLAYS = st.one_of(
    st.sampled_from([_touch(name) for name in _TOUCHES]),
    st.just(_number),
    st.text(max_size=2).map(lambda text: lambda actor, _: actor.touch.digit(text)),
    st.text(max_size=2).map(lambda text: lambda actor, _: actor.touch.letter(text)),
    st.sampled_from(["fr", "en", "de", ""]).map(lambda code: lambda actor, _: actor.touch.choose_language(code)),
    st.sampled_from(["BE", "US", "XX"]).map(lambda code: lambda actor, _: actor.touch.choose_country(code)),
    st.integers(-20, 20).map(lambda pages: lambda actor, _: actor.touch.turn_countries(pages)),
    st.tuples(st.sampled_from(TIERS[:4]), st.booleans()).map(
        lambda pair: lambda actor, _: actor.touch.use_reward(pair[0], use=pair[1])
    ),
    st.builds(_answer, st.integers(0, len(_SHOWS) - 1), to_scan=st.booleans()),
    st.builds(_notice, st.sampled_from(["good", "bad", "none"]), st.sampled_from([SCAN_SESSION, OTHER])),
    st.builds(_sale, st.integers(1, 30), st.sampled_from(["open", "paid", "voided", "none"]), st.sampled_from([SCAN_SESSION, OTHER])),
    st.booleans().map(lambda on: lambda actor, _: actor.tell(LinkChanged(online=on, waiting_events=0))),
    st.booleans().map(lambda on: lambda actor, _: actor.session.linked(on)),
    st.just(lambda actor, _: actor.tell(EventStored(event_id=_last(actor)))),
    st.just(lambda actor, _: actor.tell(EventNotStored(event_id=_last(actor), reason="full"))),
    st.just(lambda actor, _: actor.tell(CodeRefused(reason="not_text", source="camera"))),
    st.booleans().map(lambda on: lambda actor, _: actor.open(programme_active=on)),
    st.floats(0.1, 30).map(_tick),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PLAYS, max_size=40))
def test_any_sequence_ends_at_home_with_nothing_personal(plays: list[Play]) -> None:
    # rows 170, 171
    clock = FakeClock()
    said: list[FromKiosk] = []
    session = Session(clock, said.append)
    actor = Actor(session, said)
    actor.open()
    for play in plays:
        play(actor, clock)
        assert session.view.step in Step

    session.linked(True)
    for _ in range(400):
        clock.advance(0.25)
        session.tick()

    view = session.view
    assert view.step in (Step.IDLE, Step.SALE)
    assert not view.in_session
    assert view.language == "fr"
    assert view.phone.digits == ""
    assert view.consent == Consent()
    assert (view.code, view.history) == (CodeEntry(), ())
    assert view.phone.region == "FR"
    assert (view.member, view.paid, view.notice, view.why, view.warning_s) == (None, None, None, None, None)
    for message in said:
        assert FROM_KIOSK.validate_json(message.model_dump_json()) == message
