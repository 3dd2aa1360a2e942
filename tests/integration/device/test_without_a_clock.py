"""A device that starts in 1970, as a Pi without a clock does: it takes the station's time, over a real broker."""

from datetime import UTC, datetime, timedelta
from typing import Any

from device.bootstrap import Device
from device.configuration import DeviceSettings
from messaging.station.settings import Desired
from runtime.clock import SystemClock

NEW_YEAR_1970 = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)


class NoBattery(SystemClock):
    """Counts on from 1970, wherever the machine's own clock is."""

    def __init__(self) -> None:
        self._began_s = self.monotonic_s()

    def now(self) -> datetime:
        return NEW_YEAR_1970 + timedelta(seconds=self.monotonic_s() - self._began_s)


def test_a_device_in_1970_is_served_and_takes_the_stations_time(
    settings: DeviceSettings, station: Any, simulation_of: Any
) -> None:
    # row 203
    deaths: list[str] = []
    device = Device(settings, NoBattery(), deaths.append)
    device.start()
    try:
        ask = simulation_of(settings)
        ask(do="type", text="M-1")
        first, body = station.next_event()
        assert (first.wall.year, first.clock_certain) == (1970, False), "told as it is, and as uncertain"
        assert body.text == "M-1", "what is read counts all the same: the station dates it"
        while device.outbox.queued:  # the result, with the station's time, has come
            pass
        ask(do="type", text="M-2")
        second, _ = station.next_event()
        assert second.clock_certain
        assert abs(second.wall - datetime.now(UTC)) < timedelta(minutes=1)
        assert (second.seq, second.boot) == (first.seq + 1, first.boot), "their order never hung on a clock"
        assert second.mono_ms >= first.mono_ms
        # A station that is itself in 1970 is not believed, and takes nothing back.
        station.send("desired", _desired(NEW_YEAR_1970))
        ask(do="type", text="M-3")
        third, _ = station.next_event()
        assert third.clock_certain
        assert third.wall.year > 1970
    finally:
        device.stop()
    assert deaths == []


def _desired(at: datetime) -> Desired:
    return Desired.model_validate(
        {
            "version": 7,
            "at": at,
            "lane": 1,
            "kiosk": {
                "brand": "Maison Lumen",
                "languages": ("fr",),
                "region": "FR",
                "programme_active": True,
                "points_name": "points",
            },
        }
    )
