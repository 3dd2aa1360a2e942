"""Links to the member's status page: make, revoke, replace."""

from uuid import UUID

from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.tokens import new_token, token_hash


def new_status_link(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID) -> str:
    """The full address of a new link; earlier ones stay good."""
    token = new_token()
    uow.status_links.add(token_hash(token), customer_id, ctx.clock.now())
    return ctx.status_link(token)


def revoke_status_links(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID) -> None:
    """From now on no link that was ever sent opens the page."""
    uow.status_links.revoke_all_of(customer_id, ctx.clock.now())


def replace_status_link(uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID) -> str:
    """Revoke all links and make one new.

    Raises:
        UnknownIdError: There is no such customer.
    """
    if uow.customers.get(customer_id) is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    revoke_status_links(uow, ctx, customer_id)
    return new_status_link(uow, ctx, customer_id)
