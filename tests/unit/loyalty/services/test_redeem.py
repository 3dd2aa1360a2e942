from dataclasses import replace
from uuid import UUID

import pytest

from loyalty.domain.identification import Evidence
from loyalty.domain.sale import Sale
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError
from loyalty.services.attach import Identified
from loyalty.services.basket import add_item, hold_sale
from loyalty.services.identify import identify_by_number, read_code
from loyalty.services.quote import quote_sale
from loyalty.services.redeem import choose_reward, redeem_by_staff, remove_reward
from runtime.ids import new_id
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, ZOE, Counter, evidence


def tier(shop: Counter, points: int) -> UUID:
    programme = shop.uow.programme.current()
    assert programme is not None
    return next(tier.id for tier in programme.tiers if tier.points == points)


def scanned(shop: Counter, number: str, *items: str) -> tuple[Sale, Evidence]:
    """A sale with the items and the member's card scanned; the header of the member's session."""
    sale = shop.sale(*items)
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(number).id), "QRCode")
    return sale, header


def reason(answer: Sale | Refused) -> Refusal | None:
    return answer.reason if isinstance(answer, Refused) else None


def test_the_member_uses_a_reward_at_the_kiosk(shop: Counter) -> None:
    # rows 137, 142, 148
    sale, header = scanned(shop, IDRIS, "Café en grains, 250 g")  # Idris has 8 points
    assert reason(choose_reward(shop.uow, header, tier(shop, 10))) is Refusal.NOT_ENOUGH_POINTS
    sale, header = next_sale(shop, sale, CAMILLE, "Café en grains, 250 g")
    chosen = choose_reward(shop.uow, header, tier(shop, 10))
    assert isinstance(chosen, Sale)
    quote = quote_sale(shop.uow, chosen)
    assert [(d.name, d.amount_minor) for d in quote.discounts] == [
        ("Amis de la maison", 89),
        ("2 € offerts", 200),
    ]
    assert quote.points_to_redeem == 10


def next_sale(shop: Counter, before: Sale, number: str, *items: str) -> tuple[Sale, Evidence]:
    shop.pay(before, key=str(new_id()))
    return scanned(shop, number, *items)


def test_points_are_never_used_without_a_choice(shop: Counter) -> None:
    # rows 137, 142
    sale, _ = scanned(shop, ZOE, "Croissant")
    assert shop.now(sale).rewards == ()
    assert shop.pay(sale).receipt.balance_after == 71 + 1


def test_a_second_touch_is_no_second_reward(shop: Counter) -> None:
    _, header = scanned(shop, ZOE, "Tasse en grès")
    choose_reward(shop.uow, header, tier(shop, 10))
    assert reason(choose_reward(shop.uow, header, tier(shop, 10))) is Refusal.ALREADY_APPLIED


def test_different_rewards_and_several_of_the_same_can_be_used_on_one_sale(shop: Counter) -> None:
    # row 149, X11
    sale, header = scanned(shop, ZOE, "Tasse en grès")
    choose_reward(shop.uow, header, tier(shop, 10))
    choose_reward(shop.uow, header, tier(shop, 25))
    both = redeem_by_staff(shop.uow, shop.ctx, sale.id, tier(shop, 10), shop.staff)
    assert isinstance(both, Sale)
    assert [reward.points for reward in both.rewards] == [10, 25, 10]
    assert shop.pay(sale).receipt.balance_after == 71 - 45 + 8


def test_points_on_the_sale_are_spoken_for(shop: Counter) -> None:
    _, header = scanned(shop, ZOE, "Tasse en grès")
    choose_reward(shop.uow, header, tier(shop, 60))
    answer = choose_reward(shop.uow, header, tier(shop, 25))
    assert answer == Refused(Refusal.NOT_ENOUGH_POINTS, {"points": 25, "missing": 14})


