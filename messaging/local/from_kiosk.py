"""What the kiosk tells the device process."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter

from messaging.events.consent_given import ConsentGiven
from messaging.events.history_requested import HistoryRequested
from messaging.events.number_typed import NumberTyped
from messaging.events.one_time_code_entered import OneTimeCodeEntered
from messaging.events.one_time_code_requested import OneTimeCodeRequested
from messaging.events.phone_change_requested import PhoneChangeRequested
from messaging.events.reward_chosen import RewardChosen
from messaging.model import Message, Part, example


class KioskReady(Message):
    """The first message after connecting: the window is drawn.

    ``release`` is the one that the kiosk was started from; empty where it was started from none.
    """

    model_config = example(
        v=1, kind="kiosk_ready", width=800, height=480, driver="offscreen", release="1.5.0"
    )

    kind: Literal["kiosk_ready"] = "kiosk_ready"
    width: int
    height: int
    driver: str
    release: Annotated[str, Field(max_length=64)] = ""


class SessionStarted(Message):
    """A customer touched the idle screen: the kiosk made this session id."""

    model_config = example(v=1, kind="session_started", session="0192f3c0-0000-7000-8000-000000000002")

    kind: Literal["session_started"] = "session_started"
    session: UUID


class SessionClosed(Message):
    """The session is over, and why; the device turns it into an event if the session had any."""

    model_config = example(
        v=1, kind="session_closed", session="0192f3c0-0000-7000-8000-000000000002", reason="idle"
    )

    kind: Literal["session_closed"] = "session_closed"
    session: UUID
    reason: Literal["done", "idle", "left", "paid", "restarted"]


SaidBody = (
    NumberTyped
    | ConsentGiven
    | RewardChosen
    | OneTimeCodeRequested
    | OneTimeCodeEntered
    | HistoryRequested
    | PhoneChangeRequested
)
"""What a customer can say that becomes an event."""


class Said(Message):
    """Something the customer said or chose, to become an event under the id that the kiosk gave it.

    The same id twice is the same event. The answer is ``EventStored`` or ``EventNotStored``.
    """

    model_config = example(
        v=1,
        kind="said",
        event_id="0192f3c0-0000-7000-8000-000000000001",
        session="0192f3c0-0000-7000-8000-000000000002",
        body={"v": 1, "kind": "number_typed", "phone_number": "+33612345678", "language": "fr"},
    )

    kind: Literal["said"] = "said"
    event_id: UUID
    session: UUID
    body: Annotated[SaidBody, Field(discriminator="kind")]


class TextShown(Part):
    """One text that stands on the screen, with its box; 0,0 is the upper left corner, 1,1 the lower right."""

    text: str
    x: float
    y: float
    width: float
    height: float
    touchable: bool = False


class PictureTaken(Message):
    """The kiosk's screen as PNG or JPEG (base64), for a mirror that was accepted at the device.

    ``texts`` are read from the widgets that were drawn, so that who cannot see the picture (a test, a
    screen reader at the far end) knows what stands on it and where a touch would land.
    """

    model_config = example(
        v=1,
        kind="picture_taken",
        request=3,
        width=800,
        height=480,
        image_base64="aVZCT1J3MA==",
        step="idle",
        texts=[
            {
                "text": "Touchez pour commencer",
                "x": 0.05,
                "y": 0.77,
                "width": 0.42,
                "height": 0.16,
                "touchable": True,
            }
        ],
    )

    kind: Literal["picture_taken"] = "picture_taken"
    request: int
    width: int
    height: int
    image_base64: str
    step: str = ""
    texts: Annotated[tuple[TextShown, ...], Field(max_length=200)] = ()


class KioskAlive(Message):
    """Sent every second while frames are drawn, so that a frozen screen is noticed."""

    model_config = example(
        v=1, kind="kiosk_alive", frames=1234, step="idle", memory_bytes=148_000_000, cpu_ms=52_300
    )

    kind: Literal["kiosk_alive"] = "kiosk_alive"
    frames: int
    step: str
    memory_bytes: Annotated[int, Field(ge=0)] = 0
    cpu_ms: Annotated[int, Field(ge=0)] = 0
    """Of the processor, since the kiosk's start."""


class StaffCodeTyped(Message):
    """Somebody wants into the staff corner. The device checks the code and counts the tries."""

    model_config = example(v=1, kind="staff_code_typed", digits="482913")

    kind: Literal["staff_code_typed"] = "staff_code_typed"
    digits: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}$")]


class StaffStays(Message):
    """The staff corner is open: every two seconds. Meanwhile readings are tests and become no events."""

    model_config = example(v=1, kind="staff_stays")

    kind: Literal["staff_stays"] = "staff_stays"


class StaffLeft(Message):
    """The staff corner was closed."""

    model_config = example(v=1, kind="staff_left")

    kind: Literal["staff_left"] = "staff_left"


class RestartAsked(Message):
    """Staff want the device process to start anew; taken only while the staff corner is open."""

    model_config = example(v=1, kind="restart_asked")

    kind: Literal["restart_asked"] = "restart_asked"


class MirrorAllowed(Message):
    """Staff let the screen be seen and touched from elsewhere, for a quarter of an hour, or end it."""

    model_config = example(v=1, kind="mirror_allowed", on=True)

    kind: Literal["mirror_allowed"] = "mirror_allowed"
    on: bool


class StationChosen(Message):
    """At the first start: the station to join, one that was found or one whose address was typed."""

    model_config = example(v=1, kind="station_chosen", address="192.168.1.10:8082")

    kind: Literal["station_chosen"] = "station_chosen"
    address: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class PairingConfirmed(Message):
    """Somebody saw that the station's page has accepted this device."""

    model_config = example(v=1, kind="pairing_confirmed")

    kind: Literal["pairing_confirmed"] = "pairing_confirmed"


class PairingGivenUp(Message):
    """Back to the list of stations."""

    model_config = example(v=1, kind="pairing_given_up")

    kind: Literal["pairing_given_up"] = "pairing_given_up"


class PreviewWanted(Message):
    """Whether the customer is shown the camera's picture now: only then frames are passed on."""

    model_config = example(v=1, kind="preview_wanted", on=True)

    kind: Literal["preview_wanted"] = "preview_wanted"
    on: bool


FromKiosk = (
    KioskReady
    | SessionStarted
    | SessionClosed
    | Said
    | PictureTaken
    | KioskAlive
    | StaffCodeTyped
    | StaffStays
    | StaffLeft
    | RestartAsked
    | MirrorAllowed
    | PreviewWanted
    | StationChosen
    | PairingConfirmed
    | PairingGivenUp
)

FROM_KIOSK: TypeAdapter[FromKiosk] = TypeAdapter(Annotated[FromKiosk, Field(discriminator="kind")])
