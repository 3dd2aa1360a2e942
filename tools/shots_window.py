"""One window that plays the scenes and photographs each: run by :mod:`tools.shots`."""

import json
import logging
import shutil
import sys
from pathlib import Path
from typing import Any

from kiosk.configuration import KioskConfiguration
from kiosk.fonts import find_fonts
from kiosk.session import Session
from kiosk.sound.aloud import sayable, sentence
from kiosk.window import check_driver, prepare
from runtime.clock import SystemClock
from tools.contrast_faults import Picture, contrast_faults
from tools.scenes import OWN_WORDS, SCENES, Actor, Scene

SHOTS = Path("build") / "shots"
LANGUAGES = ("fr", "en", "es", "ar")
_FRAMES_TO_SETTLE = 4
_LEAST_SAID = 8
"""Characters; a screen with less would leave people who do not see it alone."""


class Photographer:
    """The product's own window without its process: one scene after the other."""

    def __init__(self, size: str) -> None:
        config = KioskConfiguration(socket=Path("unused"), size=size, video="offscreen")
        prepare(config, str(Path("build") / "kivy"))
        from kivy.config import Config  # noqa: PLC0415 - only after it was prepared

        Config.set("graphics", "maxfps", "0")  # nothing to wait for
        from kiosk.app import KioskApp  # noqa: PLC0415 - the window opens on import

        check_driver(config)
        self._app: Any = KioskApp(
            Session(SystemClock(), lambda _: None), find_fonts(), motion=False, warn_s=15
        )
        self._app.speaks = True  # the screens that have most on them
        self._app._run_prepare()

    def show(self, session: Session) -> None:
        """Be the window of this session from now on."""
        self._app.session = session
        session.listen(self._app.show)
        self._app.show(session.view)

    def draw(self) -> None:
        """One frame, if anything changed."""
        from kivy.base import EventLoop  # noqa: PLC0415 - the window opens on import

        EventLoop.idle()

    def play(self, scene: Scene, language: str, *, every_step: bool = False) -> Actor:
        """Bring the window to where the scene ends; with ``every_step`` by way of all that leads there."""
        said: list[Any] = []
        session = Session(SystemClock(), said.append)
        if every_step:
            self.show(session)
        actor = Actor(session, said, language)
        scene.play(actor)
        # A screen is drawn from the view alone: what leads to a scene need not be drawn.
        self.show(session)
        self._settle()
        return actor

    def switch(self, actor: Actor, language: str) -> None:
        """Another language by the button that every screen has, where the scene ended."""
        actor.touch.open_languages()
        actor.touch.choose_language(language)
        self._settle()

    def has_languages(self) -> bool:
        """Whether the screen leads to the choice of languages."""
        from kiosk.screens.widgets import LanguagePill  # noqa: PLC0415 - the window opens on import
        from tools.layout_faults import visible_targets  # noqa: PLC0415 - the window opens on import

        return any(isinstance(target, LanguagePill) for target in visible_targets(self._app.root_window))

    @staticmethod
    def _settle() -> None:
        from kivy.clock import Clock  # noqa: PLC0415 - the window opens on import
        from kivy.lang import Builder  # noqa: PLC0415 - the window opens on import

        for _ in range(_FRAMES_TO_SETTLE):
            Clock.tick()
            Builder.sync()
            Clock.tick_draw()
            Builder.sync()

    def faults(self) -> list[str]:
        """What is wrong with the layout as it stands."""
        from tools.layout_faults import layout_faults, target_faults  # noqa: PLC0415 - the window opens on import

        window = self._app.root_window
        return layout_faults(window) + target_faults(window, self._app.u) + self._voice_faults()

    def _voice_faults(self) -> list[str]:
        """Whether this screen says enough to whoever hears it alone, and nothing that is somebody's own."""
        from kiosk.screens.texts import texts_read  # noqa: PLC0415 - the window opens on import

        said = sentence(sayable(texts_read(self._app.stage), self._app.view))
        faults = [] if len(said) >= _LEAST_SAID else [f"too little to read aloud: {said!r}"]
        return faults + [f"read aloud to everybody: {own!r}" for own in OWN_WORDS if own in said]

    def signs(self) -> list[str]:
        """What tells this screen from others without any colour: its words and its icons."""
        from tools.layout_faults import visible_signs  # noqa: PLC0415 - the window opens on import

        return visible_signs(self._app.root_window)

    def contrast_faults(self, picture: Picture) -> list[str]:
        """What cannot be seen well in a picture of the window as it stands."""
        return contrast_faults(self._app.root_window, picture)

    def picture(self) -> Picture:
        """What the window shows."""
        from kivy.base import EventLoop  # noqa: PLC0415 - the window opens on import

        from kiosk.screens.mirror import read_pixels  # noqa: PLC0415 - the window opens on import

        shot: list[tuple[bytes, int, int]] = []
        window = self._app.root_window

        def flipped(*_: Any) -> None:
            shot.append(read_pixels())

        window.bind(on_flip=flipped)
        window.canvas.ask_update()
        EventLoop.idle()
        window.unbind(on_flip=flipped)
        return Picture(*shot[0])


def main(size: str, arguments: list[str]) -> int:
    """Write the pictures of a size and tell its faults.

    Languages and names of scenes narrow it down. ``--drawn=fr,ar`` draws only these languages, while all are
    looked through for faults; ``--into=FOLDER`` writes there.
    """
    logging.basicConfig(level="WARNING")
    options = dict(word[2:].split("=", 1) for word in arguments if word.startswith("--"))
    only = [word for word in arguments if not word.startswith("--")]
    languages = [language for language in LANGUAGES if language in only] or LANGUAGES
    drawn = options["drawn"].split(",") if "drawn" in options else languages
    names = [name for name in only if name not in LANGUAGES]
    out = Path(options["into"]) if "into" in options else SHOTS / size
    if not arguments:
        shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    window = Photographer(size)
    from kiosk.screens.mirror import png  # noqa: PLC0415 - the window opens on import

    faults = 0
    signs: dict[str, list[str]] = {}
    # Language by language: another one words all screens anew that the window keeps.
    for language in languages:
        for scene in [scene for scene in SCENES if not names or scene.name in names]:
            window.play(scene, language)
            found = window.faults()
            signs[f"{scene.name}-{language}"] = window.signs()
            if language in drawn:
                picture = window.picture()
                found += window.contrast_faults(picture)
                (out / f"{scene.name}-{language}.png").write_bytes(png(*picture))
            faults += len(found)
            for fault in found:
                print(f"{size} {scene.name} {language}: {fault}", flush=True)
    (out / "signs.json").write_text(json.dumps(signs), encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
