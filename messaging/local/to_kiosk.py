"""What the device process tells the kiosk."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from messaging.model import Message, example
from messaging.station.result import Result
from messaging.station.sale import SaleShown
from messaging.station.settings import KioskSettings


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
    """Camera frames for the preview lie in a shared memory block of this name: 8-bit grey, row by row.

    The first 16 bytes are two little-endian 64-bit counters: frames begun, frames finished; a frame is
    whole while both are equal.
    """

    model_config = example(v=1, kind="preview_ready", shared_memory="comptoir-preview", width=640, height=360)

    kind: Literal["preview_ready"] = "preview_ready"
    shared_memory: str
    width: int
    height: int


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
    | PictureAsked
    | TouchInjected
)

TO_KIOSK: TypeAdapter[ToKiosk] = TypeAdapter(Annotated[ToKiosk, Field(discriminator="kind")])
