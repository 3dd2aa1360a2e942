from datetime import UTC, datetime, timedelta
from uuid import UUID

from loyalty.domain.contact.one_time_code import MAX_TRIES, OneTimeCode, digest_of, try_code
from loyalty.domain.why import Refusal, Refused
from runtime.ids import new_id

KEY = b"the station's key"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SESSION = new_id()
ACTION = "redeem:sale-1"


def sent(digits: str = "042137") -> OneTimeCode:
    code_id = new_id()
    return OneTimeCode(code_id, SESSION, ACTION, digest_of(KEY, code_id, SESSION, ACTION, digits), NOW)


def attempt(
    code: OneTimeCode,
    digits: str,
    *,
    session: UUID = SESSION,
    action: str = ACTION,
    after: timedelta = timedelta(seconds=30),
) -> tuple[OneTimeCode, Refused | None]:
    return try_code(code, digits, key=KEY, session_id=session, action=action, now=NOW + after)


def test_the_right_digits_work_once() -> None:
    # row 207
    code, refused = attempt(sent(), "042137")
    assert refused is None
    assert code.used_at is not None
    _, again = attempt(code, "042137")
    assert again is not None
    assert again.reason is Refusal.CODE_USED


def test_after_five_wrong_tries_the_right_digits_do_not_work_either() -> None:
    # row 207
    code = sent()
    left = []
    for _ in range(MAX_TRIES):
        code, refused = attempt(code, "000000")
        assert refused is not None
        left.append(refused.params["tries_left"])
    assert left == [4, 3, 2, 1, 0]
    _, refused = attempt(code, "042137")
    assert refused is not None
    assert refused.reason is Refusal.CODE_LOCKED


def test_the_fifth_try_may_still_be_the_right_one() -> None:
    code = sent()
    for _ in range(MAX_TRIES - 1):
        code, _ = attempt(code, "000000")
    assert attempt(code, "042137")[1] is None


def test_after_five_minutes_it_is_over_and_before_it_was_sent_it_is_not_yet() -> None:
    # row 207
    assert attempt(sent(), "042137", after=timedelta(minutes=5, seconds=-1))[1] is None
    for after in (timedelta(minutes=5), timedelta(seconds=-1)):
        refused = attempt(sent(), "042137", after=after)[1]
        assert refused is not None
        assert refused.reason is Refusal.CODE_EXPIRED


def test_a_code_of_another_session_or_for_something_else_is_refused_and_costs_a_try() -> None:
    # row 207
    for session, action in ((new_id(), ACTION), (SESSION, "change_phone:x")):
        code, refused = attempt(sent(), "042137", session=session, action=action)
        assert refused is not None
        assert refused.reason is Refusal.CODE_FOR_ANOTHER_ACTION
        assert (code.tries, code.used_at) == (1, None)


def test_the_digest_tells_nothing_without_the_key() -> None:
    code = sent()
    assert digest_of(b"another key", code.id, SESSION, ACTION, "042137") != code.digest
