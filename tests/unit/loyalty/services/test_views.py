from dataclasses import replace
from uuid import UUID

import pytest

from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.group import Group
from loyalty.domain.presets import Preset, preset_filters
from loyalty.domain.sale import Sale, SaleState
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal
from loyalty.errors import PermissionDeniedError, UnknownIdError
from loyalty.services.attach import Identified
from loyalty.services.basket import void_sale
from loyalty.services.group_members import put_in_group, take_out_of_group
from loyalty.services.identify import identify_by_number, read_code
from loyalty.services.kiosk_sale import KioskSaleView, kiosk_sale_view
from loyalty.services.member_view import member_view
from loyalty.services.redeem import choose_reward
from loyalty.services.staff_at_sale import attach_by_staff, confirm_discount, detach_member
from loyalty.services.status_link import new_status_link, replace_status_link, revoke_status_links
from loyalty.services.status_page import status_page
from loyalty.services.till import TillView, till_view
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, UNKNOWN, VERIFIER, ZOE, Counter, evidence

NO_ID = UUID(int=0)


def scan(shop: Counter, sale: Sale | None, number: str) -> Identified:
    found = read_code(shop.uow, shop.ctx, evidence(sale), SIGNER.static(shop.card(number).id), "QRCode")
    assert isinstance(found, Identified)
    return found


def kiosk(shop: Counter) -> KioskSaleView:
    return kiosk_sale_view(shop.uow, shop.shop.lane)


def till(shop: Counter) -> TillView:
    return till_view(shop.uow, shop.shop.lane, shop.staff)


def test_nothing_is_shown_of_a_typed_number_or_a_bare_reference(shop: Counter) -> None:
    # row 170
    for trust in (Trust.TYPED, Trust.REFERENCE):
        assert member_view(shop.uow, shop.member(CAMILLE), trust, None) is None


def test_a_signed_card_shows_first_name_points_and_the_next_reward(shop: Counter) -> None:
    # rows 78, 137
    sale = shop.sale("Tasse en grès")
    found = scan(shop, sale, CAMILLE)
    view = member_view(shop.uow, found.member, found.trust, found.sale)
    assert view is not None
    assert (view.given_name, view.points, view.points_name.many) == ("Camille", 34, "points")
    assert view.next_reward is not None
    assert (view.next_reward.name, view.next_reward.missing) == ("8 € offerts", 26)
    assert [(offer.points, offer.is_available, offer.why_not) for offer in view.rewards] == [
        (10, True, None),
        (25, True, None),
        (60, False, Refusal.NOT_ENOUGH_POINTS),
        (120, False, Refusal.NOT_ENOUGH_POINTS),
    ]
    assert "Moreau" not in repr(view)
    assert CAMILLE not in repr(view)


def test_a_reward_on_the_sale_is_marked_and_its_points_are_gone_from_view(shop: Counter) -> None:
    # row 148
    sale = shop.sale("Tasse en grès")
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(CAMILLE).id))
    view = till(shop).member
    assert view is not None
    assert view.loyalty is not None
    tier_id = view.loyalty.rewards[0].tier_id
    changed = choose_reward(shop.uow, header, tier_id)
    assert isinstance(changed, Sale)
    after = member_view(shop.uow, shop.member(CAMILLE), Trust.SIGNED, changed)
    assert after is not None
    assert (after.balance, after.points) == (34, 24)
    assert [offer.applied for offer in after.rewards] == [1, 0, 0, 0]
    assert after.rewards[1].why_not is Refusal.NOT_ENOUGH_POINTS


def test_without_a_sale_a_reward_says_that_one_is_needed(shop: Counter) -> None:
    view = member_view(shop.uow, shop.member(CAMILLE), Trust.SIGNED, None)
    assert view is not None
    assert view.rewards[0].why_not is Refusal.SALE_UNKNOWN


def test_the_till_shows_name_points_discount_and_rewards(shop: Counter) -> None:
    # rows 107, 112, 148
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, CAMILLE)
    view = till(shop)
    assert view.member is not None
    assert view.member.display_name == "Camille Moreau"
    assert view.member.loyalty is not None
    assert view.member.loyalty.points == 34
    assert [group.name for group in view.member.groups] == ["Amis de la maison"]
    assert view.quote is not None
    assert [discount.name for discount in view.quote.discounts] == ["Amis de la maison"]
    assert view.quote.total_minor == 1440


def test_contact_details_are_masked_without_the_permission(shop: Counter) -> None:
    # rows 9, 10, 75, X3
    scan(shop, shop.sale("Croissant"), CAMILLE)
    seen_by_cashier = till_view(shop.uow, shop.shop.lane, shop.cashier).member
    seen_by_owner = till(shop).member
    assert seen_by_cashier is not None
    assert seen_by_owner is not None
    assert seen_by_cashier.phone_number == "•• 01"
    assert seen_by_owner.phone_number == "06 12 00 00 01"


