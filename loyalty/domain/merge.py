"""Two profiles of one person become one (row 182).

The profile that stays takes from the other what it does not know itself, and what somebody picked. The other
one stays stored behind it, with all that names it: old ids, references, codes, links and numbers lead on to
the one that stays, and a merge can be undone.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from loyalty.domain.address import PostalAddress
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.consent import ConsentPurpose, ConsentState
from loyalty.domain.profile import MAX_ADDRESSES, Profile, ProfileField, birthday_text
from loyalty.domain.profile_cleaning import FieldName, parse_birthday

Picked = AbstractSet[FieldName]
"""Fields whose value comes from the profile that goes."""
_TEXTS = tuple(name for name in ProfileField if name not in (ProfileField.ADDRESSES, ProfileField.BIRTHDAY))


@dataclass(frozen=True, slots=True)
class MergeRecord:
    """What a merge changed, so that it can be undone. Texts are contact data: erasing the person empties it.

    ``texts`` and ``custom_values`` hold (before, after) of the profile that stays.
    """

    texts: Mapping[ProfileField, tuple[str, str]] = field(default_factory=dict)
    custom_values: Mapping[UUID, tuple[str, str]] = field(default_factory=dict)
    addresses_before: tuple[PostalAddress, ...] | None = None
    was_email_private: bool = False
    group_ids: tuple[UUID, ...] = ()
    """Groups that the profile that stays came into."""
    consents: Mapping[ConsentPurpose, ConsentState | None] = field(default_factory=dict)
    """What the profile that stays had said where the merge stated something else."""
    swapped_reference: str | None = None
    """Reference of the profile that goes, where the two changed theirs over."""
    given_account: UUID | None = None
    """The one account of both, which belonged to the profile that goes."""
    led_on: tuple[UUID, ...] = ()
    """Profiles that had been merged into the one that goes, and lead to the one that stays now."""
    last_bookings: Mapping[UUID, int] = field(default_factory=dict)
    """By account: how many entries it had right after the merge."""


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge; ``undone_at`` once it was undone."""

    id: UUID
    kept_id: UUID
    gone_id: UUID
    at: datetime
    staff_id: UUID
    record: MergeRecord | None
    """None once the person was erased."""
    undone_at: datetime | None = None
    undone_by: UUID | None = None


def merged_profile(kept: Profile, gone: Profile, picked: Picked) -> Profile:
    """The profile that stays, after the merge. Addresses of both stay; a private e-mail stays private."""
    customer = kept.customer
    for name in _TEXTS:
        if _is_taken(name, kept.text(name), gone.text(name), picked):
            customer = replace(customer, **{name.value: getattr(gone.customer, name.value)})
            if name is ProfileField.EMAIL_ADDRESS:
                customer = replace(customer, email_bounced_at=gone.customer.email_bounced_at)
    customer = replace(
        customer, is_email_private=kept.customer.is_email_private or gone.customer.is_email_private
    )
    takes_birthday = _is_taken(
        ProfileField.BIRTHDAY, birthday_text(kept.birthday), birthday_text(gone.birthday), picked
    )
    values = dict(kept.custom_values)
    for field_id, text in gone.custom_values.items():
        if _is_taken(field_id, values.get(field_id, ""), text, picked):
            values[field_id] = text
    more = tuple(each for each in gone.addresses if each not in kept.addresses)
    return Profile(
        customer,
        gone.birthday if takes_birthday else kept.birthday,
        (*kept.addresses, *more)[:MAX_ADDRESSES],
        values,
    )


def record_of(kept: Profile, after: Profile) -> MergeRecord:
    """What of the profile changed."""
    texts = {
        name: (kept.text(name), after.text(name))
        for name in (*_TEXTS, ProfileField.BIRTHDAY)
        if kept.text(name) != after.text(name)
    }
    values = {
        field_id: (kept.custom_values.get(field_id, ""), text)
        for field_id, text in after.custom_values.items()
        if kept.custom_values.get(field_id, "") != text
    }
    return MergeRecord(
        texts=texts,
        custom_values=values,
        addresses_before=kept.addresses if kept.addresses != after.addresses else None,
        was_email_private=kept.customer.is_email_private,
    )


def parted_profile(now: Profile, record: MergeRecord) -> Profile:
    """The profile as before the merge; what was changed since stays as it is."""
    customer, birthday = now.customer, now.birthday
    for name, (before, after) in record.texts.items():
        if now.text(name) != after:
            continue
        if name is ProfileField.BIRTHDAY:
            parsed = parse_birthday(before) if before else None
            birthday = parsed if isinstance(parsed, Birthday) else None
        else:
            texts: dict[str, Any] = {name.value: before or None}
            customer = replace(customer, **texts)
    if not record.was_email_private:
        customer = replace(customer, is_email_private=False)
    values = {
        field_id: text
        for field_id, text in now.custom_values.items()
        if record.custom_values.get(field_id, ("x", ""))[1] != text or record.custom_values[field_id][0]
    }
    for field_id, (before, after) in record.custom_values.items():
        if before and values.get(field_id) == after:
            values[field_id] = before
    addresses = now.addresses if record.addresses_before is None else record.addresses_before
    return Profile(customer, birthday, addresses, values)


def _is_taken(name: FieldName, kept: str, gone: str, picked: Picked) -> bool:
    return bool(gone) and gone != kept and (not kept or name in picked)
