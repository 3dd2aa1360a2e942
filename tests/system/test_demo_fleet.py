"""The fleet's demo as a person starts it: two devices updated for real, and a broken release that goes back."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.timeout(420)
def test_an_update_reaches_both_devices_and_a_broken_one_goes_back(tmp_path: Path) -> None:
    # rows 87, 178
    done = subprocess.run(
        [sys.executable, "-m", "comptoir", "demo-fleet", "--once", "--data", str(tmp_path / "data")],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["updated_devices"] == 2
    assert seen["running"] == {"1.0.1": 2}
    assert seen["rollout"] == "halted"
    assert seen["rolled_back_devices"] >= 1
    assert "scan" in seen["reason"]
