"""The sale of a lane as its kiosk may show it: nothing that tells known from unknown numbers (row 170)."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.checkout_settings import SignInScreen
from loyalty.domain.money import Currency
from loyalty.domain.pricing.engine import points_for_any_member
from loyalty.domain.pricing.quote import QuotedDiscount, QuotedLine
from loyalty.domain.programme import PointsName
from loyalty.domain.sale import Sale, SaleState
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.lane_screen import sale_on_screen
from loyalty.services.quote import quote_sale
from loyalty.services.setup import pricing_terms, shop_settings


@dataclass(frozen=True, slots=True)
class KioskSaleView:
    """Lines, discounts, total and points. ``state`` None: no sale, or it is on hold."""

    state: SaleState | None
    sale_id: UUID | None
    currency: Currency
    lines: tuple[QuotedLine, ...]
    discounts: tuple[QuotedDiscount, ...]
    """Those that apply; a proposal that waits for staff is none of them (X15)."""
    total_minor: int
    invites: bool
    """Ask the customer to enrol or sign in: the programme is on and nobody surely known is there.

    From the start of the sale, from its payment, or never: as the shop decides (rows 143, 153-157).
    """
    points_to_earn: int | None
    """What the sale earns any member; the same whoever is there. None without an active programme."""
    points_earned: int | None
    """Of a completed sale, where the trust allows to show points or staff confirmed; else None."""
    points_balance: int | None
    points_name: PointsName
    is_training: bool


def kiosk_sale_view(uow: UnitOfWork, lane: Lane, *, paying: UUID | None = None) -> KioskSaleView:
    """The open sale of the lane, or the one closed last until the next one opens.

    ``paying`` is the sale whose payment has begun at the till.
    """
    settings = shop_settings(uow)
    programme = uow.programme.current()
    is_active = programme is not None and programme.is_active
    names = programme.points_name if programme is not None else PointsName("point", "points")
    sale = sale_on_screen(uow, lane.id)
    if sale is None:
        return KioskSaleView(
            state=None,
            sale_id=None,
            currency=settings.currency,
            lines=(),
            discounts=(),
            total_minor=0,
            invites=False,
            points_to_earn=None,
            points_earned=None,
            points_balance=None,
            points_name=names,
            is_training=lane.is_training,
        )
    quote = quote_sale(uow, sale)
    may_show = _may_show_points(sale, settings)
    receipt = sale.receipt
    return KioskSaleView(
        state=sale.state,
        sale_id=sale.id,
        currency=sale.currency,
        lines=quote.lines,
        discounts=quote.discounts,
        total_minor=quote.total_minor,
        invites=is_active and sale.is_open and not may_show and _asks_now(uow, sale, paying),
        points_to_earn=points_for_any_member(sale, pricing_terms(uow, sale)) if is_active else None,
        points_earned=quote.points_to_earn if receipt is not None and may_show else None,
        points_balance=receipt.balance_after if receipt is not None and may_show else None,
        points_name=names,
        is_training=sale.is_training,
    )


def _asks_now(uow: UnitOfWork, sale: Sale, paying: UUID | None) -> bool:
    screen = uow.programme.settings().checkout.sign_in_screen
    return screen is SignInScreen.START or (screen is SignInScreen.PAYMENT and sale.id == paying)


def _may_show_points(sale: Sale, settings: ShopSettings) -> bool:
    return sale.member is not None and sale.member.trust >= settings.trust.show_points
