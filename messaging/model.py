"""The base of all messages, and the types their fields share."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

DEVICE_NAME_PATTERN = r"^s\d{4}\.[a-z]\d{1,4}$"

DeviceName = Annotated[str, StringConstraints(pattern=DEVICE_NAME_PATTERN)]
"""Certificate name of a device: store, then device, as in ``s0001.k01``."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
"""ISO 639-1, lower case."""

PhoneText = Annotated[str, StringConstraints(pattern=r"^\+[1-9]\d{4,14}$")]
"""E.164."""


_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text as it is.

    Raises:
        ValueError: It has control characters, or some that turn the reading direction.
    """
    if _UNPRINTABLE.search(text) is not None:
        raise ValueError("control and bidirectional override characters are not allowed")
    return text


Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(printable)]
"""One line of text for people: no control characters, nothing that turns the reading direction (row 209)."""

Sentences = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(printable)]
"""A few sentences that a shop wrote, without line breaks."""

WebAddress = Annotated[str, StringConstraints(max_length=300, pattern=r"^https://[!-~]+$")]
"""An address that people may open; ASCII without spaces."""

GivenName = Annotated[
    str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True), AfterValidator(printable)
]

CodeText = Annotated[str, StringConstraints(min_length=1, max_length=512), AfterValidator(printable)]
"""What a scanner read."""


def _utc(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise ValueError("a time needs its offset")
    return when.astimezone(UTC)


UtcTime = Annotated[datetime, AfterValidator(_utc)]


class Message(BaseModel):
    """A frozen message of major version 1.

    Unknown extra fields are tolerated, so that a newer release may add some; another ``v`` is refused.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    v: Literal[1] = 1


class Part(BaseModel):
    """A piece of a message: as strict as a message, without a version of its own."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Why(Part):
    """The reason of a point, a discount or a refusal as data; worded where it is shown (row 173)."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,48}$")]
    params: dict[str, str | int | bool | None] = {}


def example_of(model: type[BaseModel]) -> dict[str, Any]:
    """The example that the message's class carries."""
    extra: Any = model.model_config.get("json_schema_extra")
    return dict(extra["examples"][0])


def example(**fields: Any) -> ConfigDict:
    """A model configuration that carries one example of the message."""
    return ConfigDict(json_schema_extra={"examples": [fields]})
