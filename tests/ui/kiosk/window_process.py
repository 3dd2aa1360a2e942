"""A real kiosk window in a process of its own, played through its standard input.

Kivy has one window and one App a process; so the tests share this one, whatever else runs beside them. With
the socket of a device process it is that one's kiosk, as it runs in a shop; only the finger is the test's.
Each line in is a command, each line out its answer, given once nothing moves any more.
"""

import ctypes
import hashlib
import json
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from kiosk.bootstrap import Kiosk
from kiosk.configuration import KioskConfiguration
from kiosk.window import loaded_sdl, prepare
from runtime.clock import SystemClock
from runtime.logs import set_up_logs
from tests.fakes.clock import FakeClock

_MOUSE_MOVED, _BUTTON_DOWN, _BUTTON_UP = 0x400, 0x401, 0x402
"""SDL's names: SDL_MOUSEMOTION, SDL_MOUSEBUTTONDOWN, SDL_MOUSEBUTTONUP."""

_EVENT_BYTES = 64
"""At least as many as an SDL_Event has."""


class ScriptedLink:
    """Stands for the socket to the device process."""

    def __init__(
        self, _path: Path, on_frame: Callable[[bytes], None], on_link: Callable[[bool], None]
    ) -> None:
        self.on_frame = on_frame
        self.on_link = on_link
        self.said: list[dict[str, Any]] = []

    def start(self) -> None:
        self.on_link(True)

    def stop(self) -> None:
        """Nothing is open."""

    def send(self, message: BaseModel) -> bool:
        self.said.append(json.loads(message.model_dump_json()))
        return True


