"""How a shop's customers' screens look: colours, logo, the words of the promise."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from messaging.model import Language, Part, printable
from messaging.station.palette import DEFAULT_COLOURS, LEAST_CONTRAST, palette, shortfalls

MAX_LOGO_BASE64 = 8 * 1024
"""A message of settings may have 12 KiB in all."""

MAX_TITLE_CHARS = 40
MAX_PROMISE_CHARS = 90

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]


class Promise(Part):
    """What the idle screen says in one language, in the place of its own words."""

    language: Language
    title: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TITLE_CHARS)]
    """One or two lines."""
    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_PROMISE_CHARS)]

    @model_validator(mode="after")
    def _is_printable(self) -> Self:
        for line in (*self.title.split("\n", 1), self.text):
            printable(line)
        return self


class KioskLook(Part):
    """The whole look. One that cannot be read is refused, wherever it comes from."""

    brand: Colour = DEFAULT_COLOURS["brand"]
    accent: Colour = DEFAULT_COLOURS["gold"]
    paper: Colour = DEFAULT_COLOURS["paper"]
    logo_base64: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/=]*$")] = Field(
        default="", max_length=MAX_LOGO_BASE64
    )
    """A PNG; none shows the shop's name alone."""
    promises: Annotated[tuple[Promise, ...], Field(max_length=12)] = ()

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        for pair in shortfalls(self.colours):
            raise ValueError(
                f"{pair.text} on {pair.behind} has a contrast of {pair.contrast:.1f}:1,"
                f" {LEAST_CONTRAST:.0f}:1 is needed"
            )
        return self

    @property
    def colours(self) -> dict[str, str]:
        """All colours of the screens by what they are for."""
        return palette(self.brand, self.accent, self.paper)

    def promise(self, language: str) -> Promise | None:
        return next((each for each in self.promises if each.language == language), None)
