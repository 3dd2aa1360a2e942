"""Whom a rollout chooses: a share by hash that only grows, pins, holds, halts."""

from hypothesis import given
from hypothesis import strategies as st

from fleet.documents.rollout import Rollout, bucket

DEVICES = [f"s{number // 10:04}.k{number % 10:02}" for number in range(20_000)]


def rollout(**more: object) -> Rollout:
    fields: dict[str, object] = {
        "channel": "stable",
        "number": 1,
        "id": "roll-1",
        "signed_at_s": 0,
        "release": "1.0.1",
        "base": "1.0.0",
        "salt": "roll-1",
        "state": "running",
        **more,
    }
    return Rollout.model_validate(fields)


def chosen(document: Rollout) -> set[str]:
    return {device for device in DEVICES if document.wanted_by(device) == document.release}


def test_a_percentage_is_that_share_of_the_devices() -> None:
    shares = {percent: len(chosen(rollout(percent=percent))) / 200 for percent in (0.0, 1.0, 25.0, 100.0)}

    assert shares[0.0] == 0
    assert shares[100.0] == 100
    assert abs(shares[1.0] - 1) < 0.4
    assert abs(shares[25.0] - 25) < 1.5


@given(st.floats(0, 100), st.floats(0, 100), st.text(min_size=1, max_size=20))
def test_raising_the_percentage_only_adds_devices(one: float, other: float, salt: str) -> None:
    low, high = sorted((one, other))
    for device in DEVICES[:50]:
        if bucket(salt, device) < low * 100:
            assert bucket(salt, device) < high * 100


def test_another_rollout_begins_with_other_devices() -> None:
    first, second = (chosen(rollout(percent=1.0, salt=salt)) for salt in ("roll-1", "roll-2"))

    assert len(first & second) < len(first) / 5


def test_who_is_not_chosen_runs_the_base() -> None:
    wanted = {rollout(percent=10.0).wanted_by(device) for device in DEVICES}

    assert wanted == {"1.0.0", "1.0.1"}


def test_a_pinned_device_runs_its_release_and_a_held_one_changes_nothing() -> None:
    document = rollout(percent=100.0, pins={"s0001.k01": "1.0.0"}, holds=("s0002.k02",))

    assert document.wanted_by("s0001.k01") == "1.0.0"
    assert document.wanted_by("s0002.k02") is None
    assert document.wanted_by("s0003.k03") == "1.0.1"


def test_a_halted_or_paused_rollout_chooses_nobody_anew() -> None:
    for state in ("halted", "paused"):
        document = rollout(percent=100.0, state=state)

        assert {document.wanted_by(device, "1.0.0") for device in DEVICES[:100]} == {"1.0.0"}
        assert {document.wanted_by(device, "1.0.1") for device in DEVICES[:100]} == {None}