def test_points_on_a_held_sale_are_spoken_for(shop: Counter) -> None:
    # row 168
    sale, header = scanned(shop, ZOE, "Tasse en grès")
    choose_reward(shop.uow, header, tier(shop, 60))
    hold_sale(shop.uow, sale.id, shop.staff)
    _, header = scanned(shop, ZOE, "Tasse en grès")
    assert reason(choose_reward(shop.uow, header, tier(shop, 25))) is Refusal.NOT_ENOUGH_POINTS


def test_a_chosen_reward_can_be_taken_back(shop: Counter) -> None:
    sale, header = scanned(shop, ZOE, "Tasse en grès")
    choose_reward(shop.uow, header, tier(shop, 10))
    back = choose_reward(shop.uow, header, tier(shop, 10), use=False)
    assert isinstance(back, Sale)
    assert back.rewards == ()
    assert reason(choose_reward(shop.uow, header, tier(shop, 10), use=False)) is Refusal.NOT_APPLIED
    assert shop.pay(sale).receipt.balance_after == 71 + 14


def test_staff_take_a_reward_off_again(shop: Counter) -> None:
    sale, header = scanned(shop, ZOE, "Tasse en grès")
    chosen = choose_reward(shop.uow, header, tier(shop, 10))
    assert isinstance(chosen, Sale)
    gone = remove_reward(shop.uow, sale.id, chosen.rewards[0].id, shop.cashier)
    assert isinstance(gone, Sale)
    assert gone.rewards == ()
    assert reason(remove_reward(shop.uow, sale.id, new_id(), shop.cashier)) is Refusal.NOT_APPLIED


def test_a_typed_number_or_a_bare_reference_cannot_redeem_at_the_kiosk(shop: Counter) -> None:
    # rows 169, 170
    sale = shop.sale("Tasse en grès")
    header = evidence(sale)
    nobody = choose_reward(shop.uow, header, tier(shop, 10))
    identify_by_number(shop.uow, shop.ctx, header, ZOE)
    known = choose_reward(shop.uow, header, tier(shop, 10))
    assert known == nobody == Refused(Refusal.NO_MEMBER), "the same as for a number that nobody bears"
    read_code(shop.uow, shop.ctx, replace(header, event_id=new_id()), "000123458")
    answer = choose_reward(shop.uow, header, tier(shop, 10))
    assert answer == Refused(Refusal.TRUST_TOO_LOW, {"trust": 1, "needed": 2})


def test_staff_confirm_a_redemption_that_the_trust_does_not_reach(shop: Counter) -> None:
    # row 148
    sale = shop.sale("Tasse en grès")
    identify_by_number(shop.uow, shop.ctx, evidence(sale), ZOE)
    redeemed = redeem_by_staff(shop.uow, shop.ctx, sale.id, tier(shop, 10), shop.cashier)
    assert isinstance(redeemed, Sale)
    assert redeemed.rewards[0].confirmed_by == shop.cashier.id


def test_confirming_needs_the_permission(shop: Counter) -> None:
    sale = shop.sale("Tasse en grès")
    identify_by_number(shop.uow, shop.ctx, evidence(sale), ZOE)
    nobody = replace(shop.cashier, role=replace(shop.cashier.role, permissions=frozenset()))
    with pytest.raises(PermissionDeniedError):
        redeem_by_staff(shop.uow, shop.ctx, sale.id, tier(shop, 10), nobody)


def test_somebody_elses_session_cannot_use_the_members_points(shop: Counter) -> None:
    # row 171
    sale, _ = scanned(shop, ZOE, "Tasse en grès")
    assert reason(choose_reward(shop.uow, evidence(sale), tier(shop, 10))) is Refusal.NO_MEMBER


def test_the_member_can_come_back_to_the_same_sale_in_a_new_session(shop: Counter) -> None:
    sale, _ = scanned(shop, ZOE, "Tasse en grès")
    again = evidence(sale)
    read_code(shop.uow, shop.ctx, again, SIGNER.static(shop.card(ZOE).id))
    assert isinstance(choose_reward(shop.uow, again, tier(shop, 10)), Sale)


