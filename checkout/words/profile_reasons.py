"""Why something typed into a profile cannot be taken, as sentences for whoever can mend it."""

from collections.abc import Callable, Mapping

from checkout.words.catalogue import Words
from checkout.words.figures import Params, amount

Wording = Callable[[Words, Params, str], str]


def _reference_taken(words: Words, params: Params, _currency: str) -> str:
    name = params.get("name")
    if not name:
        return words.text("Another profile bears this reference number")
    return words.text("{name} bears this reference number already", name=name)


def _other_account(words: Words, params: Params, _currency: str) -> str:
    name = params.get("name")
    if not name:
        return words.text("Another member collects points under this number")
    return words.text("{name} collects points under this number already", name=name)


PROFILE_WORDINGS: Mapping[str, Wording] = {
    "reference_taken": _reference_taken,
    "phone_of_another_account": _other_account,
    "text_too_long": lambda words, params, _currency: words.plural(
        "At most {count} character", "At most {count} characters", amount("max", params)
    ),
    "too_many_addresses": lambda words, params, _currency: words.plural(
        "At most {count} address", "At most {count} addresses", amount("max", params)
    ),
    "too_many_notes": lambda words, params, _currency: words.plural(
        "At most {count} note; remove an old one",
        "At most {count} notes; remove an old one",
        amount("max", params),
    ),
    "too_many_files": lambda words, params, _currency: words.plural(
        "At most {count} file; remove another one",
        "At most {count} files; remove another one",
        amount("max", params),
    ),
    "too_many_fields": lambda words, params, _currency: words.plural(
        "At most {count} field; archive another one",
        "At most {count} fields; archive another one",
        amount("max", params),
    ),
    "file_too_large": lambda words, params, _currency: words.text(
        "The file is larger than {size} MB", size=words.number(amount("max_mib", params))
    ),
}

PROFILE_REFUSALS: Mapping[str, str] = {
    "email_address_invalid": "This is no e-mail address",
    "birthday_invalid": "There is no such day",
    "language_unknown": "This is no language",
    "country_unknown": "This is no country",
    "identity_not_checked": "The loyalty account moves to this number: check who it is, then tick the box",
    "profile_empty": "Type a name, a company, a phone number, an e-mail address or a reference",
    "profile_gone": "This profile was merged into another one or forgotten",
    "same_customer": "This is one and the same profile",
    "profile_changed_meanwhile": "Somebody changed one of the two profiles meanwhile; look again",
    "row_stored_meanwhile": "This row was imported meanwhile; if they are one person, merge the two profiles",
    "merge_unknown": "There is no such merge",
    "merge_undone": "This merge was undone already",
    "merged_further": "The profile that stayed was merged into another one since; undo that first",
    "points_used_since": "Points that came over were used or have expired since",
    "booked_since": "Points were booked on the other account since",
    "field_value_invalid": "This field cannot take that",
    "training_keeps_nothing": "A training lane keeps nothing of anybody",
    "no_card": "There is no valid card yet",
    "no_reference": "There is no reference number",
    "reference_unscannable": "Scanners read letters, digits, spaces and . _ / - only",
    "note_empty": "There is nothing to write down yet",
    "file_empty": "Choose a file that is not empty",
    "file_type_refused": "This file is no PDF, picture, plain text or office document, whatever it is called",
    "field_name_taken": "Another field is called so",
    "field_name_standard": "Every profile has this already under that name; call the field something else",
    "field_name_missing": "Give the field a name",
    "field_choices_missing": "Write at least one choice, one a line, at most fifty",
    "code_address_invalid": "An address that starts with https:// and holds {reference} once",
}
