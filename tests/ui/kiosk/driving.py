"""Drives a kiosk window that runs in another process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from messaging.local.to_kiosk import EventStored, ResultArrived, SettingsArrived
from messaging.station.result import Result
from messaging.station.settings import KioskSettings
from messaging.station.show import Show
from tools.scenes import NOW


class KioskWindow:
    """Plays a real window: touches are found by their text and go the way of real touches.

    Args:
        size: Of the window.
        socket: Of the device process whose kiosk it is; without one the test speaks for the device.
        turn: Degrees, clockwise, by which the picture is turned on its panel.
    """

    def __init__(self, size: str, socket: Path | None = None, turn: int = 0) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.ui.kiosk.window_process",
                size,
                str(turn),
                *([str(socket)] if socket else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        )

    def _do(self, what: str, **rest: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": what, **rest}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the window's process is gone"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def touch(self, *texts: str) -> None:
        for text in texts:
            self._do("touch", text=text)

    def touch_twice(self, text: str) -> None:
        """Two touches at the same place, as fast as a finger can."""
        self._do("touch_twice", text=text)

    def touch_fast(self, *texts: str) -> None:
        """All of them one after the other, a touch every other frame."""
        self._do("touch_fast", texts=texts)

    def two_fingers(self, one: str, other: str) -> None:
        """Two fingers down at once, let go in this order; side by side where both texts are the same."""
        self._do("two_fingers", one=one, other=other)

    def type_on_keyboard(self, text: str) -> None:
        """Somebody plugged a keyboard in, or it pastes; with the keys that mean something to Kivy."""
        self._do("type_on_keyboard", text=text)

    def press_panel(self, x: int, y: int) -> None:
        """What a panel makes of a finger at this dot, counted from its own upper left corner."""
        self._do("press_panel", x=x, y=y)

    def touch_at(self, x: float, y: float) -> None:
        self._do("touch_at", x=x, y=y)

    def drag(self, *places: tuple[float, float]) -> None:
        """A finger that goes from place to place before it is let go; parts of the window."""
        self._do("drag", places=places)

    def hold_corner(self) -> None:
        """A finger that stays in the corner of the brand."""
        self._do("hold_corner")

    def until_camera(self) -> int:
        """The number of the camera's frame that shows; 0 without the camera's picture."""
        return int(self._do("camera"))

    def camera_sides(self) -> tuple[int, int]:
        """How bright the camera's picture is on the screen, a little left and right of its middle."""
        left, right = self._do("camera_sides")
        return left, right

    def tell(self, message: BaseModel) -> None:
        self._do("tell", message=json.loads(message.model_dump_json()))

    def advance(self, seconds: float) -> None:
        self._do("advance", seconds=seconds)

    def link(self, on: bool) -> None:
        self._do("link", on=on)

    def open(self, **settings: Any) -> None:
        """Nobody has come yet; the shop's settings are there."""
        self._do("reset")
        told: dict[str, Any] = {
            "brand": "Maison Lumen",
            "languages": ("fr", "en", "es"),
            "region": "FR",
            "programme_active": True,
            "points_name": "points",
            **settings,
        }
        self.tell(
            SettingsArrived(
                settings=KioskSettings.model_validate(told), training=False, readers=("scanner", "camera")
            )
        )

    @property
    def step(self) -> str:
        return str(self._do("look")["step"])

    @property
    def texts(self) -> list[str]:
        return list(self._do("look")["texts"])

    @property
    def said(self) -> list[dict[str, Any]]:
        return list(self._do("said"))

    @property
    def alive_messages(self) -> int:
        return int(self._do("alive"))

    @property
    def hidden_texts(self) -> list[str]:
        return list(self._do("hidden"))

    @property
    def faults(self) -> list[str]:
        return list(self._do("faults"))

    @property
    def signs(self) -> list[str]:
        """Texts and icons that can be seen."""
        return list(self._do("signs"))

    @property
    def small_targets(self) -> list[str]:
        return list(self._do("small_targets"))

    def pixels(self) -> dict[str, Any]:
        return dict(self._do("pixels"))

    def picture(self, path: Path) -> None:
        """What the window shows, as a PNG file."""
        self._do("picture", path=str(path))

    def panel_picture(self, path: Path) -> None:
        """The dots of the panel, however it is mounted, as a PNG file."""
        self._do("panel_picture", path=str(path))

    def store(self) -> None:
        """The device has kept all that was said."""
        for message in self.said:
            if message["kind"] == "said":
                self.tell(EventStored(event_id=UUID(message["event_id"])))

    def answer(self, event_id: str, show: Show) -> None:
        result = Result(event_id=UUID(event_id), outcome="accepted", at=NOW, show=show)
        self.tell(ResultArrived(result=result))

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(60)
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
