"""SMS through a provider's HTTP interface."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from loyalty.adapters.gateways.answers import refused, unknown
from loyalty.adapters.gateways.http_sms_form import request_of, secret_header, verdict
from loyalty.adapters.gateways.settings import HttpSmsSettings
from loyalty.domain.channel import Channel, channel_of
from loyalty.domain.message import MemberMessage
from loyalty.ports.messages import GatewayAnswer
from runtime.config import read_secret
from runtime.errors import ConfigurationError

_MAX_ANSWER_BYTES = 64 * 1024
_PLAIN = {"User-Agent": "comptoir", "Connection": "close", "Accept-Encoding": "identity"}


class HttpSmsGateway:
    """One request on one new connection a message; any thread that runs no event loop.

    Whatever fails before the first byte of the request leaves is a refusal: name look-up, connection, TLS.
    Whatever fails afterwards leaves it unknown, a time-out included. The deadline counts for the whole
    exchange. Redirects are not followed and proxies of the environment are not used: the secret goes to
    the configured address and nowhere else.

    Raises:
        ConfigurationError: The secret file cannot be read, or holds what no header can carry.
    """

    def __init__(self, settings: HttpSmsSettings) -> None:
        self._settings = settings
        self._secret = secret_header(settings, read_secret(settings.secret_file))
        if not all(value.isascii() and value.isprintable() for value in self._secret.values()):
            raise ConfigurationError(f"the secret {settings.secret_file} does not fit into a header")
        self._tls = ssl.create_default_context(cafile=settings.ca_file)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        # The library logs the address of every request, and some providers' addresses are secrets.
        logging.getLogger("httpx").setLevel(logging.WARNING)

    def __repr__(self) -> str:
        return f"HttpSmsGateway({httpx.URL(self._settings.url).host})"

    def send(self, message: MemberMessage) -> GatewayAnswer:
        if channel_of(message.to) is not Channel.SMS:
            return refused("not a phone number", is_final=True)
        return asyncio.run(self._exchange(message))

    async def _exchange(self, message: MemberMessage) -> GatewayAnswer:
        progress = _Progress()
        body = b""
        try:
            async with asyncio.timeout(self._settings.deadline_s):
                body = await self._post(message, progress)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            said = type(error).__name__
            if not progress.has_left:
                return refused(f"no connection: {said}")
            if progress.status is None:
                return unknown(f"no answer: {said}")
        if progress.status is None:
            return unknown("no answer")
        return verdict(self._settings, progress.status, progress.headers, body)

    async def _post(self, message: MemberMessage, progress: "_Progress") -> bytes:
        content, headers = request_of(self._settings, message)
        timeout = httpx.Timeout(self._settings.deadline_s, connect=self._settings.connect_timeout_s)
        async with (
            httpx.AsyncClient(
                verify=self._tls, timeout=timeout, trust_env=False, follow_redirects=False
            ) as client,
            client.stream(
                "POST",
                self._settings.url,
                content=content,
                headers={**_PLAIN, **headers, **self._secret},
                extensions={"trace": progress.note},
            ) as answer,
        ):
            progress.status, progress.headers = answer.status_code, answer.headers
            return await _read(answer)


class _Progress:
    """How far an exchange came; the library's trace tells when the request starts to leave."""

    def __init__(self) -> None:
        self.has_left = False
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}

    async def note(self, event: str, _details: dict[str, Any]) -> None:
        if event.endswith("send_request_headers.started"):
            self.has_left = True


async def _read(answer: httpx.Response) -> bytes:
    """The start of the answer; more than 64 KiB of it is never needed."""
    parts: list[bytes] = []
    size = 0
    async for part in answer.aiter_raw():
        parts.append(part)
        size += len(part)
        if size >= _MAX_ANSWER_BYTES:
            break
    return b"".join(parts)[:_MAX_ANSWER_BYTES]