def test_the_till_is_shown_to_sellers_only(shop: Counter) -> None:
    nobody = replace(shop.cashier, role=replace(shop.cashier.role, permissions=frozenset()))
    with pytest.raises(PermissionDeniedError):
        till_view(shop.uow, shop.shop.lane, nobody)
    with pytest.raises(PermissionDeniedError):
        till_view(shop.uow, shop.shop.lane, replace(shop.cashier, is_active=False))


def test_a_lane_without_a_sale_shows_none(shop: Counter) -> None:
    assert (till(shop).sale, kiosk(shop).state) == (None, None)


def test_the_proposed_discount_waits_for_one_tap_of_staff(shop: Counter) -> None:
    # X15
    sale = shop.sale("Tasse en grès")
    identify_by_number(shop.uow, shop.ctx, evidence(sale), CAMILLE)
    view = till(shop)
    assert view.quote is not None
    assert view.quote.proposal is not None
    assert (view.quote.proposal.name, view.quote.proposal.amount_minor) == ("Amis de la maison", 160)
    assert kiosk(shop).discounts == ()
    confirmed = confirm_discount(shop.uow, sale.id, shop.cashier)
    assert isinstance(confirmed, Sale)
    assert kiosk(shop).total_minor == 1440
    assert [discount.name for discount in kiosk(shop).discounts] == ["Amis de la maison"]


def test_there_is_nothing_to_confirm_where_nothing_is_proposed(shop: Counter) -> None:
    sale = shop.sale("Tasse en grès")
    assert _reason(confirm_discount(shop.uow, sale.id, shop.staff)) is Refusal.NO_MEMBER
    scan(shop, sale, CAMILLE)
    assert _reason(confirm_discount(shop.uow, sale.id, shop.staff)) is Refusal.NO_PROPOSED_DISCOUNT


def _reason(answer: object) -> Refusal | None:
    return getattr(answer, "reason", None)


def test_the_kiosk_shows_the_same_for_known_and_unknown_numbers(shop: Counter) -> None:
    # rows 154, 170, X15
    views = []
    for number in (UNKNOWN, CAMILLE, IDRIS):
        sale = shop.sale("Tasse en grès", "Croissant")
        identify_by_number(shop.uow, shop.ctx, evidence(sale), number)
        before = kiosk(shop)
        shop.pay(sale, key=number)
        after = kiosk(shop)
        views.append([_anonymous(before), _anonymous(after)])
    assert views[0] == views[1] == views[2]
    assert views[0][0].points_to_earn == 17
    assert views[0][0].invites
    assert (views[0][1].points_earned, views[0][1].points_balance) == (None, None)


def _anonymous(view: KioskSaleView) -> KioskSaleView:
    """The view without the ids, which differ from sale to sale."""
    return replace(view, sale_id=None, lines=tuple(replace(line, line_id=NO_ID) for line in view.lines))


def test_the_kiosk_thanks_a_member_with_points_and_balance(shop: Counter) -> None:
    # row 107
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, CAMILLE)
    assert not kiosk(shop).invites
    shop.pay(sale)
    paid = kiosk(shop)
    assert paid.state is SaleState.COMPLETED
    assert (paid.points_earned, paid.points_balance) == (14, 48)


