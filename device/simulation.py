"""The simulation door: a Unix socket on which programs play scanner, camera, finger and eye.

For demonstrations and tests. It exists only where the configuration has a section ``[device.simulation]``,
and only for the account that runs the device (mode 0600). One JSON object a line each way; a request is
answered by ``{"ok": true, …}`` or ``{"ok": false, "error": …}``.
"""

import base64
import binascii
import json
import logging
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from device.errors import DeviceError, SimulationError
from device.line_door import LineDoor, Manners
from device.simulated_counter import SimulatedCounter

_log = logging.getLogger(__name__)

_MANNERS = Manners(umask=0o177, longest_line=12 * 1024 * 1024, quiet_s=60.0, error=SimulationError)


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TypeRequest(_Request):
    """Scan a text with the simulated scanner."""

    do: Literal["type"]
    text: Annotated[str, Field(max_length=20_000)]
    layout: Literal["us", "fr", "de", "es", "uk"] | None = None
    reader: str | None = None
    end: Annotated[bool, Field(description="Press ENTER at the end")] = True


class ShowPictureRequest(_Request):
    """Hold a picture in front of the simulated camera."""

    do: Literal["show_picture"]
    png_base64: str
    seconds: Annotated[float, Field(gt=0, le=60)] = 3.0


class ShowCodeRequest(_Request):
    """Hold a QR code of a text in front of the simulated camera."""

    do: Literal["show_code"]
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    seconds: Annotated[float, Field(gt=0, le=60)] = 3.0


class PlugRequest(_Request):
    """Pull a simulated reader out, or plug it in again."""

    do: Literal["plug", "unplug"]
    reader: str | None = None


class TouchRequest(_Request):
    """Touch the kiosk's screen; 0,0 is the upper left corner, 1,1 the lower right."""

    do: Literal["touch"]
    x: Annotated[float, Field(ge=0, le=1)]
    y: Annotated[float, Field(ge=0, le=1)]


class LookRequest(_Request):
    """See the kiosk's screen, or the state of the device."""

    do: Literal["mirror", "status"]


Request = TypeRequest | ShowPictureRequest | ShowCodeRequest | PlugRequest | TouchRequest | LookRequest
_REQUEST: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="do")])


def answer(counter: SimulatedCounter, line: bytes) -> dict[str, Any]:
    """What to answer to one line; never raises for what a request may hold."""
    try:
        request = _REQUEST.validate_json(line)
        return {"ok": True, **_obey(counter, request)}
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        return {"ok": False, "error": f"bad request: {faults[0]['msg']}", "code": SimulationError.code}
    except DeviceError as error:
        return {"ok": False, "error": error.message, "code": error.code}


def _obey(counter: SimulatedCounter, request: Request) -> dict[str, Any]:
    match request:
        case TypeRequest():
            counter.type(request.text, request.reader, request.layout, press_enter=request.end)
            return {}
        case ShowPictureRequest():
            counter.show_picture(_decoded(request.png_base64), request.seconds)
            return {}
        case ShowCodeRequest():
            counter.show_code(request.text, request.seconds)
            return {}
        case PlugRequest():
            counter.plug(request.reader, is_in=request.do == "plug")
            return {}
        case TouchRequest():
            counter.touch(request.x, request.y)
            return {}
        case LookRequest(do="mirror"):
            return counter.picture()
        case LookRequest():
            return counter.status()


def _decoded(png_base64: str) -> bytes:
    try:
        return base64.b64decode(png_base64, validate=True)
    except (binascii.Error, ValueError):
        raise SimulationError("png_base64 is no base64") from None


class SimulationDoor(LineDoor):
    """Listens for requests; each connection has a thread of its own.

    Args:
        path: Of the socket.
        counter: What requests act on.
    """

    def __init__(self, path: Path, counter: SimulatedCounter) -> None:
        def answered(line: bytes) -> bytes:
            try:
                return _line(answer(counter, line))
            except Exception:  # noqa: BLE001 - the top of a request: one bad request must not close the door
                _log.exception("simulation request failed")
                return _line(_fault("internal error, see the log"))

        super().__init__("simulation", path, answered, _MANNERS, _line(_fault("line too long")))

    def start(self) -> None:
        """Listen.

        Raises:
            SimulationError: The path cannot be bound.
        """
        super().start()
        _log.warning("the simulation door is open; never on a counter that serves customers")


def _fault(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error, "code": SimulationError.code}


def _line(answered: dict[str, Any]) -> bytes:
    return json.dumps(answered, ensure_ascii=False).encode()
