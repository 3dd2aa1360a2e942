"""From a scan to the applied reward on both screens: what is on the way, and what is not (row 172)."""

from pathlib import Path
from typing import Any

from sqlalchemy import event

from loyalty.services.demo_shop import DEMO_GROUP
from messaging.station.show import MemberShown
from tests.bench import scan_to_result
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.intake_events import card

GROWING = ("customers", "loyalty_accounts", "ledger_entries", "membership_cards", "sales", "identifications",
           "customer_summaries", "processed_events", "group_members")  # fmt: skip
"""Tables that grow with the members and with what they do."""


class Watched:
    """What the station's writer says to SQLite, as the driver tells it, with all values in it."""

    def __init__(self, counter: Counter) -> None:
        self.engine = counter.database._engine
        self.said: list[str] = []
        event.listen(self.engine, "checkout", self._trace)

    def _trace(self, connection: Any, *_more: Any) -> None:
        connection.set_trace_callback(self.said.append)

    def forget(self) -> None:
        event.remove(self.engine, "checkout", self._trace)
        with self.engine.connect() as connection:
            connection.connection.driver_connection.set_trace_callback(None)  # type: ignore[union-attr]

    def transactions(self, of: str) -> list[list[str]]:
        """The transactions that said this; what the station does by the clock goes on between them."""
        found: list[list[str]] = [[]]
        for each in self.said:
            found[-1].append(each)
            if each.strip().upper().startswith(("COMMIT", "ROLLBACK")):
                found.append([])
        return [each for each in found if any(of in statement for statement in each)]

    def steps(self, statements: list[str]) -> list[str]:
        """How the database goes about each statement that reads or changes rows."""
        asking = ("SELECT", "UPDATE", "DELETE", "WITH")
        with self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            return [
                row[3]
                for each in statements
                if each.lstrip().upper().startswith(asking)
                for row in raw.execute(f"EXPLAIN QUERY PLAN {each}")
            ]


def test_one_transaction_puts_the_reward_on_both_screens_and_reads_by_indexes_alone(counter: Counter) -> None:
    # part of row 172
    sale = counter.sell("Tasse en grès")
    shown_before = len(counter.link.sales)
    watched = Watched(counter)
    result = counter.send(counter.envelope(card(counter.card_of("Camille")), sale=sale))
    watched.forget()

    assert isinstance(result.show, MemberShown), "the answer to the event is itself what the kiosk shows"
    assert result.show.rewards
    branches = [branch for branch, _ in counter.link.heard_by_device[-2:]]
    assert sorted(branches) == ["result", "sale"], "and the sale with the discount leaves beside it"
    assert len(counter.link.sales) == shown_before + 1
    assert [each.name for each in counter.link.sales[-1][1].discounts] == [DEMO_GROUP]
    view = counter.till().sale
    assert view is not None
    assert [each.name for each in view.discounts] == [DEMO_GROUP]
    own = watched.transactions(of="INSERT INTO processed_events")
    assert len(own) == 1, "the disk is waited for once"
    assert own[0][-1].startswith("COMMIT")
    steps = watched.steps(own[0])
    assert any(step.startswith("SEARCH membership_cards") for step in steps)
    whole = [step for step in steps if step.startswith("SCAN") and step.split()[1] in GROWING]
    assert whole == [], "however many members there are, it takes the same"


def test_the_work_of_a_scan_leaves_its_budget_to_disk_and_network(tmp_path: Path) -> None:
    """By processor time, which tells the same beside other processes; the clock is ``make bench``'s.

    Real broker, station, device and keys; both screens; durable on both sides; the bare round trip beside.
    """
    # row 172
    figures = scan_to_result.run(tmp_path, scans=10)

    assert figures["n"] == 10
    assert figures["work_ms"] < figures["budget_p99_ms"] == 50, figures
    assert figures["p50_ms"] > figures["broker_rtt_p50_ms"] > 0, "measured against the broker of the same run"
