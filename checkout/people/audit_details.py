"""Details of a deed in words: what each parameter is called, and what its codes, amounts and rates mean."""

from collections.abc import Mapping
from uuid import UUID

from checkout.people.permission_words import SUBJECTS
from checkout.words import Words
from checkout.words.figures import percent

LABELS: Mapping[str, str] = {
    "added": "Added",
    "amount_minor": "Amount",
    "before": "Before",
    "before_minor": "Before",
    "before_ppm": "Before",
    "brand": "Card",
    "by": "With",
    "cards": "Cards",
    "changes": "Changed",
    "channel": "How",
    "content": "Code",
    "customer": "Customer",
    "deed": "Decision",
    "device": "Device",
    "difference_minor": "Counted less expected",
    "fields": "Changed",
    "file": "File",
    "filters": "Filters",
    "format": "Format",
    "gone": "Absorbed profile",
    "inclusion": "Shown prices",
    "kind": "Kind",
    "lanes": "Lanes",
    "last_four": "Last four digits",
    "messages": "Messages that wait",
    "name": "Name",
    "number": "No.",
    "origin": "From",
    "other": "Other profile",
    "points": "Points",
    "price_minor": "Price",
    "purpose": "What for",
    "rate_ppm": "Rate",
    "reason": "Reason",
    "release": "Release",
    "removed": "Taken away",
    "role": "Role",
    "rows": "Rows",
    "settings": "Changed",
    "source": "From",
    "state": "State",
    "to": "To",
    "version": "Version",
    "volume_percent": "Volume",
    "what": "What",
}
CODES: Mapping[str, str] = {
    "addresses": "addresses",
    "birthday": "birthday",
    "camera_notice": "notice about the camera",
    "company_name": "company",
    "companion": "who sells in this lane",
    "email_address": "e-mail address",
    "exchange": "exchange",
    "expiry": "how long points last",
    "family_name": "last name",
    "given_name": "first name",
    "granted": "yes",
    "import": "a file",
    "included": "with the tax",
    "keeps_who_has_points": "keeping who has points",
    "kiosk": "kiosk",
    "language": "language of messages",
    "limits": "limits",
    "link": "link in a message",
    "marketing_email": "offers by e-mail",
    "marketing_sms": "offers by SMS",
    "member": "a link to themselves",
    "minimum_age": "minimum age",
    "nickname": "nickname",
    "note": "note",
    "notice_days": "days of notice",
    "on_top": "without the tax",
    "password": "password",
    "paused": "paused",
    "phone": "phone",
    "phone_number": "phone number",
    "pin": "code",
    "points_name": "name of the points",
    "preferences": "preferences",
    "printer": "printer",
    "privacy_contact": "contact for questions about data",
    "privacy_policy": "privacy policy",
    "programme": "loyalty programme",
    "programme_messages": "messages about their points",
    "purges_inactive": "forgetting who no longer comes",
    "quiet_hours": "quiet hours",
    "reference_id": "reference number",
    "refund": "refund",
    "resumed": "resumed",
    "retention_months": "months kept",
    "retired": "taken away",
    "rule": "how points are earned",
    "scale_labels": "labels of scales",
    "security_policy": "security policy",
    "selling": "sells",
    "sms_reply": "reply by SMS",
    "staff": "staff",
    "staff_code": "staff code of the kiosks",
    "status_page": "status page",
    "tier_added": "new reward",
    "tier_cheaper": "a reward costs fewer points",
    "tier_dearer": "a reward costs more points",
    "tier_removed": "reward removed",
    "tier_renamed": "name of a reward",
    "tier_terms": "what a reward gives",
    "training": "training",
    "void": "void",
    "withdrawn": "no, not any more",
}
_PERMISSIONS: Mapping[str, str] = {
    each.permission.value: each.title for _subject, texts in SUBJECTS for each in texts
}
_AS_WRITTEN = frozenset({"name", "reason", "file", "role", "device", "brand", "release", "origin", "source"})
"""Names that people gave; a code among them would be chance."""


def details(params: Mapping[str, int | str], words: Words, currency: str) -> str:
    """``label: value`` of each, in the order in which they were noted; empty ones are left out.

    A parameter or a code that the tables do not know reads as it was noted, so that nothing is hidden.
    """
    shown = ((name, _value(name, value, words, currency)) for name, value in params.items() if value != "")
    return " · ".join(
        words.text("{label}: {value}", label=_label(name, words), value=value) for name, value in shown
    )


def _label(name: str, words: Words) -> str:
    source = LABELS.get(name)
    return words.text(source) if source is not None else name


def _value(name: str, value: int | str, words: Words, currency: str) -> str:
    if isinstance(value, int):
        if name.endswith("_minor"):
            return words.money(value, currency)
        if name.endswith("_ppm"):
            return percent(words, value)
        return words.number(value)
    if name in _AS_WRITTEN:
        return value
    return ", ".join(_one(each, words) for each in value.split(", "))


def _one(value: str, words: Words) -> str:
    """A code in words, a profile by the end of its number as in the list, anything else as it is."""
    source = CODES.get(value) or _PERMISSIONS.get(value)
    if source is not None:
        return words.text(source)
    try:
        return UUID(value).hex[-8:]
    except ValueError:
        return value
