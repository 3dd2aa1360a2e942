"""A first name as it is typed on capitals only."""

MAX_NAME_LETTERS = 40

SEPARATORS = " -’"
"""What stands between the parts of a name."""


def is_name_letter(text: str) -> bool:
    """Whether this is one character that a name may hold."""
    return len(text) == 1 and (text.isalpha() or text in SEPARATORS)


def smart_case(typed: str) -> str:
    """Capitals where a part of a name begins, small letters elsewhere: ``JEAN-LUC`` to ``Jean-Luc``.

    Leading and doubled separators are dropped.
    """
    parts: list[str] = []
    for char in typed:
        begins = not parts or parts[-1] in SEPARATORS
        if char in SEPARATORS:
            if not begins:
                parts.append(char)
        else:
            parts.append(char.upper() if begins else char.lower())
    return "".join(parts)
