"""Why something about staff, their rights or a customer's data was not done, as sentences."""

from collections.abc import Callable, Mapping

from checkout.words.catalogue import Words

Params = Mapping[str, int | str | bool | None]


def _role_in_use(words: Words, params: Params, _currency: str) -> str:
    count = params.get("count", 0)
    if not isinstance(count, int) or not count:
        return words.text(PEOPLE_REFUSALS["role_in_use"])
    return words.plural("{count} person still has this role", "{count} people still have this role", count)


PEOPLE_WORDINGS: dict[str, Callable[[Words, Params, str], str]] = {
    "lane_number_invalid": lambda words, params, _currency: words.text(
        "The number must be between 1 and {max}", max=str(params.get("max", ""))
    ),
    "device_name_invalid": lambda words, params, _currency: words.text(
        "Names of devices here look like {name}", name=f"{params.get('store', '')}.k02"
    ),
    "device_taken": lambda words, params, _currency: words.text(
        "This device stands at lane {lane}", lane=str(params.get("lane", ""))
    ),
    "certificate_name_invalid": lambda words, params, _currency: words.text(
        "Names of registers here look like {name}", name=f"{params.get('store', '')}.pos-front"
    ),
    "certificate_name_taken": lambda words, params, _currency: words.text(
        "The register {name} has this certificate", name=str(params.get("name", ""))
    ),
    "role_in_use": _role_in_use,
}

PEOPLE_REFUSALS: dict[str, str] = {
    "name_taken": "This name is taken already",
    "permission_not_held": "This goes beyond your own rights; ask the owner",
    "register_unknown": "There is no such register",
    "lane_not_bound": "This register does not belong to this lane",
    "reference_used": "The register recorded something else under this reference",
    "role_of_owner": "The owner’s role can be neither changed nor deleted",
    "role_in_use": "Somebody still has this role",
    "last_owner": "This is the last owner; make another one first",
    "pin_invalid": "Four to eight digits, and not a simple row such as 1234 or 0000",
    "pin_wrong": "This PIN is wrong",
    "pin_locked": "Too many wrong tries: sign in with the password and set the PIN anew",
    "customer_unknown": "There is no such customer",
    "sale_unfinished": "This customer stands on a sale; finish or cancel it first",
    "words_missing": "Write down the words that were said or signed",
    "consent_not_by_staff": "Staff cannot record this",
}
"""Source texts of refusals that need no parameters."""