class Stagehand:
    """Carries out commands on the drawing thread."""

    def __init__(self, kiosk: Kiosk, clock: FakeClock) -> None:
        self._kiosk = kiosk
        self._clock = clock

    @property
    def _link(self) -> ScriptedLink:
        link: ScriptedLink = self._kiosk._link
        return link

    def do(self, command: dict[str, Any]) -> Any:
        return getattr(self, "do_" + command.pop("do"))(**command)

    def do_touch(self, text: str) -> None:
        self.do_touch_fast([text])

    def do_touch_twice(self, text: str) -> None:
        self.do_touch_fast([text, text])

    def do_touch_fast(self, texts: list[str]) -> None:
        window = self._kiosk._window
        assert self._kiosk._mirror is not None
        for text in texts:
            widget = self._find(text)
            x, y = widget.to_window(*widget.center)
            self._kiosk._mirror.touch(x / window.width, 1 - y / window.height)

    def do_two_fingers(self, one: str, other: str) -> None:
        """Both down before either is let go, in this order."""
        from kivy.base import EventLoop

        from kiosk.screens.mirror import MirrorTouch

        window = self._kiosk._window
        fingers = []
        for number, text in enumerate((one, other)):
            widget = self._find(text)
            aside = (number - 0.5) * widget.width / 3  # as far apart as fingers on one button are
            x, y = widget.to_window(widget.center_x + aside, widget.center_y)
            fingers.append(MirrorTouch("fingers", f"finger{number}", (x / window.width, y / window.height)))
        for finger in fingers:
            EventLoop.post_dispatch_input("begin", finger)
        for finger in fingers:
            finger.update_time_end()
            EventLoop.post_dispatch_input("end", finger)

    def do_type_on_keyboard(self, text: str) -> None:
        """A keyboard or its paste: as Kivy's window hears it."""
        window = self._kiosk._window
        for sign in text:
            window.dispatch("on_key_down", ord(sign), 0, sign, [])
            window.dispatch("on_textinput", sign)
            window.dispatch("on_key_up", ord(sign), 0)
        for key, modifiers in ((ord("v"), ["ctrl"]), (13, []), (27, []), (9, []), (282, []), (293, [])):
            window.dispatch("on_keyboard", key, 0, None, modifiers)

    def do_press_panel(self, x: int, y: int) -> None:
        """By SDL, which makes the mouse's events of a panel's."""
        sdl = loaded_sdl()
        moved = struct.pack("=IIIIIiiii", _MOUSE_MOVED, 0, 1, 0, 0, x, y, 0, 0)
        buttons = [
            struct.pack("=IIIIBBBBii", kind, 0, 1, 0, 1, kind == _BUTTON_DOWN, 1, 0, x, y)
            for kind in (_BUTTON_DOWN, _BUTTON_UP)
        ]
        for event in (moved, *buttons):
            assert sdl.SDL_PushEvent(ctypes.create_string_buffer(event, _EVENT_BYTES)) == 1

    def do_touch_at(self, x: float, y: float) -> None:
        assert self._kiosk._mirror is not None
        self._kiosk._mirror.touch(x, y)

    def do_drag(self, places: list[list[float]]) -> None:
        from kivy.base import EventLoop

        from kiosk.screens.mirror import MirrorTouch

        (x, y), *further = places
        finger = MirrorTouch("fingers", "dragged", (x, 1 - y))
        EventLoop.post_dispatch_input("begin", finger)
        for x, y in further:
            finger.move((x, 1 - y))
            EventLoop.post_dispatch_input("update", finger)
        finger.update_time_end()
        EventLoop.post_dispatch_input("end", finger)

    def do_hold_corner(self) -> None:
        from kivy.clock import Clock

        class Finger:
            x, y = 0.03 * self._kiosk._window.width, 0.97 * self._kiosk._window.height

        app = self._kiosk.app
        app._touched(None, Finger())
        assert app._long_touch.is_triggered
        app._long_touch.cancel()
        Clock.schedule_once(lambda _: app.session.touch.open_staff())

    def do_camera(self) -> int:
        camera = self._kiosk.app.camera
        if camera is None:
            return 0
        camera._look()
        return int(camera.number)

    def do_camera_sides(self) -> list[int]:
        from kiosk.screens.mirror import read_pixels
        from kiosk.screens.scan import CameraPicture

        stage = self._kiosk.app.stage
        assert stage is not None
        picture = next(widget for widget in stage.walk() if isinstance(widget, CameraPicture))
        window = self._kiosk._window
        shots: list[tuple[bytes, int, int]] = []

        def shoot(*_: Any) -> None:
            shots.append(read_pixels())

        window.bind(on_flip=shoot)
        window.canvas.ask_update()
        window.dispatch("on_draw")
        window.dispatch("on_flip")
        window.unbind(on_flip=shoot)
        pixels, width, _ = shots[0]
        y = int(picture.center_y + picture.height * 0.42)
        places = (int(picture.center_x - picture.width * 0.3), int(picture.center_x + picture.width * 0.3))
        return [pixels[3 * (y * width + x)] for x in places]

    def do_tell(self, message: dict[str, Any]) -> None:
        self._link.on_frame(json.dumps(message).encode())

    def do_link(self, on: bool) -> None:
        self._link.on_link(on)

    def do_advance(self, seconds: float) -> None:
        for _ in range(round(seconds * 4)):
            self._clock.advance(0.25)
            self._kiosk.session.tick()

    def do_reset(self) -> None:
        self._link.on_link(False)
        self._kiosk._inbox.drain()
        self.do_advance(10)
        self._link.on_link(True)
        self._kiosk._inbox.drain()
        self._link.said.clear()

    def do_said(self) -> list[dict[str, Any]]:
        quiet = ("kiosk_alive", "picture_taken", "kiosk_ready")
        return [message for message in self._link.said if message["kind"] not in quiet]

    def do_alive(self) -> int:
        return sum(1 for message in self._link.said if message["kind"] == "kiosk_alive")

    def do_look(self) -> dict[str, Any]:
        view = self._kiosk.session.view
        return {"step": view.step.value, "language": view.language, "texts": self._texts()}

    def do_pixels(self) -> dict[str, Any]:
        pixels, width, height = self._shot()
        colours = len({pixels[at : at + 3] for at in range(0, len(pixels), 3 * 997)})
        return {
            "digest": hashlib.sha256(pixels).hexdigest(),
            "width": width,
            "height": height,
            "colours": colours,
        }

    def do_picture(self, path: str) -> None:
        from PIL import Image

        pixels, width, height = self._shot()
        picture = Image.frombytes("RGB", (width, height), pixels)
        picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(path)

    def do_panel_picture(self, path: str) -> None:
        from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
        from PIL import Image

        width, height = (round(side) for side in self._kiosk._window.system_size)
        pixels = self._shot(lambda: glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE))
        panel = Image.frombytes("RGB", (width, height), bytes(pixels))
        panel.transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(path)

    def _shot(self, read: Callable[[], Any] | None = None) -> Any:
        from kiosk.screens.mirror import read_pixels

        window = self._kiosk._window
        shots: list[Any] = []

        def shoot(*_: Any) -> None:
            shots.append((read or read_pixels)())

        window.bind(on_flip=shoot)
        window.canvas.ask_update()
        window.dispatch("on_draw")
        window.dispatch("on_flip")
        window.unbind(on_flip=shoot)
        return shots[0]

    def do_faults(self) -> list[str]:
        from tools.layout_faults import layout_faults

        return layout_faults(self._kiosk._window)

    def do_signs(self) -> list[str]:
        from tools.layout_faults import visible_signs

        return visible_signs(self._kiosk._window)

    def do_small_targets(self) -> list[str]:
        from tools.layout_faults import target_faults

        faults = target_faults(self._kiosk._window, self._kiosk.app.u)
        return [fault for fault in faults if fault.startswith("small")]

    def do_hidden(self) -> list[str]:
        """Every text of every widget that is kept but not shown: what a customer left behind would be here."""
        stage = self._kiosk.app.stage
        assert stage is not None
        kept = [screen for screen in stage._screens.values() if screen is not stage.current]
        return [widget.text for screen in kept for widget in screen.walk() if getattr(widget, "text", "")]

    def do_quit(self) -> None:
        self._kiosk.app.stop()

    def is_still(self) -> bool:
        kiosk = self._kiosk
        assert kiosk._mirror is not None
        touches = kiosk._mirror.touches
        busy = touches._waiting or touches._down is not None
        stage = kiosk.app.stage
        if busy or stage is None or not stage.is_still or not stage.takes_second_touches:
            return False
        # Kivy shows a touched button as pressed for a moment after the finger left.
        return not any(getattr(widget, "state", "normal") == "down" for widget in stage.walk())

    def _find(self, text: str) -> Any:
        for widget in self._shown():
            if widget.text == text:
                return widget
        raise LookupError(f"{text!r} is not among {self._texts()}")

    def _texts(self) -> list[str]:
        return [widget.text for widget in self._shown() if widget.text]

    def _shown(self) -> list[Any]:
        from tools.layout_faults import visible_labels

        return visible_labels(self._kiosk._window)


