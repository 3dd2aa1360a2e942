"""A finger on a key of the keypad → the picture with the digit, in the kiosk's window at its own frame rate.

Baseline: the same keypad as a page in Chromium, same size, same machine, same run, also without a graphics
card: from the browser's own time of the touch to the end of the frame that shows the digit.
"""

import ctypes
import json
import os
import random
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.bench.figures import percentile_ms

_TOUCHES = 200
_WARM_UP = 10
_CHROMIUM = "/usr/bin/chromium"
_SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
]

_PAGE = """<!doctype html><meta name=viewport content="width=device-width"><style>
body{margin:0;background:#FAF6EE;font:600 34px Inter,sans-serif;display:grid;grid-template-columns:1fr 322px;
 gap:34px;padding:32px 30px 28px 40px;height:420px}
#entry{background:#fff;border:2px solid #0C4A3E;border-radius:20px;height:76px;line-height:76px;padding-left:100px}
#keys{display:grid;grid-template-columns:repeat(3,1fr);gap:10px}
button{font:inherit;border:0;border-radius:18px;background:#fff;box-shadow:0 3px 12px #0002}
button:active{background:#0C4A3E;color:#fff}
</style><div><h1>Votre numéro de mobile</h1><div id=entry></div></div><div id=keys></div><script>
const keys=document.getElementById('keys'),entry=document.getElementById('entry');window.took=[];
for(const face of '1234567890'){const key=document.createElement('button');key.textContent=face;
 key.addEventListener('pointerdown',event=>{entry.textContent=(entry.textContent+face).slice(-14);
  requestAnimationFrame(()=>{const channel=new MessageChannel();
   channel.port1.onmessage=()=>took.push(performance.now()-event.timeStamp);channel.port2.postMessage(0)})});
 keys.append(key)}
</script>"""


def run(folder: Path) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    del folder
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.touch_to_picture"],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        stdout=subprocess.PIPE,
        check=True,
    )
    both: list[tuple[float, float]] = json.loads(done.stdout.splitlines()[-1])
    ours, busy = ([each[at] for each in both] for at in (0, 1))
    browser = _in_a_browser()
    p50, baseline = percentile_ms(ours, 50), percentile_ms(browser, 50)
    return {
        "n": len(ours),
        "load_1_min": round(os.getloadavg()[0], 1),
        "budget_p50_ms": 40,
        "p50_ms": p50,
        "p99_ms": percentile_ms(ours, 99),
        "cpu_p50_ms": percentile_ms(busy, 50),
        "baseline_chromium_p50_ms": baseline,
        "baseline_chromium_p99_ms": percentile_ms(browser, 99),
        "ratio_p50": round(p50 / baseline, 2),
    }


def _in_a_browser() -> list[float]:
    """Seconds of each touch, the last ones of a page that has settled."""
    from playwright.sync_api import sync_playwright

    dice = random.Random(1)
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=_CHROMIUM, args=_SWITCHES)
        page = browser.new_page(viewport={"width": 800, "height": 480}, has_touch=True)
        page.set_content(_PAGE)
        for _ in range(_TOUCHES + _WARM_UP):
            page.get_by_role("button", name=str(dice.randrange(10)), exact=True).tap()
            page.wait_for_timeout(dice.uniform(60, 110))
        took = page.evaluate("took")
        browser.close()
    return [milliseconds / 1000 for milliseconds in took[_WARM_UP:]]


def _in_the_window() -> list[tuple[float, float]]:
    """Seconds from touch to picture, and the processor's in them; in a process of its own.

    Touches come as SDL hands on those of a panel, at any moment of a frame, as a finger does. The picture
    is there when other pixels can be read where the digits stand."""
    from kiosk.bootstrap import Kiosk
    from kiosk.configuration import KioskConfiguration
    from kiosk.window import prepare
    from messaging.local.to_kiosk import SettingsArrived
    from messaging.station.settings import KioskSettings
    from runtime.clock import SystemClock
    from tests.ui.kiosk.window_process import ScriptedLink

    config = KioskConfiguration(socket=Path("unused"), size="800x480", video="offscreen")
    stopping = threading.Event()
    size = prepare(config, str(Path("build") / "kivy"))
    kiosk = Kiosk(config, size, SystemClock(), stopping, connect=ScriptedLink)
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

    settings = KioskSettings(
        brand="Maison Lumen", languages=("fr",), region="FR", programme_active=True, points_name="points"
    )
    panel = _Panel(size)
    took: list[tuple[float, float]] = []
    touched: tuple[float, float] | None = None
    shown, drawn = b"", threading.Event()

    def flipped(*_: Any) -> None:
        nonlocal touched, shown
        if kiosk.session.view.step != "phone":
            return
        entry = kiosk.app.stage.current.ids.entry  # type: ignore[union-attr]
        place = (round(entry.x), round(entry.y), round(entry.width), round(entry.height))
        pixels = bytes(glReadPixels(*place, GL_RGB, GL_UNSIGNED_BYTE))  # waits until all is drawn
        if touched is not None and pixels != shown:
            took.append((time.perf_counter() - touched[0], time.process_time() - touched[1]))
            touched = None
            drawn.set()
        shown = pixels

    def erase(_: float) -> None:
        for _ in range(15):
            kiosk.session.touch.erase_digit()

    def fingers() -> None:
        nonlocal touched
        dice = random.Random(1)
        time.sleep(3)
        link: Any = kiosk._link
        arrived = SettingsArrived(settings=settings, training=False, readers=("scanner",))
        link.on_frame(arrived.model_dump_json().encode())
        time.sleep(1)
        kiosk._kivy_clock.schedule_once(lambda _: kiosk.session.touch.enter_number())
        time.sleep(1)
        for number in range(_TOUCHES + _WARM_UP):
            if number % 10 == 9:
                kiosk._kivy_clock.schedule_once(erase)
                time.sleep(0.3)
            time.sleep(dice.uniform(0.04, 0.09))
            drawn.clear()
            place = _KEYS[dice.randrange(3)]
            touched = (time.perf_counter(), time.process_time())
            panel.touch(place)
            if not drawn.wait(5):
                raise RuntimeError("a touch was not drawn")
            time.sleep(0.04)
            panel.let_go(place)
        stopping.set()

    kiosk._window.bind(on_flip=flipped)
    threading.Thread(target=fingers, daemon=True).start()
    kiosk.run()
    return took[_WARM_UP:]


class _Panel:
    """Puts touches where SDL puts those of a touch panel: as a mouse's into its queue."""

    _DOWN, _UP, _LEFT = 0x401, 0x402, 1

    def __init__(self, size: tuple[int, int]) -> None:
        from kiosk.window import loaded_sdl

        self._sdl = loaded_sdl()
        self._size = size

    def touch(self, place: tuple[float, float]) -> None:
        self._push(self._DOWN, place)

    def let_go(self, place: tuple[float, float]) -> None:
        self._push(self._UP, place)

    def _push(self, kind: int, place: tuple[float, float]) -> None:
        x, y = (round(part * side) for part, side in zip(place, self._size, strict=True))
        event = struct.pack("=IIIIBBBBii", kind, 0, 1, 0, self._LEFT, int(kind == self._DOWN), 1, 0, x, y)
        self._sdl.SDL_PushEvent(ctypes.create_string_buffer(event, 64))


_KEYS = ((0.62, 0.16), (0.76, 0.16), (0.9, 0.16))
"""Places of 1, 2 and 3 in parts of the window, from its upper left corner."""


if __name__ == "__main__":
    print(json.dumps(_in_the_window()))
