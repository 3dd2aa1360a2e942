"""Whoever sees, hears, reaches or moves less well is served: the kiosk after EN 301 549, the pages after WCAG."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.session import Session
from kiosk.session.limits import Limits
from kiosk.session.view import Step
from messaging.local.from_kiosk import FromKiosk
from tests.fakes.clock import FakeClock
from tests.integration.checkout.outside import status_path
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage
from tests.ui.checkout.served import ServedCounter
from tests.unit.kiosk.sound.test_cues import cues_of
from tools.scenes import SCENES, Actor

_STAFF_PAGES = ("/till/1", "/customers", "/programme", "/settings/checkout", "/reports", "/health")
"""Of each kind one; :mod:`tests.ui.checkout.test_every_page` looks at all there are."""

_ALONE = ("idle", "sale", "training", "own-look", "pairing")
"""How the names of the scenes begin in which the till or the device opened the screen and nobody touched it."""


@pytest.mark.timeout(600)
def test_the_kiosk_and_the_pages_are_for_everyone(
    served: ServedCounter, open_page: OpenPage, tmp_path: Path
) -> None:
    # row 190
    # Contrast of what is drawn, sizes of targets, reach on a tall screen, enough to hear: every scene there is.
    drawn = subprocess.run(
        [sys.executable, "-m", "tools.shots_window", "480x800", "fr", f"--into={tmp_path}"],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert (drawn.returncode, drawn.stdout) == (0, ""), drawn.stdout + drawn.stderr[-2000:]
    assert {path.stem for path in tmp_path.glob("*.png")} == {f"{scene.name}-fr" for scene in SCENES}

    silent = [scene.name for scene in SCENES if not cues_of(scene.name)]
    assert [name for name in silent if not name.startswith(_ALONE)] == []

    assert waits_for_who_needs_time()

    counter = served.counter
    counter.sell("Tasse en grès")
    path = status_path(counter)
    pages: list[tuple[str, str | None]] = [(address, "demo") for address in _STAFF_PAGES]
    for address, login in [*pages, (path, None), (f"{path}/code", None), ("/s/no-such-link", None)]:
        page = open_page(address, login=login)
        assert accessibility_faults(page) == [], address
        page.context.close()


def waits_for_who_needs_time() -> bool:
    """Warned before anything is lost, given more as often as asked, and four times as much from the start."""
    clock, said = FakeClock(), list[FromKiosk]()
    session = Session(clock, said.append, Limits())
    actor = Actor(session, said)
    actor.open()
    actor.touch.enter_number()
    actor.type("0612")
    for _ in range(10):
        clock.advance(Limits().idle_s + 1)
        session.tick()
        assert session.view.warning_s is not None
        actor.touch.extend()
    actor.touch.switch_time()
    clock.advance(4 * Limits().idle_s - 1)
    session.tick()
    assert session.view.warning_s is None
    return session.view.step is Step.PHONE and session.view.phone.digits == "0612"
