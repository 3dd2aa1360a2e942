"""What devices are told: only what may be shown, only what a message can carry."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.desired import desired_for
from checkout.devices import DeviceRegistry
from checkout.lanes import LaneDevices
from checkout.link import topics_heard
from checkout.wire import given_name, line_text, refusal_why, sale_shown
from loyalty.domain.money import Currency
from loyalty.domain.programme import PointsName
from loyalty.domain.sale import SaleState
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.domain.why import Refusal, Refused
from loyalty.services.kiosk_sale import KioskSaleView
from messaging.codec import encode
from messaging.station.presence import Presence
from messaging.station.settings import PartHealth, Reported
from messaging.station.show import MemberShown
from tests.fakes.clock import FakeClock

SHOP = ShopSettings("Maison Lumen", "s0001", "FR", Currency("EUR"), "Europe/Paris", "fr", ("fr", "en"), "FR")


def view(state: SaleState | None) -> KioskSaleView:
    return KioskSaleView(
        state=state,
        sale_id=uuid4(),
        currency=Currency("EUR"),
        lines=(),
        discounts=(),
        total_minor=0,
        invites=False,
        points_to_earn=None,
        points_earned=None,
        points_balance=None,
        points_name=PointsName("grain", "grains"),
        is_training=False,
    )


def test_a_sale_paid_just_now_is_shown_and_one_of_yesterday_is_no_news(clock: FakeClock) -> None:
    now = clock.now()
    fresh = sale_shown(view(SaleState.COMPLETED), 7, now - timedelta(seconds=5), now)
    assert (fresh.state, fresh.revision, fresh.points_name) == ("paid", 7, "grains")
    for closed_at in (None, now - timedelta(hours=12)):
        old = sale_shown(view(SaleState.COMPLETED), 8, closed_at, now)
        assert (old.state, old.sale) == ("none", None)


@pytest.mark.parametrize("state", [None, SaleState.HELD])
def test_a_lane_without_a_sale_shows_none(state: SaleState | None, clock: FakeClock) -> None:
    assert sale_shown(view(state), 1, None, clock.now()).state == "none"


@given(st.text(max_size=400))
def test_any_name_becomes_text_that_a_message_can_carry(text: str) -> None:
    line = line_text(text)
    name = given_name(text)
    shown = MemberShown(
        given_name=name, language=None, points=1, points_name=line, next_reward=None, rewards=()
    )
    assert encode(shown)
    assert line.isprintable()


def test_reasons_travel_under_the_names_that_the_kiosk_knows() -> None:
    assert refusal_why(Refused(Refusal.CODE_SIGNATURE_WRONG)).code == "bad_signature"
    assert refusal_why(Refused(Refusal.SESSION_ENDED)).code == "late"
    why = refusal_why(Refused(Refusal.NOT_ENOUGH_POINTS, {"missing": 3}))
    assert (why.code, why.params) == ("not_enough_points", {"missing": 3})


def test_settings_for_a_device_name_nobody_and_keep_their_version(clock: FakeClock) -> None:
    desired = desired_for(Lane(uuid4(), 2, "s0001.k02"), SHOP, None, clock.now())
    assert (desired.version, desired.lane, desired.at) == (1, 2, clock.now())
    assert desired.kiosk.languages == ("fr", "en")
    assert not desired.kiosk.programme_active


def test_a_station_hears_its_own_devices_by_name_and_no_wildcard() -> None:
    lanes = LaneDevices(
        [
            Lane(uuid4(), 1, "s0001.k01"),
            Lane(uuid4(), 2, None),
            Lane(uuid4(), 3, "s0001.k03", is_active=False),
        ]
    )
    assert lanes.devices() == ("s0001.k01",)
    heard = topics_heard(lanes.devices())
    assert heard == (
        "comptoir/v1/s0001.k01/event",
        "comptoir/v1/s0001.k01/presence",
        "comptoir/v1/s0001.k01/reported",
        "comptoir/v1/s0001.k01/looked",
        "comptoir/v1/s0001.k01-fleet/reported",
        "comptoir/v1/s0001.k01-fleet/looked",
    )
    assert lanes.of_device("s0001.k03") is None
    assert lanes.numbered(3) is None


def test_the_state_line_follows_presence_report_and_broker(clock: FakeClock) -> None:
    devices = DeviceRegistry()
    assert not devices.view("s0001.k01").is_online
    devices.broker_changed(is_up=True)
    devices.present("s0001.k01", Presence(state="online", boot=uuid4(), release="1.0.0"), clock.now())
    parts = (
        PartHealth(name="camera", health="down", detail=""),
        PartHealth(name="scanner", health="ok", detail=""),
        PartHealth(name="scanner.side", health="absent", detail=""),
    )
    report = Reported(version=1, release="1.0.0", parts=parts, outbox_events=2, quarantined_events=1)
    devices.reported("s0001.k01", report, clock.now())
    shown = devices.view("s0001.k01")
    assert (shown.is_online, shown.waiting_events, shown.quarantined_events) == (True, 2, 1)
    assert shown.troubled_parts == ("camera", "scanner.side")
    devices.present("s0001.k01", Presence(state="offline", boot=uuid4(), release="1.0.0"), clock.now())
    assert not devices.view("s0001.k01").is_online
    devices.broker_changed(is_up=False)
    assert not devices.view("s0001.k01").is_broker_up
    assert devices.view(None).name is None
