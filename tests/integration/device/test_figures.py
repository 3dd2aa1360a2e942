"""A Prometheus on a lane reads what device, kiosk and update agent do; nothing of people is among it."""

import urllib.error
import urllib.request
from typing import Any
from uuid import UUID

import pytest
from prometheus_client.parser import text_string_to_metric_families

from device.bootstrap import Device
from device.configuration import DeviceSettings
from fleet.agent.figures import AgentFigures
from messaging.local.from_kiosk import KioskAlive
from messaging.station.fleet import FleetReported
from runtime.figures import FiguresSettings
from runtime.figures_door import FiguresDoor, FiguresError
from tests.fakes.kiosk import FakeKiosk


@pytest.fixture
def settings(settings: DeviceSettings) -> DeviceSettings:
    return settings.model_copy(update={"metrics": FiguresSettings(port=0)})


def read(port: int, path: str = "/metrics") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        assert answer.headers["cache-control"] == "no-store"
        return str(answer.read().decode())


def figures(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name.removeprefix("comptoir_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_prometheus_reads_the_device_and_the_kiosk_beside_it(
    device: Device, kiosk: FakeKiosk, station: Any, simulation: Any
) -> None:
    # part of row 191
    assert device.figures is not None
    port = device.figures.port
    assert ("kiosk_frames_total",) not in figures(read(port))
    kiosk.say(KioskAlive(frames=77, step="idle", memory_bytes=150_000_000, cpu_ms=2500))
    simulation(do="type", text="M-31415926535")
    station.next_event()
    found = figures(read(port))
    while ("kiosk_frames_total",) not in found:
        found = figures(read(port))
    assert found["kiosk_frames_total",] == 77
    assert found["kiosk_memory_bytes",] == 150_000_000
    assert found["kiosk_cpu_seconds_total",] == 2.5
    assert found["broker_up",] == 1
    assert found["part_state", "usb", "ok"] == 1
    assert found["part_state", "usb", "absent"] == 0
    assert found["part_events_total", "usb", "read"] == 1
    assert found["outbox_quarantined_events",] == 0
    assert found["process_memory_bytes",] > 10_000_000
    assert "31415926535" not in read(port)
    with pytest.raises(urllib.error.HTTPError) as other:
        read(port, "/other")
    assert other.value.code == 404
    other.value.close()


def test_a_prometheus_reads_how_updates_fare() -> None:
    # part of row 191
    reports: list[FleetReported | None] = [None]
    door = FiguresDoor(FiguresSettings(port=0), AgentFigures(lambda: reports[0], lambda: False))
    door.start()
    try:
        assert figures(read(door.port))["broker_up",] == 0
        last = {"release": "1.0.1", "result": "rolled_back", "reason": "health: scan: no answer", "tries": 3}
        whole = {"n": 3, "boot": UUID(int=1), "running": "1.0.0", "channel": "stable", "stage": "staged",
                 "rollout": 41, "trouble": "fetch: away", "free_mb": 812, "last": last}  # fmt: skip
        reports[0] = FleetReported.model_validate(whole)
        found = figures(read(door.port))
        assert found["release_info", "1.0.0"] == 1
        assert (found["update_stage", "staged"], found["update_stage", "idle"]) == (1, 0)
        assert (found["update_rollout",], found["update_in_trouble",]) == (41, 1)
        assert found["update_last", "1.0.1", "rolled_back"] == 1
        assert found["update_free_bytes",] == 812_000_000
        with pytest.raises(FiguresError):
            FiguresDoor(FiguresSettings(port=door.port), lambda: ()).start()
    finally:
        door.stop()
