"""Retail numbers: one product may be printed and read in several lengths (GS1 General Specifications 2.1.2).

A UPC-A of 12 digits is the EAN-13 with a 0 in front, and that is one piece's GTIN-14 with another 0, as files
and ITF-14 give it; a UPC-E of 8 digits is a UPC-A with its zeros pressed out. Scanners report now one and now
the other, so an item is found under each of them. Any other text is matched exactly (X10).
"""

_UPC_E_SYSTEMS = "01"


def is_retail_number(text: str) -> bool:
    """Whether the text is an EAN-8, UPC-A, EAN-13 or GTIN-14 with the right check digit."""
    return len(text) in (8, 12, 13, 14) and text.isascii() and text.isdigit() and has_check_digit(text)


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    return digits[-1] == check_digit(digits[:-1])


def check_digit(digits: str) -> str:
    """The check digit that belongs after these digits (weights 3 and 1 from the right)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def barcode_spellings(text: str, symbology: str = "unknown") -> tuple[str, ...]:
    """The text and the other lengths in which the same number may be printed, the text itself first.

    Args:
        text: As read or typed.
        symbology: What the reader called it; ``EAN8`` and ``UPCE`` tell apart what looks alike.
    """
    if not (text.isascii() and text.isdigit()):
        return (text,)
    found = [text]
    if len(text) == 14 and text[0] == "0" and has_check_digit(text):
        text = text[1:]
        found.append(text)
    elif len(text) == 13 and has_check_digit(text):
        found.append(f"0{text}")
    upc_a = _upc_a(text, symbology)
    if upc_a is not None:
        found += [upc_a, f"0{upc_a}", f"00{upc_a}"]
        pressed = _pressed(upc_a)
        if pressed is not None and (symbology == "UPCE" or not has_check_digit(pressed)):
            found.append(pressed)
    return tuple(dict.fromkeys(found))


def _upc_a(text: str, symbology: str) -> str | None:
    """The UPC-A that the digits stand for; None where they stand for none."""
    if len(text) == 13 and text[0] == "0" and has_check_digit(text):
        return text[1:]
    if len(text) == 12 and has_check_digit(text):
        return text
    if len(text) != 8 or text[0] not in _UPC_E_SYSTEMS or symbology == "EAN8":
        return None
    if symbology != "UPCE" and has_check_digit(text):
        return None  # an EAN-8: which of the two it is, its check digit says
    expanded = _expanded(text)
    return expanded if has_check_digit(expanded) else None


def _expanded(upc_e: str) -> str:
    system, body, check = upc_e[0], upc_e[1:7], upc_e[7]
    last = body[5]
    if last in "012":
        return f"{system}{body[:2]}{last}0000{body[2:5]}{check}"
    if last == "3":
        return f"{system}{body[:3]}00000{body[3:5]}{check}"
    if last == "4":
        return f"{system}{body[:4]}00000{body[4]}{check}"
    return f"{system}{body[:5]}0000{last}{check}"


def _pressed(upc_a: str) -> str | None:
    """The UPC-E of a UPC-A; None where it has too few zeros."""
    system, maker, product, check = upc_a[0], upc_a[1:6], upc_a[6:11], upc_a[11]
    if system not in _UPC_E_SYSTEMS:
        return None
    if maker[2:] in ("000", "100", "200") and product[:2] == "00":
        body = f"{maker[:2]}{product[2:]}{maker[2]}"
    elif maker[3:] == "00" and product[:3] == "000":
        body = f"{maker[:3]}{product[3:]}3"
    elif maker[4] == "0" and product[:4] == "0000":
        body = f"{maker[:4]}{product[4]}4"
    elif product[:4] == "0000" and product[4] in "56789":
        body = f"{maker}{product[4]}"
    else:
        return None
    return f"{system}{body}{check}"