def main(size: str, turn: str, socket: str = "") -> None:
    set_up_logs("WARNING")
    turned: Any = int(turn)
    config = KioskConfiguration(
        socket=Path(socket or "unused"), size=size, turn=turned, video="offscreen", mirror=not socket
    )
    clock = FakeClock()
    wanted = prepare(config, str(Path("build") / "kivy"))
    from kivy.config import Config

    Config.set("graphics", "maxfps", "120")  # so that the tests wait less for their frames
    if socket:
        kiosk = Kiosk(config, wanted, SystemClock(), threading.Event())
    else:
        kiosk = Kiosk(config, wanted, clock, threading.Event(), connect=ScriptedLink)
    hand = Stagehand(kiosk, clock)
    from kivy.clock import Clock

    def answer(command: dict[str, Any]) -> None:
        try:
            found = hand.do(command)
        except Exception as error:  # noqa: BLE001 - told to the test that asked
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
            return
        frames = 0

        def when_still(_: float) -> bool:
            nonlocal frames
            frames += 1
            if frames < 3 or not hand.is_still():
                return True
            print(json.dumps({"answer": found}), flush=True)
            return False

        Clock.schedule_interval(when_still, 0)

    def listen() -> None:
        for line in sys.stdin:
            command = json.loads(line)
            Clock.schedule_once(lambda _, command=command: answer(command))
        Clock.schedule_once(lambda _: hand.do_quit())

    threading.Thread(target=listen, daemon=True).start()
    kiosk.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
