"""The demo's shop in any database, with short ways to do what tests of the counter do all the time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from codes import CardSigner, CardVerifier
from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.domain.customer import MembershipCard
from loyalty.domain.identification import Evidence
from loyalty.domain.sale import Sale
from loyalty.domain.staff import StaffMember
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.basket import add_item, open_sale
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import DEMO_DEVICE, DemoShop, fill_demo_shop
from loyalty.services.enrol import EnrolRequest
from runtime.clock import Clock
from runtime.ids import new_id

SIGNER = CardSigner(bytes(range(32)))
VERIFIER = CardVerifier([SIGNER.public_key])

CAMILLE, IDRIS, ZOE = "+33612000001", "+33612000002", "+33612000003"
"""Members of the demo: Camille 34 points and friend of the house, Idris 8 points, Zoé 71 and friend."""
UNKNOWN = "+33612999999"


def service_context(clock: Clock) -> ServiceContext:
    return ServiceContext(clock, VERIFIER, TemplateWording(), "https://lumen.example", SIGNER)


def evidence(sale: Sale | None, session_id: UUID | None = None, device: str = DEMO_DEVICE) -> Evidence:
    """The header of an event in a session of its own, about the sale that the device showed."""
    return Evidence(
        event_id=new_id(),
        device=device,
        session_id=session_id or new_id(),
        sale_id=sale.id if sale is not None else None,
        device_time=datetime(1970, 1, 1, tzinfo=UTC),
    )


def enrolment(
    number: str = UNKNOWN, *, programme: bool = True, marketing: bool = False, name: str | None = None
) -> EnrolRequest:
    return EnrolRequest(number, programme, marketing, name, "fr", "kiosk-2026-11")


@dataclass(frozen=True)
class Counter:
    """The demo's shop within one open unit of work."""

    uow: UnitOfWork
    ctx: ServiceContext
    shop: DemoShop

    @property
    def staff(self) -> StaffMember:
        return self.shop.staff

    @property
    def cashier(self) -> StaffMember:
        found = self.uow.staff.by_login("caisse")
        assert found is not None
        return found[0]

    def member(self, number: str) -> Member:
        member = self.uow.customers.member_by_phone(number)
        assert member is not None
        return member

    def card(self, number: str) -> MembershipCard:
        return self.uow.cards.of_customer(self.member(number).customer.id)[0]

    def item_id(self, name: str) -> UUID:
        return next(item.id for item in self.uow.catalogue.items() if item.name == name)

    def sale(self, *names: str) -> Sale:
        """A sale in the demo's lane with one each of the named items."""
        sale = open_sale(self.uow, self.ctx, self.shop.lane.id, self.staff)
        assert isinstance(sale, Sale)
        for name in names:
            changed = add_item(self.uow, sale.id, self.item_id(name))
            assert isinstance(changed, Sale)
            sale = changed
        return sale

    def now(self, sale: Sale) -> Sale:
        """The sale as it is now."""
        current = self.uow.sales.get(sale.id)
        assert current is not None
        return current

    def pay(self, sale: Sale, key: str = "pay-1", given_minor: int = 100_000) -> Completed:
        done = complete_sale(self.uow, self.ctx, sale.id, Payment(key, given_minor), self.staff)
        assert isinstance(done, Completed), done
        return done

    def balance(self, number: str) -> int:
        account = self.member(number).account
        assert account is not None
        return account.balance


def counter(uow: UnitOfWork, ctx: ServiceContext) -> Counter:
    """The demo's shop, made where it is not there yet."""
    return Counter(uow, ctx, fill_demo_shop(uow, ctx))
