"""Fills the texts of messages with what a message may say, and with nothing else."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from string import Formatter
from urllib.parse import urlsplit

from babel.dates import format_date

from loyalty.adapters.message_texts.en import ENGLISH
from loyalty.adapters.message_texts.es import SPANISH
from loyalty.adapters.message_texts.fr import FRENCH
from loyalty.adapters.message_texts.html_letter import html_letter
from loyalty.adapters.message_texts.language import Language, Text
from loyalty.domain.channel import Channel
from loyalty.domain.message import MemberMessage, MessageKind, MessageParams
from loyalty.domain.sms_length import plain_typography
from loyalty.domain.text import clean_line
from loyalty.errors import InvalidValueError

_LANGUAGES: Mapping[str, Language] = {"fr": FRENCH, "en": ENGLISH, "es": SPANISH}
_FALLBACK = "en"
_MAX_CHARS = {"shop": 40, "points_one": 30, "points_many": 30, "tier": 100, "gift": 60, "code": 12}
_NUMBERS = ("points", "balance", "minutes")
_ADDRESSES = ("link", "opt_out_link")
_MAX_ADDRESS_CHARS = 500
ALLOWED_PARAMS = frozenset({*_MAX_CHARS, *_NUMBERS, *_ADDRESSES, "date", "channel"})
"""All that a message can be made from. No name of a person is among them: whoever types a number at the
kiosk also types the name beside it (row 207)."""


class TemplateWording:
    """The words in French, English and Spanish; other languages read English. Any thread."""

    def body(self, kind: MessageKind, language: str, params: MessageParams) -> str:
        """The text of a message.

        ``params["channel"]`` may be ``email``: the text then has the typography of print and ends with
        the way to leave. ``date`` is an ISO date; addresses start with ``https://`` (or ``http://``).

        Raises:
            InvalidValueError: A parameter is missing, is none that a message may hold, or is malformed.
        """
        tongue, words = _filled(language, params)
        text = tongue.texts[kind]
        if params.get("channel") != Channel.EMAIL.value:
            return plain_typography(_fill(text.body, words) + (tongue.stop if text.stops else ""))
        return "\n\n".join(_paragraphs(tongue, kind, words))

    def html(self, kind: MessageKind, language: str, params: MessageParams) -> str:
        """The text of an e-mail as HTML.

        Raises:
            InvalidValueError: As for :meth:`body`.
        """
        tongue, words = _filled(language, params)
        return html_letter(
            _paragraphs(tongue, kind, words),
            language=_tag(language),
            title=tongue.texts[kind].subject,
            links=[words[name] for name in _ADDRESSES if name in words],
            has_leave="opt_out_link" in words,
        )

    def subject(self, message: MemberMessage) -> str:
        """The subject line of an e-mail."""
        return self.text(message.kind, message.language).subject

    def text(self, kind: MessageKind, language: str) -> Text:
        """Subject and body as they stand before anything is filled in."""
        return _language(language)[0].texts[kind]


def _filled(tag: str, params: MessageParams) -> tuple[Language, dict[str, str]]:
    tongue, country = _language(tag)
    return tongue, _words(tongue, tag, country, params)


def _paragraphs(tongue: Language, kind: MessageKind, words: Mapping[str, str]) -> list[str]:
    paragraphs = [tongue.printed(_fill(tongue.texts[kind].body, words))]
    if "opt_out_link" in words:
        paragraphs.append(_fill(tongue.printed(tongue.leave), words))
    return paragraphs


def _tag(language: str) -> str:
    """The tag of the language that the text is in, which may be another one than was asked for."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    return language if primary in _LANGUAGES else _FALLBACK


def _language(tag: str) -> tuple[Language, str]:
    """The language of a BCP 47 tag, and its country where it names one."""
    primary, _, rest = tag.replace("_", "-").partition("-")
    country = rest.rpartition("-")[2].upper()
    return _LANGUAGES.get(primary.lower(), _LANGUAGES[_FALLBACK]), country


def _words(language: Language, tag: str, country: str, params: MessageParams) -> dict[str, str]:
    unknown = sorted(set(params) - ALLOWED_PARAMS)
    if unknown:
        raise InvalidValueError(f"a message to a member may not hold {unknown[0]}", param=unknown[0])
    words = {name: _clean(str(params[name]), limit) for name, limit in _MAX_CHARS.items() if name in params}
    words |= {name: str(int(params[name])) for name in _NUMBERS if name in params}
    words |= {name: _address(str(params[name])) for name in _ADDRESSES if name in params}
    for name in ("points", "balance"):
        if name in params and "points_one" in words and "points_many" in words:
            is_one = language.is_one(int(params[name]))
            words[f"{name}_word"] = words["points_one" if is_one else "points_many"]
    if "date" in params:
        words["date"] = _date(str(params["date"]), language.date_pattern_in(country), tag)
    return words


def _fill(template: str, words: Mapping[str, str]) -> str:
    missing = [name for _, name, _, _ in Formatter().parse(template) if name and name not in words]
    if missing:
        raise InvalidValueError(f"the message lacks {missing[0]}", param=missing[0])
    return template.format_map(words)


def _clean(text: str, max_chars: int) -> str:
    """One line without control, bidirectional and invisible characters (row 209)."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return clean_line(visible, max_chars) or ""


def _address(text: str) -> str:
    parts = urlsplit(text)
    is_good = parts.scheme in {"https", "http"} and parts.netloc and text.isascii() and text.isprintable()
    if not is_good or " " in text or len(text) > _MAX_ADDRESS_CHARS:
        raise InvalidValueError("a link in a message is no web address")
    return text


def _date(text: str, pattern: str, tag: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidValueError("a date in a message is none") from error
    primary = tag.replace("_", "-").partition("-")[0].lower()
    return format_date(day, pattern, locale=primary if primary in _LANGUAGES else _FALLBACK)
