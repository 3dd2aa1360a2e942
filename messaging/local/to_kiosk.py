"""What the device process tells the kiosk."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from messaging.model import Line, Message, Part, example
from messaging.station.pairing import Origin
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from messaging.station.settings import KioskSettings, PartHealth


class EventStored(Message):
    """The event is on the device's disk: it will reach the station, whatever fails now."""

    model_config = example(v=1, kind="event_stored", event_id="0192f3c0-0000-7000-8000-000000000001")

    kind: Literal["event_stored"] = "event_stored"
    event_id: UUID


class EventNotStored(Message):
    """The event could not be kept (outbox full, disk error): the customer is told to ask staff."""

    model_config = example(
        v=1,
        kind="event_not_stored",
        event_id="0192f3c0-0000-7000-8000-000000000001",
        reason="outbox_full",
    )

    kind: Literal["event_not_stored"] = "event_not_stored"
    event_id: UUID
    reason: str


class CodeNoticed(Message):
    """A code was read: what the device can say at once, before the station answers.

    ``signature`` good = signed by this shop; bad = it claims to be and is not; none = not a signed code.
    The session is the running one, or the one the device made for this scan.
    """

    model_config = example(
        v=1,
        kind="code_noticed",
        event_id="0192f3c0-0000-7000-8000-000000000001",
        session="0192f3c0-0000-7000-8000-000000000002",
        source="camera",
        signature="good",
    )

    kind: Literal["code_noticed"] = "code_noticed"
    event_id: UUID
    session: UUID
    source: Literal["scanner", "camera"]
    signature: Literal["good", "bad", "none"]


class CodeRefused(Message):
    """Something was read that can be no code here: too long, not text, control characters, cut off."""

    model_config = example(v=1, kind="code_refused", reason="too_long", source="scanner")

    kind: Literal["code_refused"] = "code_refused"
    reason: Literal["too_long", "not_text", "control_characters", "cut_off", "bad_signature", "other_shop"]
    source: Literal["scanner", "camera"]


class ResultArrived(Message):
    """The station's result for an event of this kiosk or of a reader beside it."""

    model_config = example(
        v=1,
        kind="result_arrived",
        result={
            "v": 1,
            "event_id": "0192f3c0-0000-7000-8000-000000000001",
            "outcome": "accepted",
            "at": "2026-11-24T10:15:30.140Z",
            "show": {"kind": "noted"},
        },
    )

    kind: Literal["result_arrived"] = "result_arrived"
    result: Result


class SaleChanged(Message):
    """The live sale of the lane."""

    model_config = example(
        v=1,
        kind="sale_changed",
        sale={"v": 1, "sale": None, "revision": 1, "state": "none", "currency": "EUR"},
    )

    kind: Literal["sale_changed"] = "sale_changed"
    sale: SaleShown


class LinkChanged(Message):
    """Whether the station can be reached, how many events wait, and what to tell staff."""

    model_config = example(v=1, kind="link_changed", online=True, waiting_events=0)

    kind: Literal["link_changed"] = "link_changed"
    online: bool
    waiting_events: int


class SettingsArrived(Message):
    """What the shop decided for this screen."""

    model_config = example(
        v=1,
        kind="settings_arrived",
        settings={
            "brand": "Maison Lumen",
            "languages": ["fr", "en", "es"],
            "region": "FR",
            "programme_active": True,
            "points_name": "points",
        },
        training=False,
        readers=["scanner"],
    )

    kind: Literal["settings_arrived"] = "settings_arrived"
    settings: KioskSettings
    training: bool
    readers: tuple[Literal["scanner", "camera"], ...]


class PreviewReady(Message):
    """Camera frames for the preview lie in this file, on a RAM disk, to be mapped: 8-bit grey, row by row.

    The first 16 bytes are two little-endian 64-bit counters: frames begun, frames finished; a frame is
    whole while both are equal.
    """

    model_config = example(
        v=1, kind="preview_ready", file="/run/comptoir-device/preview", width=640, height=360
    )

    kind: Literal["preview_ready"] = "preview_ready"
    file: str
    width: int
    height: int


