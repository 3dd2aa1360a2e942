"""Prometheus reads the station's figures on its own machine; nothing of people is among them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from checkout.backup_record import BackupRecord, LastBackup
from checkout.configuration import MetricsSettings
from checkout.metrics import create_metrics
from checkout.side_door import SideDoor
from messaging.station.presence import Presence
from messaging.station.settings import PartHealth, Reported
from runtime.ids import boot_id
from tests.fakes.fleet_desk import DeskBeside
from tests.integration.checkout.counter import Counter


def read(counter: Counter, path: str = "/metrics") -> httpx.Response:
    door = SideDoor("address of figures", create_metrics(counter.web), MetricsSettings(port=0)).start()
    try:
        return httpx.get(f"http://127.0.0.1:{door.port}{path}", trust_env=False)
    finally:
        door.stop()


def figures(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_prometheus_reads_what_the_station_the_devices_and_the_updates_do(
    counter: Counter, tmp_path: Path
) -> None:
    # part of row 191
    now = counter.clock.now()
    beside = DeskBeside(counter, "1.0.0", "1.0.1")
    beside.report("s0001.k01", running="1.0.1")
    record = BackupRecord(tmp_path / "last.json", tmp_path, "age1")
    record.note(LastBackup(now - timedelta(hours=3), "one.age", 5))
    counter = replace(counter, web=replace(counter.web, backup=record))
    devices = counter.station.devices
    devices.broker_changed(is_up=True)
    devices.present("s0001.k01", Presence(state="online", boot=boot_id(), release="1.0.1"), now)
    parts = (PartHealth(name="usb", health="absent"),)
    devices.reported("s0001.k01", Reported(version=1, release="1.0.1", parts=parts, outbox_events=7), now)

    answer = read(counter)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    seen = figures(answer.text)
    assert seen["comptoir_broker_up",] == 1
    assert seen["comptoir_device_up", "s0001.k01", "1"] == 1
    assert seen["comptoir_device_outbox_events", "s0001.k01", "1"] == 7
    assert seen["comptoir_device_part_troubled", "s0001.k01", "usb"] == 1
    assert seen["comptoir_device_release_info", "s0001.k01", "1.0.1"] == 1
    assert seen["comptoir_backup_age_seconds",] == 3 * 3600
    assert seen["comptoir_fleet_devices", "1.0.1"] == 1
    assert seen["comptoir_writer_works_total",] >= 0
    assert seen["comptoir_dead_letters",] == 0
    assert seen["comptoir_message_way_away_seconds", "sms"] == 0
    assert not any(word in answer.text for word in ("Camille", "+33", "@", counter.card_of("Camille")))
    assert read(counter, "/").status_code == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::"])
def test_nobody_else_may_read_them(host: str) -> None:
    with pytest.raises(ValueError, match="this machine alone"):
        MetricsSettings(host=host)
