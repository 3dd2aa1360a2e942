"""Checks and reads what a provider posts when a member answers by SMS (row 196)."""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

from loyalty.adapters.gateways.settings import InboundSmsSettings
from loyalty.domain.channel import Channel, channel_of
from loyalty.services.receive_reply import InboundSms
from runtime.config import read_secret
from runtime.errors import ConfigurationError

MAX_BODY_BYTES = 16 * 1024
MIN_SECRET_CHARS = 16
_MAX_ID_CHARS = 200
_MAX_TEXT_CHARS = 1600


class Rejection(StrEnum):
    """Why a post was not taken. For the log: the answer to the poster does not say."""

    TOO_LARGE = "too_large"
    NOT_SIGNED = "not_signed"
    SIGNATURE_WRONG = "signature_wrong"
    OUT_OF_TIME = "out_of_time"
    """Signed well, but too long ago or in the future: perhaps recorded and played again."""
    MALFORMED = "malformed"


def signature_of(secret: str, timestamp: str, body: bytes, separator: str = ".") -> bytes:
    """HMAC-SHA256 (RFC 2104) over the time, the separator and the body as it came."""
    return hmac.digest(secret.encode(), f"{timestamp}{separator}".encode() + body, "sha256")


class SignedSmsReader:
    """Reads posts of one provider. Any thread.

    Raises:
        ConfigurationError: A secret cannot be read, or is shorter than 16 characters.
    """

    def __init__(self, settings: InboundSmsSettings) -> None:
        self._settings = settings
        files = [settings.secret_file, settings.previous_secret_file]
        self._secrets = [read_secret(file) for file in files if file is not None]
        if any(len(secret) < MIN_SECRET_CHARS for secret in self._secrets):
            raise ConfigurationError(f"a secret for inbound SMS has at least {MIN_SECRET_CHARS} characters")

    def __repr__(self) -> str:
        return "SignedSmsReader()"

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> InboundSms | Rejection:
        """The message, or why it is none.

        Args:
            headers: Of the request; names in any case.
            body: As it came, not decoded.
            now: The station's time.
        """
        if len(body) > MAX_BODY_BYTES:
            return Rejection.TOO_LARGE
        named = {name.lower(): value for name, value in headers.items()}
        signature = named.get(self._settings.signature_header.lower(), "")
        timestamp = named.get(self._settings.timestamp_header.lower(), "")
        if not signature or not timestamp:
            return Rejection.NOT_SIGNED
        if not self._is_signed(signature, timestamp, body):
            return Rejection.SIGNATURE_WRONG
        sent_at = _moment(timestamp)
        if sent_at is None or abs((now - sent_at).total_seconds()) > self._settings.window_s:
            return Rejection.OUT_OF_TIME
        return self._message(body, sent_at) or Rejection.MALFORMED

    def _is_signed(self, signature: str, timestamp: str, body: bytes) -> bool:
        given = _decoded(signature.removeprefix(self._settings.signature_prefix), self._settings)
        matches = [
            hmac.compare_digest(given, signature_of(secret, timestamp, body, self._settings.separator))
            for secret in self._secrets
        ]
        return signature.startswith(self._settings.signature_prefix) and any(matches)

    def _message(self, body: bytes, sent_at: datetime) -> InboundSms | None:
        try:
            document: Any
            if self._settings.body == "json":
                document = json.loads(body)
            else:
                document = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
            values = [
                _field(document, path)
                for path in (
                    self._settings.id_field,
                    self._settings.sender_field,
                    self._settings.text_field,
                )
            ]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            return None
        message_id, sender, text = values
        if self._settings.number_style == "digits":
            sender = f"+{sender}"
        if not 0 < len(message_id) <= _MAX_ID_CHARS or channel_of(sender) is not Channel.SMS:
            return None
        return InboundSms(message_id, sender, text[:_MAX_TEXT_CHARS], sent_at)


def _field(document: Any, path: str) -> str:
    found = document
    for step in path.split("."):
        found = found[int(step)] if isinstance(found, list) else found[step]
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise TypeError("a field of an inbound SMS is neither text nor number")
    # A provider that cuts an SMS in the middle of an emoji sends half of it, which is no text: STOP counts.
    return str(found).encode("utf-8", "replace").decode()


def _decoded(text: str, settings: InboundSmsSettings) -> bytes:
    try:
        if settings.signature_encoding == "hex":
            return bytes.fromhex(text)
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def _moment(timestamp: str) -> datetime | None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return None
    try:
        return datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        return None
