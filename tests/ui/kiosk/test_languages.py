"""Every screen speaks four languages and changes between them where it stands; staff pages speak two."""

import json
import os
import subprocess
import sys

import pytest

from kiosk.session.view import Step
from tools.shots_window import LANGUAGES
from tools.words import faults


@pytest.mark.timeout(300)
def test_every_screen_changes_to_every_language_where_it_stands_and_staff_read_two() -> None:
    # row 189
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.kiosk.languages_window"],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told["played"]) == {step.value for step in Step} - {"screen_test"}
    assert told["no button"] == []
    assert told["did not follow"] == []
    assert set(LANGUAGES) == {"fr", "en", "es", "ar"}
    assert [fault for language in LANGUAGES for fault in faults(language)] == []
