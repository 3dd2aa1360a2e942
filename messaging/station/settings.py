"""What a device should run (desired) and what it runs (reported): retained, versioned, nothing personal."""

from typing import Annotated, Literal

from pydantic import Field

from messaging.model import Language, Line, Message, Part, Sentences, UtcTime, WebAddress, example
from messaging.station.look import KioskLook

Health = Literal["ok", "degraded", "down", "absent"]


class KioskSound(Part):
    """What this customer's screen lets hear, where its machine has a loudspeaker (row 190)."""

    volume_percent: Annotated[int, Field(ge=0, le=100)]
    """Of cues and voice; 0 is silence."""
    cues: bool
    """Short sounds for what happens."""
    speech: bool
    """Whether customers may have the screens read aloud."""


class KioskSettings(Part):
    """What the customer's screen needs to know of the shop."""

    brand: Line
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=12)]
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    """ISO 3166-1: whose national number format the keypad starts with."""
    programme_active: bool
    points_name: Line
    privacy_contact: Sentences | None = None
    """Whom customers ask about their data; none sends them to the counter (row 201)."""
    privacy_policy: WebAddress | None = None
    """The shop's policy in full; the screen shows a code for the customer's own phone (row 13)."""
    security_policy: WebAddress | None = None
    camera_notice: Sentences | None = None
    """What stands beside the camera in the shop's own words; none: the kiosk's own sentence (row 201)."""
    minimum_age: Annotated[int, Field(ge=0, le=21)] = 0
    """From how many years on people may enrol; 0 says nothing (row 201)."""
    sign_in: Literal["start", "payment", "never"] = "start"
    """When numbers are taken: from a sale's start, once ``sale`` invites, or never (rows 143, 153-157)."""
    enrolment: bool = True
    """Whether the screen offers to enrol: the two boxes and the name (row 156)."""
    reads_cards: bool = True
    """Whether cards shown at the counter identify anybody (row 85)."""
    retention_months: Annotated[int, Field(ge=1)] | None = None
    """Members who stay away so long are forgotten; None where nobody is (row 201)."""
    look: KioskLook | None = None
    """The shop's own look; none is the house's."""
    sound: KioskSound | None = None
    """Of this lane; none leaves what the machine's configuration says."""


class Desired(Message):
    """The settings that the station wants a device to run, and the station's time."""

    model_config = example(
        v=1,
        version=7,
        at="2026-11-24T10:15:30Z",
        lane=1,
        training=False,
        kiosk={
            "brand": "Maison Lumen",
            "languages": ["fr", "en", "es"],
            "region": "FR",
            "programme_active": True,
            "points_name": "points",
            "privacy_contact": "donnees@lumen.example",
            "privacy_policy": "https://lumen.example/vie-privee",
            "minimum_age": 16,
            "sound": {"volume_percent": 50, "cues": True, "speech": True},
            "look": {
                "brand": "#5A1F3D",
                "accent": "#F4BE5B",
                "promises": [{"language": "fr", "title": "Ici, on vous\nconnaît.", "text": "Des points."}],
            },
        },
    )

    version: Annotated[int, Field(ge=1)]
    at: UtcTime
    lane: Annotated[int, Field(ge=1)]
    training: bool = False
    staff_code: str | None = None
    """What devices keep of the staff corner's code (:mod:`messaging.staff_code`); None opens it to nobody."""
    kiosk: KioskSettings


class PartHealth(Part):
    """One part of the device (a scanner, the camera, the decoder, the outbox, the kiosk) and its state."""

    name: str
    health: Health
    detail: str = ""


class Reported(Message):
    """The settings version that really runs, the release, and how each part is."""

    model_config = example(
        v=1,
        version=7,
        release="1.0.0",
        parts=[{"name": "scanner.front", "health": "ok", "detail": "Honeywell Xenon 1900"}],
        outbox_events=0,
        quarantined_events=0,
    )

    version: Annotated[int, Field(ge=0)]
    release: str
    parts: Annotated[tuple[PartHealth, ...], Field(max_length=30)]
    outbox_events: Annotated[int, Field(ge=0)]
    quarantined_events: Annotated[int, Field(ge=0)] = 0
