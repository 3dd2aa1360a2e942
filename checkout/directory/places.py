"""Where a page of a list ended, in an address."""

import re
from datetime import UTC, datetime, timedelta

from checkout.programme.typed import uuid_of
from loyalty.ports.find_customers import Place

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PATTERN = re.compile(r"(-|\d{1,17})~([0-9a-f-]{36})", re.ASCII)


def text_of_place(place: Place) -> str:
    """Microseconds of the last visit, or a dash for who never came, and the customer's id."""
    at = place.last_visit_at
    return f"{'-' if at is None else (at - _EPOCH) // timedelta(microseconds=1)}~{place.customer_id}"


def place_of(text: str) -> Place | None:
    """The place of a text; None for any other text."""
    match = _PATTERN.fullmatch(text)
    customer_id = uuid_of(match[2]) if match is not None else None
    if match is None or customer_id is None:
        return None
    try:
        at = None if match[1] == "-" else _EPOCH + timedelta(microseconds=int(match[1]))
    except OverflowError:
        return None
    return Place(at, customer_id)
