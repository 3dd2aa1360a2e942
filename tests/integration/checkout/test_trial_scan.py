"""An update is proved by a scan whose sale the station completes, and that leaves nothing of a sale."""

from messaging.events.trial_scanned import TrialScanned
from tests.integration.checkout.counter import Counter

BODY = TrialScanned(text="TRIAL-1", symbology="QRCode")


def test_the_station_completes_a_sale_of_nothing_in_a_lane_of_its_own(counter: Counter) -> None:
    # part of row 178
    with counter.database.reading() as unit:
        active = [lane.number for lane in unit.lanes.all() if lane.is_active]

    answer = counter.send(counter.envelope(BODY))

    assert answer.outcome == "accepted"
    with counter.database.reading() as unit:
        lane = unit.lanes.by_number(999)
        assert lane is not None
        assert (lane.is_training, lane.is_active, lane.device) == (True, False, None)
        assert unit.sales.open_in_lane(lane.id) is None
        assert [each.number for each in unit.lanes.all() if each.is_active] == active


def test_an_open_sale_is_not_touched(counter: Counter) -> None:
    counter.sell("Croissant")
    before = counter.till()

    for _ in range(2):
        assert counter.send(counter.envelope(BODY)).outcome == "accepted"

    after = counter.till()
    assert (after.sale, after.notice) == (before.sale, before.notice)
