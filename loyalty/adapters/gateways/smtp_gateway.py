"""E-mail through an SMTP server (RFC 5321, RFC 6409), with TLS everywhere but on loopback."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from email.message import EmailMessage

from loyalty.adapters.gateways.answers import accepted, refused, unknown
from loyalty.adapters.gateways.connection_deadline import ConnectionDeadline
from loyalty.adapters.gateways.email_text import compose_email
from loyalty.adapters.gateways.settings import SmtpSettings
from loyalty.domain.channel import Channel, channel_of
from loyalty.domain.message import MemberMessage
from loyalty.ports.messages import GatewayAnswer
from runtime.clock import Clock
from runtime.config import read_secret

_DOT_AT_START = re.compile(rb"^\.", re.MULTILINE)
_GO_AHEAD = 354


class SmtpGateway:
    """One connection a message. Any thread, one message at a time for each call.

    Until the text is on its way every failure is a refusal: nothing went out. From there on only the
    server's own answer counts; without one nobody knows. A refused recipient is final, also a text that
    the server rejects for good; a refused sender, password or connection is a fault of the shop's settings
    or of the server, and is worth another attempt.

    Args:
        settings: The server.
        subject: The subject line of a message.
        clock: For the ``Date`` header.

    Raises:
        ConfigurationError: The password file cannot be read.
    """

    def __init__(
        self, settings: SmtpSettings, *, subject: Callable[[MemberMessage], str], clock: Clock
    ) -> None:
        self._settings = settings
        self._subject = subject
        self._clock = clock
        self._password = read_secret(settings.password_file) if settings.password_file else None
        self._tls = ssl.create_default_context(cafile=settings.ca_file)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2

    def __repr__(self) -> str:
        return f"SmtpGateway({self._settings.host}:{self._settings.port})"

    def send(self, message: MemberMessage) -> GatewayAnswer:
        if channel_of(message.to) is not Channel.EMAIL:
            return refused("not an e-mail address", is_final=True)
        try:
            email = self._compose(message)
        except (ValueError, UnicodeError) as error:
            return refused(f"the e-mail cannot be made: {type(error).__name__}", is_final=True)
        with ConnectionDeadline(self._settings.deadline_s) as deadline:
            try:
                connection = _Connection(self._settings, self._tls, deadline)
            except (smtplib.SMTPException, OSError, ValueError) as error:
                return refused(f"no connection: {_words(error)}")
            try:
                return self._converse(connection, email)
            finally:
                connection.close()

    def _compose(self, message: MemberMessage) -> EmailMessage:
        return compose_email(
            message,
            from_address=self._settings.from_address,
            from_name=self._settings.from_name,
            reply_to=self._settings.reply_to,
            subject=self._subject(message),
            at=self._clock.now(),
        )

    def _converse(self, connection: "_Connection", email: EmailMessage) -> GatewayAnswer:
        try:
            refusal = self._up_to_data(connection, email)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return refused(_words(error))
        if refusal is not None:
            return refusal
        try:
            connection.send(_dotted(email))
            code, words = connection.getreply()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return unknown(f"no answer to the text: {_words(error)}")
        return _verdict(code, words)

    def _up_to_data(self, connection: "_Connection", email: EmailMessage) -> GatewayAnswer | None:
        """Everything that leaves the message unsent; None once the server asks for the text."""
        connection.ehlo_or_helo_if_needed()
        if self._settings.security == "starttls":
            connection.starttls(context=self._tls)
            connection.ehlo()
        if self._settings.username is not None and self._password is not None:
            connection.login(self._settings.username, self._password)
        code, words = connection.mail(self._settings.from_address)
        if code != 250:
            return refused(f"sender refused: {code} {_text(words)}")
        code, words = connection.rcpt(email["To"].addresses[0].addr_spec)
        if code not in (250, 251):
            return refused(f"recipient refused: {code} {_text(words)}", is_final=500 <= code < 600)
        code, words = connection.docmd("DATA")
        if code != _GO_AHEAD:
            return refused(f"text refused: {code} {_text(words)}")
        return None


class _Connection(smtplib.SMTP):
    """A connection under a deadline, with TLS from the first byte where it is asked for."""

    def __init__(self, settings: SmtpSettings, tls: ssl.SSLContext, deadline: ConnectionDeadline) -> None:
        self._first_tls = tls if settings.security == "tls" else None
        self._deadline = deadline
        super().__init__(settings.host, settings.port, timeout=settings.timeout_s)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        self._deadline.watch(plain)
        return plain if self._first_tls is None else self._first_tls.wrap_socket(plain, server_hostname=host)


def _dotted(email: EmailMessage) -> bytes:
    """The text as it stands on the wire: lines that start with a dot doubled, and the closing dot."""
    return _DOT_AT_START.sub(b"..", email.as_bytes()) + b".\r\n"


def _verdict(code: int, words: bytes) -> GatewayAnswer:
    if code == 250:
        return accepted(_text(words))
    if 400 <= code < 600:
        return refused(f"text refused: {code} {_text(words)}", is_final=code >= 500)
    return unknown(f"an answer that is none: {code}")


def _text(words: bytes) -> str:
    return words.decode("ascii", "replace")


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reason = error.smtp_error
        return f"{error.smtp_code} {_text(reason) if isinstance(reason, bytes) else reason}"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or type(error).__name__}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
