"""Create and change profiles: by staff, and by whatever calls in their name (rows 17, 23, 83, 98).

A change names the version that it was made of. Where somebody else was faster nothing is stored, and what
is there now is handed back, so that nobody's work is overwritten unseen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    current_consents,
)
from loyalty.domain.custom_field import CustomField
from loyalty.domain.customer import Customer, CustomerSource, MembershipCard
from loyalty.domain.profile import (
    CONTACT_FIELDS,
    NAMING_FIELDS,
    Profile,
    ProfileEdit,
    ProfileField,
    is_contact_field,
)
from loyalty.domain.profile_cleaning import FieldName, clean_edit
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.code_clash import why_no_reference
from loyalty.services.context import ServiceContext
from loyalty.services.move_number import move_number, why_not_this_number
from loyalty.services.setup import shop_settings
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class ConsentWording:
    """The words beside a box or a field, and their version, as the consent ledger keeps them."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class EditTerms:
    """Under what circumstances an edit is made.

    ``version`` is the one that was looked at, None to change whatever is there. A loyalty account moves to
    another number only where ``is_identity_checked``. Without ``email_wording`` nobody is subscribed.
    """

    version: int | None = None
    email_wording: ConsentWording | None = None
    is_identity_checked: bool = False


@dataclass(frozen=True, slots=True)
class ProfileSaved:
    """The profile as it is now; ``changed`` names what this call changed."""

    profile: Profile
    changed: frozenset[FieldName] = frozenset()


@dataclass(frozen=True, slots=True)
class ProfileFaults:
    """Nothing was stored; why, field by field."""

    faults: Mapping[FieldName, Refused]


@dataclass(frozen=True, slots=True)
class ProfileConflict:
    """Nothing was stored: somebody else changed the profile first. ``now`` is what it says."""

    now: Profile


def read_profile(uow: UnitOfWork, customer_id: UUID) -> Profile | None:
    """A customer with everything that an edit may touch; None for an unknown id."""
    customer = uow.customers.get(customer_id)
    if customer is None:
        return None
    return Profile(
        customer,
        uow.birthdays.of_customer(customer_id),
        uow.profiles.addresses(customer_id),
        uow.profiles.custom_values(customer_id),
    )


def create_profile(
    uow: UnitOfWork,
    ctx: ServiceContext,
    edit: ProfileEdit,
    staff: StaffMember,
    *,
    customer_id: UUID | None = None,
    source: CustomerSource = CustomerSource.DIRECTORY,
    terms: EditTerms = EditTerms(),
) -> ProfileSaved | ProfileFaults | Refused:
    """Add a customer, with a card of their own; the same ``customer_id`` adds one once.

    Whoever may create may type contact details, which the customer says to them at that moment.
    Refused: ``profile_empty``.

    Raises:
        PermissionDeniedError: The role does not hold ``create_customers``, or ``edit_notes`` for a note.
    """
    staff.require(Permission.CREATE_CUSTOMERS)
    if ProfileField.NOTE in edit.fields:
        staff.require(Permission.EDIT_NOTES)
    there = read_profile(uow, customer_id) if customer_id is not None else None
    if there is not None:
        return ProfileSaved(there)
    empty = Profile(Customer(customer_id or new_id(), source, ctx.clock.now()))
    after = _checked(uow, empty, edit)
    if isinstance(after, ProfileFaults):
        return after
    if not any(after.text(name) for name in NAMING_FIELDS):
        return Refused(Refusal.PROFILE_EMPTY)
    customer = after.customer
    uow.customers.add(customer)
    put_parts(uow, empty, after)
    uow.cards.add(MembershipCard(new_id(), customer.id, issued_at=ctx.clock.now()))
    _subscribe_to_email(uow, ctx, empty, after, terms=terms, staff=staff)
    note_deed(uow, ctx, staff, action=AuditAction.CUSTOMER_CREATED, subject=f"customer:{customer.id}")
    return ProfileSaved(after, _differences(empty, after))


def edit_profile(
    uow: UnitOfWork,
    ctx: ServiceContext,
    customer_id: UUID,
    edit: ProfileEdit,
    staff: StaffMember,
    *,
    terms: EditTerms = EditTerms(),
) -> ProfileSaved | ProfileFaults | ProfileConflict | Refused:
    """Change what the edit names. An edit that changes nothing is none, whatever the version.

    Refused: ``profile_gone``. Faults besides those of the values: ``reference_taken``,
    ``phone_of_another_account``, ``identity_not_checked``.

    Raises:
        PermissionDeniedError: For contact details ``edit_contact`` is needed, for the note ``edit_notes``,
            for all else ``edit_customers``.
        UnknownIdError: There is no such customer.
        ConflictError: Somebody else stored a change at this very moment.
    """
    _require(staff, edit, uow.profiles.custom_fields())
    before = read_profile(uow, customer_id)
    if before is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    if not before.customer.is_listed:
        return Refused(Refusal.PROFILE_GONE)
    after = _checked(uow, before, edit)
    if isinstance(after, ProfileFaults):
        return after
    changed = _differences(before, after)
    if not changed:
        return ProfileSaved(before)
    if terms.version not in (None, before.customer.version):
        return ProfileConflict(before)
    if ProfileField.PHONE_NUMBER in changed:
        refused = move_number(
            uow,
            ctx,
            customer_id,
            after.customer.phone_number,
            staff,
            is_identity_checked=terms.is_identity_checked,
        )
        if refused is not None:
            return ProfileFaults({ProfileField.PHONE_NUMBER: refused})
    after = replace(after, customer=replace(after.customer, version=before.customer.version + 1))
    uow.customers.save(after.customer)
    put_parts(uow, before, after)
    _subscribe_to_email(uow, ctx, before, after, terms=terms, staff=staff)
    _note_change(uow, ctx, staff, customer_id, changed)
    return ProfileSaved(after, changed)


