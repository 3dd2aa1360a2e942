"""What a language brings along for messages to members."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from loyalty.domain.message import MessageKind


@dataclass(frozen=True, slots=True)
class Text:
    """A message: the subject of an e-mail, and the body, which names parameters in braces."""

    subject: str
    body: str
    stops: bool = False
    """Whether an SMS ends with the word that ends all messages."""


@dataclass(frozen=True, slots=True)
class Language:
    """Texts and habits of one language. ``regional_date_patterns`` are by ISO 3166 country."""

    date_pattern: str
    """Of Babel; chosen so that no month name falls out of the GSM alphabet."""
    is_one: Callable[[int], bool]
    texts: Mapping[MessageKind, Text]
    stop: str
    """The end of an SMS that says how to leave."""
    leave: str
    """The last line of an e-mail."""
    regional_date_patterns: Mapping[str, str] = field(default_factory=dict)
    printed: Callable[[str], str] = str
    """The typography of an e-mail."""

    def date_pattern_in(self, country: str) -> str:
        return self.regional_date_patterns.get(country, self.date_pattern)
