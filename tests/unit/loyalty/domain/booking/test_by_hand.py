from datetime import timedelta

import pytest

from loyalty.domain.booking.birthday import Birthday, BirthdayGift, birthday_entry
from loyalty.domain.booking.by_hand import MAX_BY_HAND, Moved, adjust, move_gain, opening_balance
from loyalty.domain.booking.refund import moved_points
from loyalty.domain.ledger import EntryKind, LedgerEntry
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused, WhyCode
from loyalty.errors import InvalidValueError, PermissionDeniedError
from runtime.ids import new_id
from tests.unit.loyalty.domain.booking.account import Account, buy, points_reward, refusal
from tests.unit.loyalty.domain.build import AT, MONTREAL, PARIS, staff

OWNER = staff()


def adjusted(
    account: Account, points: int, reason: str = "Geste", who: StaffMember = OWNER
) -> LedgerEntry | Refused:
    return adjust(account.state, points, reason, staff=who, key=str(new_id()), at=AT)


def test_points_are_added_and_taken_by_hand_with_the_reason_and_who_did_it() -> None:
    # rows 181, 173
    account = Account()
    for points in (10, -4):
        entry = adjusted(account, points, "  Carte\x07 perdue ")
        assert isinstance(entry, LedgerEntry)
        account.book([entry])
        assert entry.staff_id == OWNER.id
        assert entry.why[0].params == {"reason": "Carte perdue"}
    assert account.balance == 6


def test_nobody_takes_more_than_there_is() -> None:
    # row 181, X12: below zero by a refund only
    account = Account()
    buy(account, 3)
    refused = refusal(adjusted(account, -4))
    assert (refused.reason, refused.params["missing"]) == (Refusal.NOT_ENOUGH_POINTS, 1)


@pytest.mark.parametrize("points", [0, MAX_BY_HAND + 1, -MAX_BY_HAND - 1])
def test_a_slip_of_the_keyboard_is_refused(points: int) -> None:
    assert refusal(adjusted(Account(), points)).reason is Refusal.AMOUNT_OUT_OF_RANGE


@pytest.mark.parametrize("reason", ["", "   ", "\x00\u202e"])
def test_a_reason_must_say_something(reason: str) -> None:
    # rows 181, 209
    assert refusal(adjusted(Account(), 5, reason)).reason is Refusal.REASON_MISSING


def test_only_who_may_adjusts_and_moves() -> None:
    # row 181
    cashier = staff(Permission.SELL)
    account = Account()
    buy(account, 5)
    with pytest.raises(PermissionDeniedError):
        adjusted(account, 5, who=cashier)
    with pytest.raises(PermissionDeniedError):
        moved(account, Account("other"), who=cashier)


def moved(
    source: Account, target: Account, which: int = 0, who: StaffMember = OWNER, reason: str = "Mauvais numéro"
) -> Moved | Refused:
    return move_gain(
        source.entries[which], source.entries, target.state, move_id=new_id(), reason=reason, staff=who, at=AT
    )


def test_a_visit_goes_over_as_two_linked_corrections_and_keeps_its_age() -> None:
    # row 199
    wrong, right = Account("wrong"), Account("right")
    expires_at = AT + timedelta(days=300)
    buy(wrong, 8, expires_at=expires_at)
    buy(wrong, 5)
    both = moved(wrong, right)
    assert isinstance(both, Moved)
    wrong.book([both.taken])
    right.book([both.given])
    assert (wrong.balance, right.balance) == (5, 8)
    assert both.taken.source == both.given.source
    assert both.taken.corrects == both.given.corrects == wrong.entries[0].id
    assert (both.given.earned_at, both.given.expires_at) == (AT, expires_at)
    assert moved_points(wrong.entries[0], wrong.entries) == 8


def test_only_what_is_left_of_a_visit_goes_over_and_spent_points_stay_spent() -> None:
    # row 199
    wrong, right = Account("wrong"), Account("right")
    buy(wrong, 8)
    buy(wrong, 0, points_reward(6))
    both = moved(wrong, right)
    assert isinstance(both, Moved)
    assert both.given.points == 2
    wrong.book([both.taken])
    assert refusal(moved(wrong, right)).reason is Refusal.NOT_ENOUGH_POINTS


