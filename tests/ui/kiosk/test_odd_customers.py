"""Customers who do not behave: touched twice, typed too fast, walked away, came back, typed what nobody asked for."""

from uuid import UUID

from messaging.local.to_kiosk import CodeRefused, LinkChanged, ResultArrived
from messaging.model import Why
from messaging.station.result import Result
from messaging.station.show import CodeSent, Noted, Refusal
from runtime.ids import new_id
from tests.ui.kiosk.driving import KioskWindow
from tests.ui.kiosk.test_window import enrol, scan
from tools.scenes import NOW, member

NUMBER = "0612345678"


def test_a_button_that_is_touched_twice_does_what_it_says_once(window: KioskWindow) -> None:
    window.touch_twice("Touchez pour commencer")
    assert window.step == "phone"
    window.touch(*NUMBER)
    window.touch_twice("Continuer")
    assert window.step == "consent", "its other half is not for the button that stands there now"
    window.touch("FR")
    window.touch_twice("Français")
    assert window.step == "consent"
    window.touch("Prénom (facultatif)")
    window.touch("J", "O")
    window.touch_twice("Valider")
    assert window.step == "consent"
    window.touch("Je rejoins le programme de fidélité de Maison Lumen")
    window.touch_twice("Valider")
    given = [message for message in window.said if message["kind"] == "said"]
    assert [each["body"]["kind"] for each in given] == ["number_typed", "consent_given"]
    assert (given[1]["body"]["programme"], given[1]["body"]["marketing_sms"]) == (True, False)
    window.store()
    assert window.step == "thanks"


def test_a_second_finger_neither_types_nor_acts_a_second_time(window: KioskWindow) -> None:
    window.touch("Touchez pour commencer")
    window.two_fingers("6", "6")
    window.two_fingers("1", "2")  # whoever types fast has not let go of the key before
    assert "6 12" in " ".join(window.texts)
    window.open()
    enrol(window)
    joins = "Je rejoins le programme de fidélité de Maison Lumen"
    window.two_fingers(joins, joins)
    window.two_fingers("Retour", "Valider")
    assert window.step == "phone", "the first let go went back; the other's button has gone"
    assert [message["body"]["kind"] for message in window.said if message["kind"] == "said"] == [
        "number_typed"
    ]
    window.touch("Continuer")
    window.two_fingers("Valider", "Retour")
    given = [message["body"] for message in window.said if message["kind"] == "said"]
    assert [body["kind"] for body in given] == ["number_typed", "consent_given"]
    assert given[-1]["programme"] is True, "ticked once by two fingers side by side"
    window.store()
    window.two_fingers("Terminer", "Terminer")
    assert window.step == "idle"
    assert [message["kind"] for message in window.said].count("session_closed") == 1


def test_a_keyboard_that_somebody_plugs_in_types_nothing_and_leads_nowhere(window: KioskWindow) -> None:
    window.touch("Touchez pour commencer", "0", "6")
    before = window.texts
    window.type_on_keyboard("12345678")
    assert (window.step, window.texts) == ("phone", before)
    assert [message["kind"] for message in window.said] == ["session_started"]


def test_a_number_typed_as_fast_as_frames_come_is_whole(window: KioskWindow) -> None:
    window.touch("Touchez pour commencer")
    window.touch_fast(*NUMBER, "Continuer")
    assert window.step == "consent"
    assert window.said[-1]["body"]["phone_number"] == "+33612345678"


def test_digits_touched_twice_on_purpose_are_two_digits(window: KioskWindow) -> None:
    window.touch("Touchez pour commencer")
    window.touch("0", "6")
    window.touch_twice("1")
    window.touch_twice("2")
    assert "06 11 22" in " ".join(window.texts)


def test_a_card_that_is_shown_meanwhile_and_a_broker_that_goes_do_not_take_an_enrolment_away(
    window: KioskWindow,
) -> None:
    # part of row 167
    window.touch("Touchez pour commencer", *NUMBER)
    window.tell(LinkChanged(online=False, waiting_events=0))
    window.touch("Continuer", "Je rejoins le programme de fidélité de Maison Lumen")
    window.tell(CodeRefused(reason="not_text", source="scanner"))
    assert window.step == "consent"
    window.tell(LinkChanged(online=True, waiting_events=1))
    window.tell(LinkChanged(online=False, waiting_events=1))
    window.touch("Valider")
    window.store()
    assert window.step == "thanks"
    assert window.faults == []
    window.tell(LinkChanged(online=True, waiting_events=0))


def test_who_leaves_in_the_middle_leaves_nothing_for_the_next(window: KioskWindow) -> None:
    # part of rows 170, 171
    enrol(window)
    first = next(message for message in window.said if message["kind"] == "said")
    window.advance(61)
    assert window.step in ("idle", "sale")
    window.tell(ResultArrived(result=_noted(first["event_id"])))
    assert window.step in ("idle", "sale")
    window.touch("Touchez pour commencer")
    assert "06 12" not in " ".join([*window.texts, *window.hidden_texts])


def test_a_clock_that_jumps_ends_a_session_once_and_the_next_one_has_its_whole_time(
    window: KioskWindow,
) -> None:
    window.touch("Touchez pour commencer", *"0612")
    window.advance(3600)
    assert window.step == "idle"
    ended = [message for message in window.said if message["kind"] == "session_closed"]
    assert [each["reason"] for each in ended] == ["idle"]
    window.touch("Touchez pour commencer")
    window.advance(40)
    assert window.step == "phone"
    assert "Toujours là\u202f?" not in window.texts


def test_a_code_typed_wrong_three_times_is_told_and_another_can_be_asked_for(window: KioskWindow) -> None:
    # part of row 207
    enrol(window)
    window.touch("Valider")
    window.store()
    window.touch("Voir mes points")
    asked = window.said[-1]
    window.answer(asked["event_id"], CodeSent(challenge_id=new_id(), valid_s=300))
    for left in (2, 1, 0):
        window.touch(*"123456", "Continuer")
        entered = window.said[-1]
        assert entered["body"]["kind"] == "one_time_code_entered"
        why = Why(code="code_wrong", params={"tries_left": left}) if left else Why(code="code_locked")
        window.answer(entered["event_id"], Refusal(why=why))
        assert window.step == "code"
        assert window.faults == []
    assert "Renvoyer un code" in window.texts
    window.touch(*"12")
    assert "12" not in "".join(window.texts)


def test_a_scan_of_a_member_twice_in_a_row_greets_once(window: KioskWindow) -> None:
    scan(window, member())
    scan(window, member())
    assert window.step == "welcome"
    assert window.texts.count("240") == 1


def _noted(event_id: str) -> Result:
    return Result(event_id=UUID(event_id), outcome="accepted", at=NOW, show=Noted())
