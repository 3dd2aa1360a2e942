"""A real SMTP server on loopback that does as the test says."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from aiosmtpd import smtp
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailbox:
    """What arrived, and how the server answers."""

    rcpt_answer: str | None = None
    """Instead of taking the recipient."""
    data_answer: str = "250 2.0.0 queued"
    accepts_then_cuts: bool = False
    """Keep the text, then close without a word."""
    credentials: tuple[str, str] | None = None
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    """For each letter, whether it came over TLS."""

    async def handle_RCPT(
        self, server: smtp.SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_answer is not None:
            return self.rcpt_answer
        envelope.rcpt_tos.append(address)
        self.recipients.append(address)
        return "250 ok"

    async def handle_DATA(self, server: smtp.SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        if self.data_answer.startswith("250"):
            self.raw.append(content)
            letter = message_from_bytes(content, policy=SMTP)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
            self.secure.append(server.transport.get_extra_info("ssl_object") is not None)
        if self.accepts_then_cuts:
            transport: Any = server.transport
            transport.abort()
        return self.data_answer

    def authenticate(
        self, server: smtp.SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        pair = (data.login.decode(), data.password.decode())
        self.logins.append(pair)
        return AuthResult(success=pair == self.credentials, handled=False)


@contextlib.contextmanager
def smtp_server(
    mailbox: Mailbox, security: str = "none", certificate: tuple[Path, Path] | None = None
) -> Iterator[int]:
    """Serve ``mailbox`` on a thread of its own; yields the port."""
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
    loop = asyncio.new_event_loop()

    def protocol() -> smtp.SMTP:
        return smtp.SMTP(
            mailbox,
            hostname="localhost",
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=mailbox.authenticate if mailbox.credentials else None,
            auth_required=mailbox.credentials is not None and security == "starttls",
            auth_require_tls=security == "starttls",
            loop=loop,
        )

    first_tls = context if security == "tls" else None
    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=first_tls))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
