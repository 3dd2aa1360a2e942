"""What a cell means for a field of the shop's own; why, where it means nothing, says what would be taken."""

from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.importing.blanks import says_nothing
from loyalty.domain.importing.cells import CellContext, Meaning, Unread, unread_date
from loyalty.domain.importing.dates import parse_date
from loyalty.domain.importing.reasons import CellReason as R
from loyalty.domain.importing.words import NO_WORDS, YES_WORDS, plain_word

_NOT_TAKEN = {
    FieldKind.NUMBER: R.NOT_A_NUMBER,
    FieldKind.EMAIL: R.NOT_AN_EMAIL,
    FieldKind.PHONE: R.NOT_A_PHONE_NUMBER,
    FieldKind.TOGGLE: R.NOT_YES_OR_NO,
    FieldKind.SELECTION: R.NOT_A_CHOICE,
}
_SHOWN_CHOICES = 5


def read_own_field(own: CustomField, text: str, context: CellContext) -> Meaning:
    """The canonical text, as ``CustomField.canonical`` has it; a sheet may write it in more ways."""
    taken = _taken(own, text, context)
    if taken is not None or says_nothing(text):
        return taken
    if own.kind is FieldKind.DATE:
        return unread_date(text, context, R.NOT_A_DATE)
    choices = ", ".join(own.choices[:_SHOWN_CHOICES]) + (", …" if len(own.choices) > _SHOWN_CHOICES else "")
    return Unread(_NOT_TAKEN.get(own.kind, R.NOT_FOR_THIS_FIELD), choices=choices or None)


def _taken(own: CustomField, text: str, context: CellContext) -> str | None:
    if own.kind is FieldKind.SELECTION:
        return own.canonical(text, context.phone_region) or _alike(own, text)
    if says_nothing(text):
        return None
    if own.kind is FieldKind.DATE:
        day = parse_date(text, context.date_order, context.today)
        return day.isoformat() if day is not None else None
    if own.kind is FieldKind.TOGGLE:
        word = plain_word(text)
        return "true" if word in YES_WORDS else "false" if word in NO_WORDS else None
    return own.canonical(text, context.phone_region)


def _alike(own: CustomField, text: str) -> str | None:
    """The only choice that differs by its accents alone."""
    alike = [each for each in own.choices if plain_word(each) == plain_word(text)]
    return alike[0] if len(alike) == 1 else None
