"""What the station sent last."""

import queue

import pytest

from device.outbox import Outbox
from device.shown import Shown
from device.station_time import StationTime
from messaging.station.sale import SaleShown
from messaging.station.settings import Desired
from runtime.ids import new_id

DESIRED = Desired.model_validate_json(
    '{"version": 7, "at": "2026-11-24T10:15:30Z", "lane": 1, "kiosk": {"brand": "Maison Lumen",'
    ' "languages": ["fr"], "region": "FR", "programme_active": true, "points_name": "points"}}'
)


@pytest.fixture
def told():
    return queue.Queue()


@pytest.fixture
def make(tmp_path, clock, told):
    boxes = []

    def make():
        boxes.append(Outbox(tmp_path / "outbox.db"))
        return Shown(
            boxes[-1], StationTime(clock), clock, ("camera",), lambda message: told.put(message) or True
        )

    yield make
    for box in boxes:
        box.close()


def sale(revision, state="open", sale_id=None):
    return SaleShown(sale=sale_id or new_id(), revision=revision, state=state, currency="EUR")


def test_settings_survive_a_restart_without_the_station(make):
    # row 167
    make().on_desired(DESIRED)
    again = make()
    assert again.settings_version == 7


def test_a_late_sale_message_is_dropped(make, told):
    # X14
    shown = make()
    new = sale(5)
    shown.on_sale(new)
    shown.on_sale(sale(4))
    assert shown.open_sale == new.sale
    assert told.get().sale == new
    assert told.empty()


def test_a_station_that_counts_anew_is_heard_after_a_reconnection(make):
    shown = make()
    shown.on_sale(sale(5))
    shown.on_online(True)
    restored = sale(1)
    shown.on_sale(restored)
    assert shown.open_sale == restored.sale


@pytest.mark.parametrize("state", ["paid", "voided", "none"])
def test_only_an_open_sale_goes_into_events(make, state):
    # X14
    shown = make()
    shown.on_sale(sale(1))
    shown.on_sale(sale(2, state))
    assert shown.open_sale is None


def test_a_silent_station_is_no_link_for_the_screen_and_still_one_to_the_broker(make, told):
    shown = make()
    shown.on_online(True)
    assert told.get().online
    shown.on_silence(True)
    assert not told.get().online
    assert (shown.is_online, shown.is_served) == (True, False)
    shown.on_silence(False)
    assert told.get().online
