"""What can go wrong on the wire."""

from typing import ClassVar

from runtime.errors import ComptoirError


class MessagingError(ComptoirError):
    """Root of the errors of messages and links."""

    code: ClassVar[str] = "messaging"


class MalformedMessageError(MessagingError):
    """The bytes are no message of the expected kind."""

    code: ClassVar[str] = "malformed_message"


class OversizedMessageError(MessagingError):
    """The message is longer than the wire allows."""

    code: ClassVar[str] = "oversized_message"


class UnknownVersionError(MessagingError):
    """The message is of a major version this release does not speak."""

    code: ClassVar[str] = "unknown_version"


class CardNumberError(MessagingError):
    """A payment card's number may stand in it, which nobody here may know."""

    code: ClassVar[str] = "card_number"


class SealError(MessagingError):
    """A sealed body cannot be opened: another key, another header, or tampered bytes."""

    code: ClassVar[str] = "seal"


class LinkError(MessagingError):
    """The link to the broker or to the local peer cannot be used."""

    code: ClassVar[str] = "link"


class RenewalError(MessagingError):
    """A process's certificate cannot be read or was not renewed; the old one holds for some weeks."""

    code: ClassVar[str] = "renewal"
