"""Section ``[checkout.messages]``: by which ways messages leave the station.

Nothing is chosen by default: a channel without a way refuses its messages and says so.
"""

import ipaddress
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from runtime.config import ConfiguredPath, Section

Seconds = Annotated[float, Field(gt=0, le=300)]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Status = Annotated[int, Field(ge=100, le=599)]


def is_loopback(host: str) -> bool:
    """Whether what goes to the host never leaves the machine. Names other than ``localhost`` do."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an address that starts with https://")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("plain HTTP is refused off loopback, use https://")
    if parts.username or parts.password:
        raise ValueError("no secrets in the address: put them into a secret file")
    return url


WebAddress = Annotated[str, AfterValidator(_web_address)]


class SmtpSettings(Section):
    """An SMTP server that takes e-mail for submission (RFC 6409)."""

    host: str
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """``tls`` is TLS from the first byte (port 465); ``none`` is refused off loopback."""
    ca_file: ConfiguredPath | None = None
    """Certificates to trust instead of the system's."""
    username: str | None = None
    password_file: ConfiguredPath | None = None
    from_address: Annotated[str, StringConstraints(pattern=r"^[!-?A-~]+@[A-Za-z0-9.-]+$")]
    from_name: str = ""
    """The shop's name as it stands beside the address."""
    reply_to: Annotated[str, StringConstraints(pattern=r"^[!-?A-~]+@[A-Za-z0-9.-]+$")] | None = None
    timeout_s: Seconds = 15.0
    """For each step of the conversation."""
    deadline_s: Seconds = 60.0
    """For the whole of it."""

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.security == "none" and not is_loopback(self.host):
            raise ValueError(f"e-mail to {self.host} without TLS is refused: it is not loopback")
        if (self.username is None) != (self.password_file is None):
            raise ValueError("username and password_file go together")
        return self


class HttpSmsFields(Section):
    """Names of the provider's fields; a dot goes one object deeper: ``message.to``."""

    to: str = "to"
    text: str = "text"
    sender: str | None = None
    message_id: str | None = None
    """Where the provider takes our id of the message."""


class HttpSmsSettings(Section):
    """An SMS provider with an HTTP interface: one POST a message."""

    url: WebAddress
    body: Literal["json", "form"] = "json"
    fields: HttpSmsFields = HttpSmsFields()
    fixed: dict[str, str | int | bool] = Field(default_factory=dict)
    """Fields that are the same in every request."""
    number_style: Literal["e164", "digits"] = "e164"
    """``digits`` leaves the plus out."""
    to_is_list: bool = False
    sender: str | None = None
    """What the message comes from: a number, or a name where the country allows it."""
    secret_file: ConfiguredPath
    auth_header: HeaderName = "Authorization"
    auth_prefix: str = "Bearer "
    """Before the secret in the header; empty for a bare key."""
    username: str | None = None
    """With it the secret is a password and both go as HTTP Basic."""
    idempotency_header: HeaderName | None = None
    """The header that carries the message's id, where the provider sends the same id once only."""
    accepted_statuses: tuple[Status, ...] = (200, 201, 202)
    final_statuses: tuple[Status, ...] = (400, 413, 422)
    """Refusals that trying again does not mend."""
    answer_field: str | None = None
    """A field of the JSON answer that also has to say yes, for providers that refuse with status 200."""
    answer_accepted: tuple[str, ...] = ()
    answer_refused: tuple[str, ...] = ()
    """Any other value means: nobody knows."""
    connect_timeout_s: Seconds = 5.0
    deadline_s: Seconds = 20.0
    """For the whole exchange, name look-up included."""
    ca_file: ConfiguredPath | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.answer_field is not None and not self.answer_accepted:
            raise ValueError("answer_field needs answer_accepted")
        if self.fields.sender is not None and self.sender is None:
            raise ValueError("fields.sender needs sender")
        return self


class AppriseSettings(Section):
    """One of the services that Apprise knows."""

    url_file: ConfiguredPath
    """Secret: Apprise's address with ``{to}`` for the member's: ``twilio://SID:TOKEN@FROM/{to}``."""
    deadline_s: Seconds = 30.0


class FileSettings(Section):
    """For trying out: messages are written, nothing is sent."""

    folder: ConfiguredPath


class InboundSmsSettings(Section):
    """Members' answers by SMS, which the provider posts to the public door with a signature."""

    secret_file: ConfiguredPath
    previous_secret_file: ConfiguredPath | None = None
    """Still taken while the provider changes over to the new one."""
    signature_header: HeaderName = "X-Signature"
    signature_prefix: str = ""
    """Before the signature in the header: ``sha256=``."""
    signature_encoding: Literal["hex", "base64"] = "hex"
    timestamp_header: HeaderName = "X-Timestamp"
    """Unix time in seconds; signed together with the body."""
    separator: str = "."
    """Between the time and the body in what is signed."""
    window_s: Annotated[int, Field(ge=30, le=900)] = 300
    """How far the time may be from the station's."""
    body: Literal["json", "form"] = "json"
    id_field: str = "id"
    sender_field: str = "from"
    text_field: str = "text"
    number_style: Literal["e164", "digits"] = "e164"


class MessagesSettings(Section):
    """The way of each channel, and the settings of the ways that are used."""

    sms: Literal["off", "file", "http", "apprise"] = "off"
    email: Literal["off", "file", "smtp", "apprise"] = "off"
    file: FileSettings | None = None
    http: HttpSmsSettings | None = None
    smtp: SmtpSettings | None = None
    sms_apprise: AppriseSettings | None = None
    email_apprise: AppriseSettings | None = None
    inbound: InboundSmsSettings | None = None
    """Without it the public door has no route for answers."""

    @model_validator(mode="after")
    def _ways_are_described(self) -> Self:
        needed = {
            "file": "file" in {self.sms, self.email},
            "http": self.sms == "http",
            "smtp": self.email == "smtp",
            "sms_apprise": self.sms == "apprise",
            "email_apprise": self.email == "apprise",
        }
        missing = [name for name, is_needed in needed.items() if is_needed and getattr(self, name) is None]
        if missing:
            raise ValueError(f"the section {missing[0]} is missing")
        return self
