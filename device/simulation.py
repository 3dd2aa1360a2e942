"""The simulation door: a Unix socket on which programs play scanner, camera, finger and eye.

For demonstrations and tests. It exists only where the configuration has a section ``[device.simulation]``,
and only for the account that runs the device (mode 0600). One JSON object a line each way; a request is
answered by ``{"ok": true, …}`` or ``{"ok": false, "error": …}``.
"""

import base64
import binascii
import json
import logging
import os
import socketserver
import threading
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from device.errors import DeviceError, SimulationError
from device.simulated_counter import SimulatedCounter

_log = logging.getLogger(__name__)

_LONGEST_LINE = 12 * 1024 * 1024
_QUIET_S = 60.0


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


class _Handler(socketserver.StreamRequestHandler):
    timeout = _QUIET_S

    def handle(self) -> None:
        door: SimulationDoor = self.server.door  # type: ignore[attr-defined]
        try:
            while line := self.rfile.readline(_LONGEST_LINE + 1):
                if len(line) > _LONGEST_LINE:
                    self.wfile.write(b'{"ok": false, "error": "line too long", "code": "simulation"}\n')
                    return
                self.wfile.write(_line(door.answer(line)))
        except OSError:
            _log.debug("simulation peer hung up")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 16


class SimulationDoor:
    """Listens for requests; each connection has a thread of its own.

    Args:
        path: Of the socket.
        counter: What requests act on.
    """

    def __init__(self, path: Path, counter: SimulatedCounter) -> None:
        self._path = path
        self._counter = counter
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen.

        Raises:
            SimulationError: The path cannot be bound.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.unlink(missing_ok=True)
            before = os.umask(0o177)
            try:
                self._server = _Server(str(self._path), _Handler)
            finally:
                os.umask(before)
        except OSError as error:
            raise SimulationError(f"cannot listen on {self._path}: {error.strerror or error}") from error
        self._server.door = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.5}, name="simulation", daemon=True
        )
        self._thread.start()
        _log.warning("the simulation door is open; never on a counter that serves customers")

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(5)
            self._path.unlink(missing_ok=True)
            self._server = None

    def answer(self, line: bytes) -> dict[str, Any]:
        try:
            return answer(self._counter, line)
        except Exception:  # noqa: BLE001 - the top of a request: one bad request must not close the door
            _log.exception("simulation request failed")
            return {"ok": False, "error": "internal error, see the log", "code": SimulationError.code}


def _line(answered: dict[str, Any]) -> bytes:
    return json.dumps(answered, ensure_ascii=False).encode() + b"\n"