def test_a_voided_sale_is_shown_as_such(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    void_sale(shop.uow, shop.ctx, sale.id, shop.staff)
    assert kiosk(shop).state is SaleState.VOIDED


def test_staff_who_checked_attach_at_trust_three(shop: Counter) -> None:
    # rows 12, 20
    sale = shop.sale("Tasse en grès")
    customer_id = shop.member(CAMILLE).customer.id
    found = attach_by_staff(shop.uow, shop.ctx, sale.id, customer_id, shop.staff, is_checked=True)
    assert isinstance(found, Identified)
    assert found.trust is Trust.PROVEN
    assert kiosk(shop).total_minor == 1440
    gone = detach_member(shop.uow, sale.id, shop.staff)
    assert isinstance(gone, Sale)
    assert gone.member is None
    assert _reason(detach_member(shop.uow, sale.id, shop.staff)) is Refusal.NO_MEMBER


def test_a_cashier_attaches_unchecked_only(shop: Counter) -> None:
    sale = shop.sale("Tasse en grès")
    customer_id = shop.member(CAMILLE).customer.id
    with pytest.raises(PermissionDeniedError):
        attach_by_staff(shop.uow, shop.ctx, sale.id, customer_id, shop.cashier, is_checked=True)
    found = attach_by_staff(shop.uow, shop.ctx, sale.id, customer_id, shop.cashier, is_checked=False)
    assert isinstance(found, Identified)
    assert found.trust is Trust.TYPED
    with pytest.raises(UnknownIdError):
        attach_by_staff(shop.uow, shop.ctx, sale.id, new_id(), shop.cashier, is_checked=False)


def test_a_customer_without_an_account_gets_the_discount_and_no_points(shop: Counter) -> None:
    guest = Customer(new_id(), CustomerSource.DIRECTORY, shop.ctx.clock.now(), company_name="Atelier Nord")
    shop.uow.customers.add(guest)
    put_in_group(shop.uow, shop.ctx, shop.shop.group.id, guest.id, shop.staff)
    sale = shop.sale("Tasse en grès")
    attach_by_staff(shop.uow, shop.ctx, sale.id, guest.id, shop.staff, is_checked=True)
    view = till(shop)
    assert view.member is not None
    assert (view.member.display_name, view.member.phone_number, view.member.loyalty) == (
        "Atelier Nord",
        None,
        None,
    )
    assert shop.pay(sale).receipt.quote.points_to_earn == 0


def test_joining_a_group_during_the_sale_brings_its_discount(shop: Counter) -> None:
    # rows 51, 73, 110
    sale = shop.sale("Tasse en grès")
    scan(shop, sale, IDRIS)
    assert kiosk(shop).total_minor == 1600
    customer_id = shop.member(IDRIS).customer.id
    put_in_group(shop.uow, shop.ctx, shop.shop.group.id, customer_id, shop.staff)
    assert kiosk(shop).total_minor == 1440
    take_out_of_group(shop.uow, shop.shop.group.id, customer_id, shop.staff)
    assert kiosk(shop).total_minor == 1600


def test_groups_are_changed_with_the_permission_and_for_known_ids_only(shop: Counter) -> None:
    customer_id = shop.member(IDRIS).customer.id
    with pytest.raises(PermissionDeniedError):
        put_in_group(shop.uow, shop.ctx, shop.shop.group.id, customer_id, shop.cashier)
    for ids in ((new_id(), customer_id), (shop.shop.group.id, new_id())):
        with pytest.raises(UnknownIdError):
            put_in_group(shop.uow, shop.ctx, *ids, shop.staff)


def test_nobody_is_put_by_hand_into_a_group_that_follows_its_filters(shop: Counter) -> None:
    # part of row 54
    smart = Group(new_id(), "Habitués")
    shop.uow.groups.add(smart)
    shop.uow.groups.put_filters(smart.id, preset_filters(Preset.REGULARS))
    with pytest.raises(UnknownIdError):
        put_in_group(shop.uow, shop.ctx, smart.id, shop.member(IDRIS).customer.id, shop.staff)


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_the_status_link_shows_first_name_points_and_a_code_that_proves(
    shop: Counter, clock: FakeClock
) -> None:
    # rows 127, 169, X17
    token = token_of(new_status_link(shop.uow, shop.ctx, shop.member(ZOE).customer.id))
    page = status_page(shop.uow, shop.ctx, token)
    assert page is not None
    assert (page.member.given_name, page.member.points, page.shop_name) == ("Zoé", 71, "Maison Lumen")
    assert "Lefèvre" not in repr(page)
    assert ZOE not in repr(page)
    assert page.code is not None
    found = read_code(shop.uow, shop.ctx, evidence(None), page.code)
    assert isinstance(found, Identified)
    assert found.trust is Trust.PROVEN
    clock.advance((page.code_changes_at - clock.now()).total_seconds())
    later = status_page(shop.uow, shop.ctx, token)
    assert later is not None
    assert later.code != page.code


def test_a_revoked_or_guessed_link_opens_nothing(shop: Counter) -> None:
    # row 127
    customer_id = shop.member(ZOE).customer.id
    old = token_of(new_status_link(shop.uow, shop.ctx, customer_id))
    new = token_of(replace_status_link(shop.uow, shop.ctx, customer_id))
    assert status_page(shop.uow, shop.ctx, old) is None
    assert status_page(shop.uow, shop.ctx, new) is not None
    revoke_status_links(shop.uow, shop.ctx, customer_id)
    for token in (new, "", "x" * 5000, new[:-1]):
        assert status_page(shop.uow, shop.ctx, token) is None
    with pytest.raises(UnknownIdError):
        replace_status_link(shop.uow, shop.ctx, new_id())


def test_a_link_holds_256_random_bits_and_is_not_stored(shop: Counter) -> None:
    token = token_of(new_status_link(shop.uow, shop.ctx, shop.member(ZOE).customer.id))
    assert len(token) >= 43
    assert token not in repr(vars(shop.uow.status_links))


def test_without_a_signing_key_the_page_shows_no_code(shop: Counter) -> None:
    ctx = replace(shop.ctx, issuer=None, verifier=VERIFIER)
    token = token_of(new_status_link(shop.uow, ctx, shop.member(ZOE).customer.id))
    page = status_page(shop.uow, ctx, token)
    assert page is not None
    assert page.code is None
