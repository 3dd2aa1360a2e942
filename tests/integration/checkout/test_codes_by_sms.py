"""One-time codes on their whole way: events of a kiosk, the SMS as it leaves, and the till page."""

import json
import time
from collections.abc import Callable
from uuid import UUID

import httpx

from loyalty.domain.message import MessageKind
from messaging.events.history_requested import HistoryRequested
from messaging.events.number_typed import NumberTyped
from messaging.events.one_time_code_entered import OneTimeCodeEntered
from messaging.events.one_time_code_requested import OneTimeCodeRequested
from messaging.events.reward_chosen import RewardChosen
from messaging.station.show import CodeSent, History, MemberShown, Noted, Refusal, RewardUsed, Show
from runtime.ids import new_id
from tests.integration.checkout.browser import Browser, run
from tests.integration.checkout.counter import Counter
from tests.patience import PATIENCE_S

CAMILLE, NOBODY = "+33612000001", "+33612999999"


def until(found: Callable[[], str | None]) -> str:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        value = found()
        if value is not None:
            return value
        time.sleep(0.02)
    raise AssertionError("it did not come")


def digits_of_the_sms(counter: Counter) -> str:
    """From what the gateway got; the station keeps them no longer than that."""

    def look() -> str | None:
        path = counter.web.messages_folder / "messages.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        bodies = [line["body"] for line in map(json.loads, lines) if line["kind"] == "one_time_code"]
        return "".join(char for char in bodies[-1] if char.isdigit())[:6] if bodies else None

    return until(look)


class Kiosk:
    """A customer's session at the kiosk of lane 1."""

    def __init__(self, counter: Counter, number: str, sale: UUID) -> None:
        self._counter, self._sale, self._session = counter, sale, new_id()
        assert isinstance(self.say(NumberTyped(phone_number=number, language="fr")), Noted)

    def say(self, body: object) -> Show:
        return self._counter.send(
            self._counter.envelope(body, session=self._session, sale=self._sale)  # type: ignore[arg-type]
        ).show

    def ask(self, purpose: str = "redeem") -> CodeSent:
        shown = self.say(OneTimeCodeRequested.model_validate({"purpose": purpose}))
        assert isinstance(shown, CodeSent)
        return shown

    def enter(self, asked: CodeSent, digits: str) -> Show:
        return self.say(OneTimeCodeEntered(challenge_id=asked.challenge_id, digits=digits))


def test_a_typed_number_redeems_after_a_code(counter: Counter) -> None:
    # rows 169, 207
    kiosk = Kiosk(counter, CAMILLE, counter.sell("Tasse en grès"))
    with counter.database.reading() as unit:
        programme = unit.programme.current()
    assert programme is not None
    reward = RewardChosen(tier_id=programme.tiers[0].id, use=True)
    assert isinstance(kiosk.say(reward), Refusal)
    asked = kiosk.ask()
    assert asked.valid_s == 300
    shown = kiosk.enter(asked, digits_of_the_sms(counter))
    assert isinstance(shown, MemberShown)
    assert shown.points == 34
    assert isinstance(kiosk.say(reward), RewardUsed)
    till = counter.till()
    assert till.sale is not None
    assert till.sale.member is not None
    assert (till.sale.member.trust, till.sale.member.method) == (3, "one_time_code")
    assert isinstance(kiosk.say(HistoryRequested()), Refusal), "the code was for the reward"


def test_a_code_for_the_history_shows_it(counter: Counter) -> None:
    # row 207
    kiosk = Kiosk(counter, CAMILLE, counter.sell("Tasse en grès"))
    assert isinstance(kiosk.enter(kiosk.ask("history"), digits_of_the_sms(counter)), MemberShown)
    assert isinstance(kiosk.say(HistoryRequested()), History)


def test_a_number_that_nobody_bears_is_answered_alike_and_gets_no_sms(counter: Counter) -> None:
    # row 170
    kiosk = Kiosk(counter, NOBODY, counter.sell("Tasse en grès"))
    shown = kiosk.enter(kiosk.ask(), "123456")
    assert isinstance(shown, Refusal)
    assert (shown.why.code, shown.why.params) == ("code_wrong", {"tries_left": 4})
    with counter.database.reading() as unit:
        assert not [m for m in unit.messages.recent(20) if m.kind is MessageKind.ONE_TIME_CODE]


async def press(browser: Browser, path: str, **fields: str) -> httpx.Response:
    return await browser.send_form(f"/till/1/{path}", **fields)


def test_staff_send_a_code_and_type_it(counter: Counter) -> None:
    # rows 169, 207
    sale = counter.sell("Tasse en grès")
    Kiosk(counter, CAMILLE, sale)

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("caisse")
            page = (await browser.get("/till/1")).text
            assert "Envoyer un code par SMS" in page
            assert 'action="/till/1/code/enter"' not in page
            answer = await press(browser, "code", sale=str(sale))
            assert answer.headers["location"] == "/till/1?done=code"
            digits = digits_of_the_sms(counter)
            page = (await browser.get("/till/1?done=code")).text
            assert 'action="/till/1/code/enter"' in page
            assert digits not in page
            refused = await press(browser, "code/enter", sale=str(sale), digits="abc")
            assert refused.headers["x-refused"] == "code_wrong"
            done = await press(browser, "code/enter", sale=str(sale), digits=f"{digits[:3]} {digits[3:]}")
            assert done.headers["location"] == "/till/1?done=proven"
            page = (await browser.get("/till/1")).text
            assert "Code par SMS" in page
            assert "Envoyer un code" not in page

    run(story())


def test_a_proven_member_and_another_browser_are_offered_no_code(counter: Counter) -> None:
    # part of row 211
    sale = counter.sell("Tasse en grès")

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in(lane=2)
            assert (await press(browser, "code", sale=str(sale))).status_code == 403
            assert (await press(browser, "code/enter", sale=str(sale), digits="123456")).status_code == 403
            browser.sign_in()
            assert "Envoyer un code" not in (await browser.get("/till/1")).text
            none = await press(browser, "code", sale=str(sale))
            assert none.headers["x-refused"] == "no_member"

    run(story())