class StaffAnswered(Message):
    """Whether the staff corner opens; ``wait_s`` says how long no code is looked at."""

    model_config = example(v=1, kind="staff_answered", admitted=False, tries_left=4, wait_s=0, is_set=True)

    kind: Literal["staff_answered"] = "staff_answered"
    admitted: bool
    tries_left: Annotated[int, Field(ge=0)]
    wait_s: Annotated[int, Field(ge=0)]
    is_set: bool
    """False: the shop has set no code yet, so that nobody gets in."""


class DeviceStatus(Message):
    """How the device is, for the staff corner."""

    model_config = example(
        v=1,
        kind="device_status",
        device="s0001.k01",
        release="1.0.0",
        online=True,
        broker="comptoir.local:8883",
        addresses=["192.168.1.42"],
        waiting_events=0,
        quarantined_events=0,
        lane=1,
        settings_version=7,
        clock_certain=True,
        parts=[{"name": "scanner.front", "health": "ok", "detail": "Honeywell Xenon 1900"}],
    )

    kind: Literal["device_status"] = "device_status"
    device: str
    release: str
    online: bool
    broker: str
    addresses: tuple[str, ...]
    waiting_events: int
    quarantined_events: int
    lane: int | None
    settings_version: int
    clock_certain: bool
    parts: Annotated[tuple[PartHealth, ...], Field(max_length=30)]


class ReadingShown(Message):
    """Something was read while the staff corner was open: what, and what it says of the scanner."""

    model_config = example(
        v=1,
        kind="reading_shown",
        reader="front",
        text="COMPTOIR-TEST-AZQWMY-1234567890",
        symbology="QRCode",
        verdict="good",
    )

    kind: Literal["reading_shown"] = "reading_shown"
    reader: str
    text: str
    symbology: str
    verdict: Literal["good", "layout", "other", "misread"]
    """``good``: the test code, as it is; ``layout``: the test code in another keyboard's letters."""
    layout: str | None = None
    """The keyboard that the scanner plays, where it is not the one that is configured."""
    configured: str | None = None


class StationSeen(Part):
    """A station that announced itself in the shop's network."""

    shop: Line
    address: Annotated[str, Field(min_length=1, max_length=200)]


class PairingShown(Message):
    """This device has not joined a shop yet: how far it is, and the code to type at the station.

    With ``pages``, where phones open the station's pages, the digits can be taken over by a phone's camera.
    """

    model_config = example(
        v=1,
        kind="pairing_shown",
        stage="comparing",
        code="482913",
        shop="Maison Lumen",
        pages="https://comptoir.local:8443",
        found=[{"shop": "Maison Lumen", "address": "https://192.168.1.10:8082"}],
    )

    kind: Literal["pairing_shown"] = "pairing_shown"
    stage: Literal["searching", "asking", "comparing", "accepted", "refused", "expired", "failed", "joined"]
    code: Annotated[str, Field(pattern=r"^([0-9]{6})?$")] = ""
    shop: str = ""
    pages: Origin | None = None
    found: Annotated[tuple[StationSeen, ...], Field(max_length=6)] = ()


class PictureAsked(Message):
    """A mirror wants the screen; sent only while the mirror is accepted at the device."""

    model_config = example(v=1, kind="picture_asked", request=3)

    kind: Literal["picture_asked"] = "picture_asked"
    request: int


class TouchInjected(Message):
    """A touch through an accepted mirror; 0,0 is the upper left corner, 1,1 the lower right."""

    model_config = example(v=1, kind="touch_injected", x=0.25, y=0.85)

    kind: Literal["touch_injected"] = "touch_injected"
    x: Annotated[float, Field(ge=0, le=1)]
    y: Annotated[float, Field(ge=0, le=1)]


ToKiosk = (
    EventStored
    | EventNotStored
    | CodeNoticed
    | CodeRefused
    | ResultArrived
    | SaleChanged
    | LinkChanged
    | SettingsArrived
    | PreviewReady
    | StaffAnswered
    | DeviceStatus
    | ReadingShown
    | PairingShown
    | PictureAsked
    | TouchInjected
)

TO_KIOSK: TypeAdapter[ToKiosk] = TypeAdapter(Annotated[ToKiosk, Field(discriminator="kind")])