def test_a_session_that_only_typed_the_number_has_not_the_rights_of_one_that_scanned(shop: Counter) -> None:
    # rows 169, 171
    sale, _ = scanned(shop, ZOE, "Tasse en grès")
    typed = evidence(sale)
    found = identify_by_number(shop.uow, shop.ctx, typed, ZOE)
    assert isinstance(found, Identified)
    assert found.session_trust is Trust.TYPED
    answer = choose_reward(shop.uow, typed, tier(shop, 10))
    assert answer == Refused(Refusal.NO_MEMBER)


def test_what_a_session_proved_once_stays_proved(shop: Counter) -> None:
    _, header = scanned(shop, ZOE, "Tasse en grès")
    found = identify_by_number(shop.uow, shop.ctx, header, ZOE)
    assert isinstance(found, Identified)
    assert found.session_trust is Trust.SIGNED
    assert isinstance(choose_reward(shop.uow, header, tier(shop, 10)), Sale)


def test_a_late_redemption_is_refused_with_its_reason(shop: Counter) -> None:
    # rows 171, 173
    sale, header = scanned(shop, ZOE, "Tasse en grès")
    shop.pay(sale)
    assert reason(choose_reward(shop.uow, header, tier(shop, 10))) is Refusal.SESSION_ENDED
    other = replace(header, session_id=new_id())
    assert reason(choose_reward(shop.uow, other, tier(shop, 10))) is Refusal.SALE_CLOSED
    nowhere = replace(other, sale_id=None)
    assert reason(choose_reward(shop.uow, nowhere, tier(shop, 10))) is Refusal.SALE_UNKNOWN
    assert shop.balance(ZOE) == 71 + 14


def test_a_reward_needs_something_to_discount(shop: Counter) -> None:
    # row 173
    sale, header = scanned(shop, ZOE)
    assert reason(choose_reward(shop.uow, header, tier(shop, 10))) is Refusal.NOTHING_TO_DISCOUNT
    add_item(shop.uow, sale.id, shop.item_id("Croissant"))
    assert isinstance(choose_reward(shop.uow, header, tier(shop, 10)), Sale)
    assert reason(choose_reward(shop.uow, header, tier(shop, 60))) is Refusal.NOTHING_TO_DISCOUNT


def test_an_unknown_tier_is_refused(shop: Counter) -> None:
    _, header = scanned(shop, ZOE, "Croissant")
    assert reason(choose_reward(shop.uow, header, new_id())) is Refusal.TIER_UNKNOWN


def test_nobody_redeems_without_a_member(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    assert (
        reason(redeem_by_staff(shop.uow, shop.ctx, sale.id, tier(shop, 10), shop.staff)) is Refusal.NO_MEMBER
    )
    assert (
        reason(redeem_by_staff(shop.uow, shop.ctx, new_id(), tier(shop, 10), shop.staff))
        is Refusal.SALE_UNKNOWN
    )


@pytest.mark.parametrize("choice", ["use", "use and take back", "skip"])
def test_after_a_reward_or_without_one_checkout_goes_on_as_usual(shop: Counter, choice: str) -> None:
    # row 146
    sale = shop.sale("Tasse en grès")
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(ZOE).id), "QRCode")
    if choice != "skip":
        assert isinstance(choose_reward(shop.uow, header, tier(shop, 10)), Sale)
    if choice == "use and take back":
        assert isinstance(choose_reward(shop.uow, header, tier(shop, 10), use=False), Sale)
    done = shop.pay(sale)
    is_used = choice == "use"
    assert done.receipt.quote.points_to_redeem == (10 if is_used else 0)
    assert done.receipt.quote.total_minor == 1440 - (200 if is_used else 0)