def test_what_cannot_go_over_is_refused_with_the_reason() -> None:
    wrong, right = Account("wrong"), Account("right")
    buy(wrong, 8)
    buy(wrong, 0, points_reward(6))
    assert refusal(moved(wrong, wrong)).reason is Refusal.SAME_ACCOUNT
    assert refusal(moved(wrong, right, 1)).reason is Refusal.ENTRY_NOT_MOVABLE
    assert refusal(moved(wrong, right, reason=" ")).reason is Refusal.REASON_MISSING


def test_an_opening_balance_is_brought_along_once() -> None:
    # row 184
    account = Account()
    for _ in range(2):
        entry = opening_balance(account.state, 120, "Ancien carnet", at=AT)
        assert isinstance(entry, LedgerEntry)
        account.book([entry])
    assert (account.balance, account.points_of(EntryKind.OPENING)) == (120, [120])
    assert account.entries[0].why[0].code is WhyCode.OPENING_BALANCE
    assert refusal(opening_balance(account.state, 0, "x", at=AT)).reason is Refusal.AMOUNT_OUT_OF_RANGE
    assert refusal(opening_balance(account.state, 5, " ", at=AT)).reason is Refusal.REASON_MISSING


GIFT = BirthdayGift(points=50, days_after=7)
LONG_AGO = AT - timedelta(days=900)


def test_the_gift_is_due_on_the_day_of_the_shop_and_the_days_after() -> None:
    # row 184: 2 March 2026, 10:00 UTC
    due = {day: GIFT.year_due(Birthday(3, day), LONG_AGO, AT, PARIS) for day in (1, 2, 3)}
    assert due == {1: 2026, 2: 2026, 3: None}
    assert GIFT.year_due(Birthday(2, 22), LONG_AGO, AT, PARIS) is None
    midnight = AT.replace(hour=4, minute=59)  # still 1 March in Montréal
    assert GIFT.year_due(Birthday(3, 2), LONG_AGO, midnight, MONTREAL) is None


def test_who_was_born_on_29_february_is_not_forgotten() -> None:
    # row 184
    leap = Birthday(2, 29)
    assert leap.in_year(2028).isoformat() == "2028-02-29"
    assert leap.in_year(2026).isoformat() == "2026-02-28"
    on_the_28th = AT.replace(month=2, day=28)
    assert GIFT.year_due(leap, LONG_AGO, on_the_28th, PARIS) == 2026


def test_a_birthday_at_the_end_of_december_is_still_due_in_january_for_its_own_year() -> None:
    new_year = AT.replace(month=1, day=3)
    assert GIFT.year_due(Birthday(12, 30), LONG_AGO, new_year, PARIS) == 2025


def test_nobody_enrols_for_the_gift_alone() -> None:
    patient = BirthdayGift(points=50, member_for_days=30)
    assert patient.year_due(Birthday(3, 2), AT - timedelta(days=29), AT, PARIS) is None
    assert patient.year_due(Birthday(3, 2), AT - timedelta(days=30), AT, PARIS) == 2026
    assert GIFT.year_due(Birthday(3, 1), AT, AT, PARIS) is None


def test_the_gift_of_a_year_is_given_once() -> None:
    # row 184
    account = Account()
    for _ in range(3):
        account.book([birthday_entry(account.state, GIFT, 2026, at=AT, expires_at=None)])
    account.book([birthday_entry(account.state, GIFT, 2027, at=AT, expires_at=None)])
    assert account.points_of(EntryKind.BONUS) == [50, 50]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Birthday(2, 30),
        lambda: Birthday(13, 1),
        lambda: Birthday(2, 29, 2023),
        lambda: BirthdayGift(0),
        lambda: BirthdayGift(5, -1),
        lambda: BirthdayGift(5, 61),
    ],
)
def test_a_birthday_or_gift_that_cannot_be_is_refused(make: object) -> None:
    with pytest.raises(InvalidValueError):
        make()  # type: ignore[operator]
