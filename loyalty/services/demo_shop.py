"""Fills an empty database with a small French shop, for the demo and for tests of whole stories.

Nothing of it can reach a real shop: the settings carry ``is_demo``, and a database that holds any other
shop is refused. The demo's staff have no password that works; the demo starts their session itself.
"""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.accrual import AmountRule, TaxMode
from loyalty.domain.catalogue import Category, Item, TaxInclusion, TaxRate
from loyalty.domain.customer import Customer, CustomerSource, MembershipCard
from loyalty.domain.group import Group, GroupDiscount
from loyalty.domain.ledger import EntryKind, LedgerEntry, LoyaltyAccount
from loyalty.domain.money import Currency
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.profile_settings import ProfileSettings
from loyalty.domain.programme import PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.rewards import AmountOffSale, PercentageOffSale
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.domain.staff import StaffMember
from loyalty.errors import ForeignDataError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.claim import CASHIER_ROLE, first_roles
from loyalty.services.context import ServiceContext
from runtime.ids import new_id

DEMO_STORE = "s0001"
DEMO_DEVICE = "s0001.k01"
DEMO_GROUP = "Amis de la maison"
_UNUSABLE_HASH = "!"

_FOOD = TaxRate("tva-5.5", "TVA 5,5 %", 55_000, TaxInclusion.INCLUDED)
_ON_SITE = TaxRate("tva-10", "TVA 10 %", 100_000, TaxInclusion.INCLUDED)
_STANDARD = TaxRate("tva-20", "TVA 20 %", 200_000, TaxInclusion.INCLUDED)

_SHELVES: tuple[tuple[str, tuple[tuple[str, int, TaxRate, str | None], ...]], ...] = (
    (
        "Café",
        (
            ("Café filtre", 250, _ON_SITE, None),
            ("Café crème", 320, _ON_SITE, None),
            ("Chocolat chaud", 390, _ON_SITE, None),
            ("Croissant", 140, _FOOD, None),
        ),
    ),
    (
        "Épicerie",
        (
            ("Café en grains, 250 g", 890, _FOOD, "3700123400017"),
            ("Miel de lavande, 500 g", 1190, _FOOD, "3700123400024"),
            ("Sablés au beurre", 520, _FOOD, "3700123400031"),
            ("Huile d’olive, 75 cl", 1450, _FOOD, "3700123400048"),
        ),
    ),
    (
        "Maison",
        (
            ("Tasse en grès", 1600, _STANDARD, "3700123400055"),
            ("Bougie parfumée", 2400, _STANDARD, "3700123400062"),
            ("Sac en toile", 900, _STANDARD, "3700123400079"),
        ),
    ),
)

_MEMBERS: tuple[tuple[str, str, str, str, int, bool], ...] = (
    ("Camille", "Moreau", "+33612000001", "000123456", 34, True),
    ("Idris", "Benali", "+33612000002", "000123457", 8, False),
    ("Zoé", "Lefèvre", "+33612000003", "000123458", 71, True),
)
"""Given name, family name, number, reference, opening balance, friend of the house."""


@dataclass(frozen=True, slots=True)
class DemoShop:
    """What the demo needs to know of the shop it made or found."""

    settings: ShopSettings
    lane: Lane
    group: Group
    staff: StaffMember
    """Owner; without a password that works."""


