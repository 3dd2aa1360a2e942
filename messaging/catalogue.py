"""All messages with the place where they travel: what the documents are generated from."""

from typing import NamedTuple

from pydantic import BaseModel

from messaging.events.envelope import EventEnvelope
from messaging.events.registry import EVENTS
from messaging.local import for_agent, from_kiosk, to_kiosk
from messaging.register.answered import ANSWERS, LaneNow, RegisterSetup
from messaging.register.asked import ASKED
from messaging.register.envelope import RegisterAnswered, RegisterAsked
from messaging.signing import (
    AgentCertificateAsked,
    AuthorityAsked,
    DeviceCertificateAsked,
    RenewalAsked,
    RevocationAsked,
    SignerAnswered,
)
from messaging.station.bell import BellRung
from messaging.station.distant_look import LookAnswered, LookAsked
from messaging.station.fleet import FleetReported
from messaging.station.identified import Identified
from messaging.station.pairing import PairingAnswered, PairingLookedAt, PairingRequested, PairingRevealed
from messaging.station.presence import Presence
from messaging.station.renewal import AgentCertificateRequested, RenewalAnswered, RenewalRequested
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from messaging.station.settings import Desired, Reported
from messaging.topics import ROOT


class Channel(NamedTuple):
    """One way a message travels.

    ``address`` uses ``{…}`` parameters; ``sender`` and ``receiver`` are the roles of architecture §5.
    """

    address: str
    message: type[BaseModel]
    sender: str
    receiver: str
    qos: int
    retained: bool


MQTT_CHANNELS: tuple[Channel, ...] = (
    Channel(f"{ROOT}/{{device}}/event", EventEnvelope, "device", "station", 1, False),
    Channel(f"{ROOT}/{{device}}/result", Result, "station", "device", 1, False),
    Channel(f"{ROOT}/{{device}}/sale", SaleShown, "station", "device", 1, False),
    Channel(f"{ROOT}/{{device}}/presence", Presence, "device", "station", 1, True),
    Channel(f"{ROOT}/{{device}}/desired", Desired, "station", "device", 1, True),
    Channel(f"{ROOT}/{{device}}/reported", Reported, "device", "station", 1, True),
    Channel(f"{ROOT}/{{device}}/look", LookAsked, "station", "device", 1, False),
    Channel(f"{ROOT}/{{device}}/looked", LookAnswered, "device", "station", 1, False),
    Channel(f"{ROOT}/{{agent}}/reported", FleetReported, "fleet agent", "desk", 1, True),
    Channel(f"{ROOT}/store/{{store}}/lane/{{lane}}/identified", Identified, "station", "pos", 1, False),
    Channel(f"{ROOT}/{{register}}/ask", RegisterAsked, "pos", "station", 1, False),
    Channel(f"{ROOT}/{{register}}/answer", RegisterAnswered, "station", "pos", 1, False),
    Channel(f"{ROOT}/{{register}}/lane", LaneNow, "station", "pos", 1, False),
    Channel(f"{ROOT}/{{register}}/setup", RegisterSetup, "station", "pos", 1, True),
    Channel(f"{ROOT}/bell/{{channel}}", BellRung, "desk", "fleet agent", 1, True),
)

EVENT_BODIES: tuple[type[BaseModel], ...] = tuple(EVENTS.values())

REGISTER_BODIES: tuple[type[BaseModel], ...] = (
    *ASKED,
    *(model for model in ANSWERS if model not in (LaneNow, RegisterSetup)),
)
"""What travels inside questions of registers and their answers; over HTTP bare."""

HTTPS_MESSAGES: tuple[type[BaseModel], ...] = (
    PairingRequested,
    PairingRevealed,
    PairingLookedAt,
    PairingAnswered,
    RenewalRequested,
    AgentCertificateRequested,
    RenewalAnswered,
)

SIGNER_MESSAGES: tuple[type[BaseModel], ...] = (
    DeviceCertificateAsked,
    RenewalAsked,
    AgentCertificateAsked,
    RevocationAsked,
    AuthorityAsked,
    SignerAnswered,
)

LOCAL_MESSAGES: tuple[type[BaseModel], ...] = (
    from_kiosk.KioskReady,
    from_kiosk.SessionStarted,
    from_kiosk.SessionClosed,
    from_kiosk.Said,
    from_kiosk.PictureTaken,
    from_kiosk.KioskAlive,
    from_kiosk.StaffCodeTyped,
    from_kiosk.StaffStays,
    from_kiosk.StaffLeft,
    from_kiosk.RestartAsked,
    from_kiosk.MirrorAllowed,
    from_kiosk.PreviewWanted,
    from_kiosk.StationChosen,
    from_kiosk.PairingConfirmed,
    from_kiosk.PairingGivenUp,
    to_kiosk.EventStored,
    to_kiosk.EventNotStored,
    to_kiosk.CodeNoticed,
    to_kiosk.CodeRefused,
    to_kiosk.ResultArrived,
    to_kiosk.SaleChanged,
    to_kiosk.LinkChanged,
    to_kiosk.SettingsArrived,
    to_kiosk.PreviewReady,
    to_kiosk.StaffAnswered,
    to_kiosk.DeviceStatus,
    to_kiosk.ReadingShown,
    to_kiosk.PairingShown,
    to_kiosk.PictureAsked,
    to_kiosk.TouchInjected,
    for_agent.DeviceAsked,
    for_agent.DeviceAnswered,
    for_agent.CertificateWanted,
    for_agent.CertificateGiven,
)

ALL_MESSAGES: tuple[type[BaseModel], ...] = (
    *(channel.message for channel in MQTT_CHANNELS),
    *EVENT_BODIES,
    *(model for model in ANSWERS if model not in (LaneNow, RegisterSetup)),
    *HTTPS_MESSAGES,
    *SIGNER_MESSAGES,
    *LOCAL_MESSAGES,
)
