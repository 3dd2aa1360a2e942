"""A member whom staff or contact details name, without a card and without a session, for one given sale."""

from loyalty.domain.identification import Attachment, Identification, IdentificationMethod
from loyalty.domain.sale import Sale, SaleMember
from loyalty.domain.trust import Trust
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from runtime.ids import new_id


def name_member(
    uow: UnitOfWork, ctx: ServiceContext, sale: Sale, member: Member, method: IdentificationMethod
) -> SaleMember:
    """Record the identification, at the trust of a name alone; what then stands on the sale."""
    identification = Identification(
        id=new_id(),
        customer_id=member.customer.id,
        account_id=member.account.id if member.account is not None else None,
        method=method,
        trust=Trust.TYPED,
        lane_id=sale.lane_id,
        session_id=None,
        at=ctx.clock.now(),
        device_time=None,
        sale_id=sale.id,
        attachment=Attachment.ATTACHED,
    )
    uow.identifications.add(identification)
    return SaleMember(
        customer_id=identification.customer_id,
        account_id=identification.account_id,
        identification_id=identification.id,
        method=identification.method,
        trust=identification.trust,
        session_id=None,
    )
