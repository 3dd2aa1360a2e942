"""Makes an e-mail of a message: text and HTML, with the headers that let people leave (RFC 8058)."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from loyalty.domain.message import MemberMessage
from loyalty.domain.text import clean_line

_MAX_SUBJECT_CHARS = 120


def compose_email(
    message: MemberMessage,
    *,
    from_address: str,
    from_name: str,
    reply_to: str | None,
    subject: str,
    at: datetime,
) -> EmailMessage:
    """The e-mail, ready to be sent; the same message gives the same ``Message-ID`` in every attempt.

    Raises:
        ValueError: The address is none, or is not ASCII.
    """
    email = EmailMessage(policy=SMTP)
    local, _, domain = from_address.rpartition("@")
    email["From"] = Address(clean_line(from_name, _MAX_SUBJECT_CHARS) or "", local, domain)
    email["To"] = Address(addr_spec=_ascii_address(message.to))
    email["Subject"] = clean_line(subject, _MAX_SUBJECT_CHARS) or " "
    email["Date"] = format_datetime(at)
    email["Message-ID"] = f"<{message.id}@{domain}>"
    email["Auto-Submitted"] = "auto-generated"
    if reply_to is not None:
        email["Reply-To"] = reply_to
    if message.opt_out_link is not None:
        email["List-Unsubscribe"] = f"<{message.opt_out_link}>"
        if urlsplit(message.opt_out_link).scheme == "https":
            email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email.set_content(f"{message.body}\n", cte="quoted-printable")
    if message.html is not None:
        email.add_alternative(message.html, subtype="html", cte="quoted-printable")
    email["Content-Language"] = message.language
    return email


def _ascii_address(address: str) -> str:
    """The address with its domain in IDNA.

    Raises:
        ValueError: The part before the ``@`` is not ASCII, which few servers take (RFC 6531).
    """
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise ValueError("the address needs SMTPUTF8")
    return f"{local}@{domain.encode('idna').decode('ascii')}"
