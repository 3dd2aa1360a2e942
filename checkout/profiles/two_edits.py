"""Two people changed one profile at once: what each of them wrote, side by side, for the second to choose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from checkout.profiles.profile_form import KEPT, WAS, addresses_text, read_edit, texts_of
from checkout.profiles.sections import FIELD_TITLES, ProfileSection, own_key
from checkout.programme.typed import Typed
from loyalty.domain.custom_field import CustomField
from loyalty.domain.profile import Profile, ProfileField


@dataclass(frozen=True)
class TwoTexts:
    """One field that both have; ``is_mine_touched`` where the second one wrote into it at all."""

    key: str
    title: str
    """Source text of the field's name, or the name that the shop gave it."""
    is_own: bool
    theirs: str
    mine: str
    is_mine_touched: bool


def differing(
    typed: Typed,
    now: Profile,
    section: ProfileSection,
    own_fields: Sequence[CustomField],
    region: str,
) -> list[TwoTexts]:
    """The fields in which what was typed is not what the profile says now."""
    edit = read_edit(typed, section, own_fields)
    mine = {name.value: " ".join(text.split()) for name, text in edit.texts.items()}
    if edit.addresses is not None:
        mine[ProfileField.ADDRESSES.value] = addresses_text(edit.addresses)
    mine |= {own_key(field_id): text.strip() for field_id, text in edit.custom_values.items()}
    names = {name.value: (FIELD_TITLES[name], False) for name in section.fields}
    names |= {own_key(each.id): (each.name, True) for each in own_fields}
    theirs = texts_of(now, section, own_fields, region)
    return [
        TwoTexts(
            key,
            *names[key],
            theirs[key],
            text,
            is_mine_touched=text != " ".join(typed.one(WAS + key).split()),
        )
        for key, text in mine.items()
        if text != " ".join(theirs[key].split()) and key in names
    ]


def to_choose_again(typed: Typed, now: Profile, rows: Sequence[TwoTexts]) -> Typed:
    """The form once more, made of the version that is there now, with a choice for each differing field."""
    choices = {KEPT + row.key: ("mine" if row.is_mine_touched else "theirs",) for row in rows}
    kept = {name: value for name, value in typed.values.items() if not name.startswith(KEPT)}
    return replace(typed, values={**kept, **choices, "version": (str(now.customer.version),)})