def _require(staff: StaffMember, edit: ProfileEdit, own_fields: Iterable[CustomField]) -> None:
    contact_ids = {each.id for each in own_fields if is_contact_field(each)}
    if edit.fields & CONTACT_FIELDS or contact_ids & set(edit.custom_values):
        staff.require(Permission.EDIT_CONTACT)
    if ProfileField.NOTE in edit.fields:
        staff.require(Permission.EDIT_NOTES)
    if edit.fields - CONTACT_FIELDS - {ProfileField.NOTE} or set(edit.custom_values) - contact_ids:
        staff.require(Permission.EDIT_CUSTOMERS)


def _checked(uow: UnitOfWork, before: Profile, edit: ProfileEdit) -> Profile | ProfileFaults:
    """The profile after the edit; faults of single values, and of values that are another's."""
    own_fields = {each.id: each for each in uow.profiles.custom_fields() if each.archived_at is None}
    cleaned = clean_edit(before, edit, own_fields, shop_settings(uow).phone_region)
    faults = dict(cleaned.faults)
    customer = cleaned.profile.customer
    if customer.reference_id is not None and customer.reference_id != before.customer.reference_id:
        holders = uow.customers.holders_of_reference(customer.reference_id)
        other = next((each for each in holders if each.id != customer.id), None)
        clash = why_no_reference(uow, customer.reference_id)
        if other is not None:
            named = {"customer": str(other.id), "name": other.display_name or ""}
            faults[ProfileField.REFERENCE_ID] = Refused(Refusal.REFERENCE_TAKEN, named)
        elif clash is not None:
            faults[ProfileField.REFERENCE_ID] = clash
    if customer.phone_number is not None and customer.phone_number != before.customer.phone_number:
        refused = why_not_this_number(uow, customer.id, customer.phone_number)
        if refused is not None:
            faults[ProfileField.PHONE_NUMBER] = refused
    return ProfileFaults(faults) if faults else cleaned.profile


def _differences(before: Profile, after: Profile) -> frozenset[FieldName]:
    texts = [name for name in ProfileField if name is not ProfileField.ADDRESSES]
    changed: set[FieldName] = {name for name in texts if before.text(name) != after.text(name)}
    if before.addresses != after.addresses:
        changed.add(ProfileField.ADDRESSES)
    if before.customer.is_email_private != after.customer.is_email_private:
        changed.add(ProfileField.EMAIL_ADDRESS)
    ids = set(before.custom_values) | set(after.custom_values)
    changed |= {each for each in ids if before.custom_values.get(each) != after.custom_values.get(each)}
    return frozenset(changed)


def put_parts(uow: UnitOfWork, before: Profile, after: Profile) -> None:
    """Store what stands in tables of its own."""
    customer_id = after.customer.id
    if before.birthday != after.birthday:
        uow.birthdays.put(customer_id, after.birthday)
    if before.addresses != after.addresses:
        uow.profiles.put_addresses(customer_id, after.addresses)
    for own_field in uow.profiles.custom_fields():
        value = after.custom_values.get(own_field.id)
        if before.custom_values.get(own_field.id) != value:
            uow.profiles.put_custom_value(customer_id, own_field, value)


def _subscribe_to_email(
    uow: UnitOfWork,
    ctx: ServiceContext,
    before: Profile,
    after: Profile,
    *,
    terms: EditTerms,
    staff: StaffMember,
) -> None:
    """An address typed by hand subscribes (row 21), but nobody who unsubscribed: only they may undo that."""
    address = after.customer.email_address
    if terms.email_wording is None or address is None or address == before.customer.email_address:
        return
    purpose = ConsentPurpose.MARKETING_EMAIL
    if purpose in current_consents(uow.consents.of_customer(after.customer.id)):
        return
    uow.consents.add(
        ConsentEntry(
            id=new_id(),
            customer_id=after.customer.id,
            purpose=purpose,
            state=ConsentState.GRANTED,
            at=ctx.clock.now(),
            wording_id=terms.email_wording.id,
            wording_text=terms.email_wording.text,
            channel=ConsentChannel.STAFF,
            staff_id=staff.id,
        )
    )


def _note_change(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, customer_id: UUID, changed: frozenset[FieldName]
) -> None:
    names = {each.id: each.name for each in uow.profiles.custom_fields()}
    fields = sorted(names.get(each, "") if isinstance(each, UUID) else each.value for each in changed)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.CUSTOMER_CHANGED,
        subject=f"customer:{customer_id}",
        params={"fields": ", ".join(fields)},
    )
