"""Values of the shop's own fields: what each kind takes, and the one form in which it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.custom_field import MAX_VALUE_CHARS, CustomField, FieldKind
from runtime.ids import new_id

CHOICES = ("vache", "avoine")


def of(kind: FieldKind) -> CustomField:
    return CustomField(new_id(), "champ", kind, CHOICES if kind is FieldKind.SELECTION else ())


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldKind.TEXT, "  sans \u202esucre\x00 ", "sans sucre"),
        (FieldKind.TEXT, " ", None),
        (FieldKind.NUMBER, "1 234,50", "1234.5"),
        (FieldKind.NUMBER, "-0,0", "0"),
        (FieldKind.NUMBER, "100", "100"),
        (FieldKind.NUMBER, "NaN", None),
        (FieldKind.NUMBER, "1e99", None),
        (FieldKind.DATE, "2026-02-28", "2026-02-28"),
        (FieldKind.DATE, "2026-02-30", None),
        (FieldKind.EMAIL, "zoe@exemple.fr", "zoe@exemple.fr"),
        (FieldKind.EMAIL, "zoe@exemple", None),
        (FieldKind.PHONE, "06 12 34 56 78", "+33612345678"),
        (FieldKind.PHONE, "12", None),
        (FieldKind.TOGGLE, "true", "true"),
        (FieldKind.TOGGLE, "oui", None),
        (FieldKind.SELECTION, "AVOINE", "avoine"),
        (FieldKind.SELECTION, "soja", None),
    ],
)
def test_what_a_field_takes(kind: FieldKind, typed: str, kept: str | None) -> None:
    # part of row 43
    assert of(kind).canonical(typed, "FR") == kept


@given(st.sampled_from(FieldKind), st.text(max_size=600))
def test_a_kept_value_is_kept_the_same_again(kind: FieldKind, typed: str) -> None:
    kept = of(kind).canonical(typed, "FR")
    if kept is not None:
        assert len(kept) <= MAX_VALUE_CHARS
        assert of(kind).canonical(kept, "FR") == kept
