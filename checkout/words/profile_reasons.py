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


def _too_long(words: Words, params: Params, _currency: str) -> str:
    return words.plural("At most {count} character", "At most {count} characters", amount("max", params))


def _too_many_addresses(words: Words, params: Params, _currency: str) -> str:
    return words.plural("At most {count} address", "At most {count} addresses", amount("max", params))


PROFILE_WORDINGS: Mapping[str, Wording] = {
    "reference_taken": _reference_taken,
    "phone_of_another_account": _other_account,
    "text_too_long": _too_long,
    "too_many_addresses": _too_many_addresses,
}

PROFILE_REFUSALS: Mapping[str, str] = {
    "email_address_invalid": "This is no e-mail address",
    "birthday_invalid": "There is no such day",
    "language_unknown": "This is no language",
    "country_unknown": "This is no country",
    "identity_not_checked": "The loyalty account moves to this number: check who it is, then tick the box",
    "profile_empty": "Type a name, a company, a phone number, an e-mail address or a reference",
    "profile_gone": "This profile was merged into another one or forgotten",
    "field_value_invalid": "This field cannot take that",
}