def fill_demo_shop(uow: UnitOfWork, ctx: ServiceContext) -> DemoShop:
    """Make the demo's shop, or find it made already.

    Raises:
        ForeignDataError: The database holds a shop that is not the demo's.
    """
    there = uow.shop.settings()
    if there is not None:
        return _found(uow, there)
    settings = _settings()
    uow.shop.save(settings)
    uow.profiles.save_settings(ProfileSettings(hidden=frozenset()))
    lane = Lane(new_id(), number=1, device=DEMO_DEVICE)
    uow.lanes.save(lane)
    _fill_catalogue(uow)
    uow.programme.add(_programme(ctx))
    group = Group(new_id(), DEMO_GROUP, GroupDiscount(rate_ppm=100_000))
    uow.groups.add(group)
    owner = StaffMember(new_id(), "demo", "Lucie", first_roles(uow))
    uow.staff.add(owner, _UNUSABLE_HASH)
    cashier = next(role for role in uow.staff.roles() if role.name == CASHIER_ROLE)
    uow.staff.add(StaffMember(new_id(), "caisse", "Hugo", cashier), _UNUSABLE_HASH)
    for member in _MEMBERS:
        _add_member(uow, ctx, group.id, member)
    return DemoShop(settings, lane, group, owner)


def _found(uow: UnitOfWork, settings: ShopSettings) -> DemoShop:
    lane = uow.lanes.by_device(DEMO_DEVICE)
    group = next((group for group in uow.groups.all() if group.name == DEMO_GROUP), None)
    owner = uow.staff.by_login("demo")
    if not settings.is_demo or lane is None or group is None or owner is None:
        raise ForeignDataError("this database holds a shop that is not the demo's; nothing was changed")
    return DemoShop(settings, lane, group, owner[0])


def _settings() -> ShopSettings:
    return ShopSettings(
        name="Maison Lumen",
        store=DEMO_STORE,
        country="FR",
        currency=Currency("EUR"),
        timezone="Europe/Paris",
        default_language="fr",
        languages=("fr", "en", "es"),
        phone_region="FR",
        is_demo=True,
    )


def _fill_catalogue(uow: UnitOfWork) -> None:
    for shelf, (name, goods) in enumerate(_SHELVES):
        category = Category(new_id(), name, position=shelf)
        uow.catalogue.save_category(category)
        for place, (item, price_minor, tax, barcode) in enumerate(goods):
            uow.catalogue.save_item(
                Item(new_id(), item, price_minor, category.id, (tax,), barcode, position=100 * shelf + place)
            )


def _programme(ctx: ServiceContext) -> ProgrammeVersion:
    return ProgrammeVersion(
        version=1,
        valid_from=ctx.clock.now(),
        # a shopper in France counts the euros on the shelf, which hold the tax
        accrual=AmountRule(tranche_minor=100, points_per_tranche=1, tax_mode=TaxMode.AFTER_TAX),
        points_name=PointsName("point", "points"),
        tiers=(
            RewardTier(new_id(), "2 € offerts", 10, AmountOffSale(200)),
            RewardTier(new_id(), "10 % de remise", 25, PercentageOffSale(100_000)),
            RewardTier(new_id(), "8 € offerts", 60, AmountOffSale(800)),
            RewardTier(new_id(), "25 % de remise, 30 € au plus", 120, PercentageOffSale(250_000, 3_000)),
        ),
    )


def _add_member(
    uow: UnitOfWork, ctx: ServiceContext, group_id: UUID, member: tuple[str, str, str, str, int, bool]
) -> None:
    given_name, family_name, number, reference_id, points, is_friend = member
    now = ctx.clock.now()
    customer = Customer(
        id=new_id(),
        source=CustomerSource.DEMO,
        created_at=now,
        given_name=given_name,
        family_name=family_name,
        phone_number=PhoneNumber(number),
        reference_id=reference_id,
        language="fr",
    )
    uow.customers.add(customer)
    account = LoyaltyAccount(new_id(), customer.id, PhoneNumber(number), balance=0, enrolled_at=now)
    uow.accounts.add(account)
    uow.cards.add(MembershipCard(new_id(), customer.id, issued_at=now))
    uow.ledger.book(
        LedgerEntry(
            id=new_id(),
            account_id=account.id,
            kind=EntryKind.OPENING,
            points=points,
            booked_at=now,
            source="demo:opening",
            idempotency_key="opening",
            earned_at=now,
        )
    )
    if is_friend:
        uow.groups.add_member(group_id, customer.id, now)
