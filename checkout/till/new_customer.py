"""A customer made at the till: what was typed, and what comes of it."""

from dataclasses import dataclass
from uuid import UUID

from checkout.programme.typed import Problem, Typed, uuid_of
from loyalty.domain.profile import ProfileEdit, ProfileField
from loyalty.domain.staff import StaffMember
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.edit_profile import ConsentWording, EditTerms, ProfileFaults, create_profile
from loyalty.services.enrol_by_staff import enrol_customer

_FIELDS = (
    ProfileField.GIVEN_NAME,
    ProfileField.FAMILY_NAME,
    ProfileField.PHONE_NUMBER,
    ProfileField.EMAIL_ADDRESS,
)


@dataclass(frozen=True)
class NewCustomer:
    """The form: ``key`` makes a repeated post the same customer; ``programme_words`` None: not enrolled."""

    key: UUID
    sale_id: UUID
    edit: ProfileEdit
    programme_words: str | None


def read_new_customer(typed: Typed) -> NewCustomer | None:
    """None where the page's own fields are not what the page sent."""
    key, sale_id = uuid_of(typed.one("key")), uuid_of(typed.one("sale"))
    if key is None or sale_id is None:
        return None
    texts = {field: typed.one(field.value) for field in _FIELDS if typed.one(field.value).strip()}
    words = typed.one("programme_words").strip()
    is_enrolled = typed.has("programme", "1") and bool(words)
    return NewCustomer(key, sale_id, ProfileEdit(texts), words if is_enrolled else None)


def make_customer(
    uow: UnitOfWork,
    ctx: ServiceContext,
    wanted: NewCustomer,
    staff: StaffMember,
    email_wording: ConsentWording,
) -> UUID | dict[str, Problem]:
    """The customer's id, or what is wrong, field by field; then nothing is stored."""
    terms = EditTerms(email_wording=email_wording)
    made = create_profile(uow, ctx, wanted.edit, staff, customer_id=wanted.key, terms=terms)
    if isinstance(made, Refused):
        return {"given_name": Problem.of(made)}
    if isinstance(made, ProfileFaults):
        return {str(name): Problem.of(refused) for name, refused in made.faults.items()}
    if wanted.programme_words is not None:
        wording = ConsentWording("till-2026-11", wanted.programme_words)
        enrolled = enrol_customer(uow, ctx, wanted.key, wording, staff)
        if isinstance(enrolled, Refused):
            uow.rollback()
            return {"phone_number": Problem.of(enrolled)}
    return wanted.key
