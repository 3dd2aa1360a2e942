"""E-mail addresses: kept as written, but for the domain, which knows no upper case."""

import re

from loyalty.domain.customer import Customer
from loyalty.domain.text import clean_line

MAX_EMAIL_CHARS = 254
_LOCAL = re.compile(r"[^\s@,;:<>()\[\]\\\"]{1,64}")
_LABEL = re.compile(r"(?!-)[^\W_](?:[\w-]{0,61}[^\W_])?")


def parse_email_address(text: str) -> str | None:
    """The address, or None where the text cannot be one. What it cannot tell is whether anybody reads it."""
    address = clean_line(text, MAX_EMAIL_CHARS + 1)
    if address is None or len(address) > MAX_EMAIL_CHARS:
        return None
    local, at, domain = address.rpartition("@")
    labels = domain.split(".")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith("."):
        return None
    if len(labels) < 2 or ".." in local or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return f"{local}@{domain.lower()}"


def mailbox_of(text: str | None) -> str | None:
    """The address in the form in which letters and opt-outs compare it; None where it is none to write to.

    Upper and lower case are told apart by no mail server that people use: who opted out as ``Zoe@…`` is
    not written to as ``zoe@…``. A part before the ``@`` that is not ASCII is refused, as most servers do.
    """
    address = parse_email_address(text) if text is not None else None
    return address.lower() if address is not None and address.rpartition("@")[0].isascii() else None


def reachable_mailbox(customer: Customer) -> str | None:
    """The profile's mailbox; None where there is none, or letters came back from it."""
    return mailbox_of(customer.email_address) if customer.email_bounced_at is None else None


def masked_email_address(address: str) -> str:
    """What is read of it without the permission for contact details (row 9), and of a private one by all."""
    domain = address.rpartition("@")[2]
    return f"{address[:1]}\u2022\u2022\u2022@\u2022\u2022\u2022.{domain.rpartition('.')[2]}"
