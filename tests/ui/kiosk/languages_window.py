"""One window that plays a scene of every screen, changes the language there, and tells what did not follow.

Run by :mod:`tests.ui.kiosk.test_languages`; prints a JSON object.
"""

import json
import logging
import sys

from kiosk.session import Session
from kiosk.session.view import Step
from messaging.local.from_kiosk import FromKiosk
from runtime.clock import SystemClock
from tools.scenes import SCENES, Actor, Scene
from tools.shots_window import LANGUAGES, Photographer

_WITHOUT = frozenset({Step.SCREEN_TEST})
"""Coloured fields for staff."""


def one_for_each_screen() -> list[Scene]:
    """The first scene that ends on each, without a question that lies over it and has to be answered."""
    found: dict[Step, Scene] = {}
    for scene in SCENES:
        said: list[FromKiosk] = []
        session = Session(SystemClock(), said.append)
        scene.play(Actor(session, said, "fr"))
        view = session.view
        if not (view.choosing_language or view.warning_s is not None or view.step in _WITHOUT):
            found.setdefault(view.step, scene)
    return list(found.values())


def main() -> int:
    logging.basicConfig(level="WARNING")
    window = Photographer("800x480")
    told: dict[str, list[str]] = {"played": [], "no button": [], "did not follow": []}
    scenes = one_for_each_screen()
    spoken: dict[str, list[str]] = {}
    # Each scene into the next language: all four, and to and from Arabic, come in turn.
    ways = {scene.name: (LANGUAGES[at % 4], LANGUAGES[(at + 1) % 4]) for at, scene in enumerate(scenes)}
    for language in LANGUAGES:  # one after the other: a change words all screens anew that the window keeps
        for scene in scenes:
            if ways[scene.name][1] == language:
                window.play(scene, language)
                spoken[scene.name] = window.signs()
    for scene in scenes:
        before, language = ways[scene.name]
        actor = window.play(scene, before)
        name = f"{scene.name} {before} {language}"
        told["played"].append(actor.session.view.step.value)
        if not window.has_languages():
            told["no button"].append(name)
        window.switch(actor, language)
        if window.signs() != spoken[scene.name]:
            told["did not follow"].append(f"{name}: {set(window.signs()) ^ set(spoken[scene.name])}")
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
