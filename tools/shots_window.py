"""One window that plays the scenes and photographs each: run by :mod:`tools.shots`."""

import logging
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from kiosk.configuration import KioskConfiguration
from kiosk.fonts import find_fonts
from kiosk.session import Session
from kiosk.window import check_driver, prepare
from runtime.clock import SystemClock
from tools.scenes import SCENES, Actor, Scene

OUT = Path("build") / "shots"


def main(size: str, only: list[str]) -> int:
    logging.basicConfig(level="WARNING")
    config = KioskConfiguration(socket=Path("unused"), size=size, video="offscreen")
    prepare(config, str(Path("build") / "kivy"))
    from kivy.base import EventLoop  # noqa: PLC0415 - the window opens on import

    from kiosk import app as kiosk_app  # noqa: PLC0415 - the window opens on import
    from kiosk.screens.mirror import png, read_pixels  # noqa: PLC0415 - the window opens on import
    from tools.layout_faults import layout_faults  # noqa: PLC0415 - the window opens on import

    check_driver(config)
    app: Any = None
    faults: list[str] = []
    pictures: list[Path] = []
    scenes = [scene for scene in SCENES if not only or scene.name in only]

    def photograph(scene: Scene) -> None:
        nonlocal app
        said: list[Any] = []
        session = Session(SystemClock(), said.append)
        app.session = session
        app.stage.motion = False
        actor = Actor(session, said)
        session.listen(app.show)
        app.show(session.view)
        scene.play(actor)
        for _ in range(4):
            EventLoop.idle()
        found = layout_faults(app.root_window)
        faults.extend(f"{size} {scene.name}: {fault}" for fault in found)
        path = OUT / f"{scene.name}-{size}.png"
        shot: list[tuple[bytes, int, int]] = []
        app.root_window.bind(on_flip=lambda *_: shot.append(read_pixels()))
        app.root_window.canvas.ask_update()
        EventLoop.idle()
        path.write_bytes(png(*shot[0]))
        pictures.append(path)

    holder = Session(SystemClock(), lambda _: None)
    app = kiosk_app.KioskApp(holder, find_fonts(), motion=False, warn_s=15)
    app._run_prepare()
    for scene in scenes:
        photograph(scene)
    if not only:
        _sheet(pictures, size)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def _sheet(pictures: list[Path], size: str) -> None:
    width, height = (int(side) for side in size.split("x"))
    scale = 400 / width if width > height else 240 / width
    cell = (round(width * scale), round(height * scale))
    columns = 4 if width > height else 7
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (cell[0] + 10) + 10, rows * (cell[1] + 30) + 10), "#888888")
    draw = ImageDraw.Draw(sheet)
    for at, path in enumerate(pictures):
        x = 10 + (at % columns) * (cell[0] + 10)
        y = 10 + (at // columns) * (cell[1] + 30)
        with Image.open(path) as picture:
            sheet.paste(picture.resize(cell, Image.Resampling.LANCZOS), (x, y))
        draw.text((x, y + cell[1] + 4), path.stem, fill="white")
    sheet.save(OUT / f"sheet-{size}.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
