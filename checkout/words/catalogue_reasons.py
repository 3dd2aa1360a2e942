"""Why the catalogue, or a customer's reference number, was not taken as typed."""

from collections.abc import Callable

from checkout.words.catalogue import Words
from checkout.words.figures import Params, amount


def _too_long(words: Words, params: Params, _currency: str) -> str:
    return words.text("At most {max} characters; these are {length}", max=amount("max", params),
                      length=amount("length", params))  # fmt: skip


def _barcode_too_long(words: Words, params: Params, _currency: str) -> str:
    return words.text("At most {max} characters", max=amount("max", params))


def _name_taken(words: Words, params: Params, _currency: str) -> str:
    return words.text("Another one is called “{name}” already", name=params.get("name", ""))


def _barcode_taken(words: Words, params: Params, _currency: str) -> str:
    return words.text("This barcode belongs to “{item}”", item=params.get("item", ""))


def _reference_taken(words: Words, params: Params, _currency: str) -> str:
    return words.text(
        "This is the barcode of “{item}”: at the till it would sell it", item=params.get("item", "")
    )


def _category_in_use(words: Words, params: Params, _currency: str) -> str:
    return words.plural(
        "{count} item stands in this category; move it first",
        "{count} items stand in this category; move them first",
        amount("items", params),
    )


def _tax_in_use(words: Words, params: Params, _currency: str) -> str:
    return words.plural(
        "{count} item bears this tax; take it off first",
        "{count} items bear this tax; take it off them first",
        amount("items", params),
    )


def _price_unreadable(words: Words, params: Params, _currency: str) -> str:
    return words.text("“{read}” is no price", read=params.get("read", ""))


def _neither_yes_nor_no(words: Words, params: Params, _currency: str) -> str:
    return words.text("“{read}” is neither yes nor no", read=params.get("read", ""))


def _barcode_rounded(words: Words, params: Params, _currency: str) -> str:
    return words.text(
        "“{read}” was rounded by a spreadsheet: give the column the format “text”",
        read=params.get("read", ""),
    )


def _too_many_lines(words: Words, params: Params, _currency: str) -> str:
    return words.text(
        "At most {max} lines of {chars} characters", max=amount("max", params), chars=amount("chars", params)
    )


def _too_many_variations(words: Words, params: Params, _currency: str) -> str:
    return words.text("An item has at most {max} variations", max=amount("max", params))


def _label_layout_invalid(words: Words, params: Params, _currency: str) -> str:
    return words.text("{read} lays out no label", read=str(params.get("read", "")))


def _too_many_layouts(words: Words, params: Params, _currency: str) -> str:
    return words.text("At most {max} layouts", max=amount("max", params))


CATALOGUE_WORDINGS: dict[str, Callable[[Words, Params, str], str]] = {
    "name_too_long": _too_long,
    "barcode_too_long": _barcode_too_long,
    "catalogue_name_taken": _name_taken,
    "barcode_taken": _barcode_taken,
    "reference_is_barcode": _reference_taken,
    "category_in_use": _category_in_use,
    "tax_in_use": _tax_in_use,
    "too_many_variations": _too_many_variations,
    "label_layout_invalid": _label_layout_invalid,
    "too_many_layouts": _too_many_layouts,
    "too_many_lines": _too_many_lines,
    "price_unreadable": _price_unreadable,
    "barcode_rounded": _barcode_rounded,
    "neither_yes_nor_no": _neither_yes_nor_no,
}

CATALOGUE_REFUSALS: dict[str, str] = {
    "barcode_unreadable": "A barcode is one line of letters, digits, spaces and . _ / -",
    "barcode_is_membership_code": "This is a membership code: it names a member, not an item",
    "barcode_is_reference": "This is a customer’s reference number: at the till it would name the customer",
    "item_changed_meanwhile": "Somebody else changed this item in the meantime",
    "printer_address_invalid": "An address such as 192.168.1.50 or 192.168.1.50:9100",
    "printer_file_invalid": "The file of a printer, such as /dev/usb/lp0",
    "category_unknown": "This category is no longer there",
    "tax_unknown": "This tax is no longer there",
}
