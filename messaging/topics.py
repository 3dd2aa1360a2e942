"""Every MQTT topic, in one place (architecture §5). No other module spells a topic."""

import re
from typing import Literal, NamedTuple

from messaging.errors import MalformedMessageError

ROOT = "comptoir/v1"

PAIRING_SERVICE = "_comptoir-pair._tcp.local."
"""Under which stations announce to new devices where they knock (DNS-SD)."""

Branch = Literal["event", "result", "sale", "presence", "desired", "reported", "look", "looked"]
"""The branches below a device's name."""

BRANCHES: tuple[Branch, ...] = (
    "event", "result", "sale", "presence", "desired", "reported", "look", "looked",
)  # fmt: skip

PRINCIPAL = re.compile(r"s\d{4}\.[a-z]\d{1,4}(-fleet)?")
"""Certificate names that own a device branch."""

RegisterBranch = Literal["ask", "answer", "lane", "setup"]
"""The branches below the name of another register."""

REGISTER_BRANCHES: tuple[RegisterBranch, ...] = ("ask", "answer", "lane", "setup")

REGISTER = re.compile(r"s\d{4}\.pos-[a-z0-9]{1,24}")
"""Certificate names of registers of another make (row 195)."""

_DEVICE_TOPIC = re.compile(rf"{ROOT}/({PRINCIPAL.pattern})/({'|'.join(BRANCHES)})")

_ASK_TOPIC = re.compile(rf"{ROOT}/({REGISTER.pattern})/ask")


class DeviceTopic(NamedTuple):
    """A topic of one device, taken apart."""

    device: str
    branch: str


def device_topic(device: str, branch: Branch) -> str:
    """The topic of one branch of a device.

    Raises:
        MalformedMessageError: The name is none that a certificate may bear.
    """
    if not PRINCIPAL.fullmatch(device):
        raise MalformedMessageError(f"{device!r} is not a device name such as s0001.k01")
    return f"{ROOT}/{device}/{branch}"


def parse_device_topic(topic: str) -> DeviceTopic:
    """Device and branch of a topic.

    Raises:
        MalformedMessageError: The topic is not one of a device.
    """
    match = _DEVICE_TOPIC.fullmatch(topic)
    if match is None:
        raise MalformedMessageError(f"{topic[:80]!r} is not a device topic")
    return DeviceTopic(match.group(1), match.group(3))


def register_topic(register: str, branch: RegisterBranch) -> str:
    """The topic of one branch of a register.

    Raises:
        MalformedMessageError: The name is none that a register's certificate may bear.
    """
    if not REGISTER.fullmatch(register):
        raise MalformedMessageError(f"{register!r} is not a register's name such as s0001.pos-front")
    return f"{ROOT}/{register}/{branch}"


def asking_register(topic: str) -> str | None:
    """The register whose ``ask`` branch a topic is; None for any other topic."""
    match = _ASK_TOPIC.fullmatch(topic)
    return match.group(1) if match is not None else None


def identified_topic(store: str, lane: int) -> str:
    """Where a lane's identifications are told to the POS users named for it."""
    return f"{ROOT}/store/{store}/lane/{lane}/identified"


def bell_topic(channel: str) -> str:
    """Where the desk rings for an update."""
    return f"{ROOT}/bell/{channel}"
