"""The live stream of a lane for a register, over a real socket: snapshot, changes, resumption, the end."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from loyalty.services.keep_registers import KeyMade, make_new_key, revoke_register
from messaging.events.code_read import CodeRead
from tests.integration.checkout.registers import make_companion, make_register
from tests.patience import PATIENCE_S
from tests.ui.checkout.served import ServedCounter

TIMEOUT_S = PATIENCE_S


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedCounter]:
    made = ServedCounter(tmp_path).start()
    yield made
    made.stop()


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Id and data of each event that comes."""
    event_id = ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "id":
            event_id = value
        elif name == "data":
            yield event_id, json.loads(value)


def stream(served: ServedCounter, made: KeyMade, lane: int = 1, **headers: str) -> Any:
    url = f"{served.address}/api/v1/lanes/{lane}/events"
    return httpx.stream(
        "GET", url, headers={"authorization": f"Bearer {made.key}", **headers}, timeout=TIMEOUT_S
    )


def post(served: ServedCounter, made: KeyMade, path: str, body: Any) -> None:
    url = f"{served.address}/api/v1/lanes/1{path}"
    headers = {"authorization": f"Bearer {made.key}"}
    httpx.post(url, json=body, headers=headers, timeout=TIMEOUT_S).raise_for_status()


def test_a_register_follows_its_lane_and_resumes_where_it_was(served: ServedCounter) -> None:
    # part of row 195
    make_companion(served.counter)
    made = make_register(served.counter)
    with stream(served, made) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        coming = events(answer.iter_lines())
        assert next(coming)[1]["sale"] is None
        post(served, made, "/sale", {"reference": "T-1", "total_minor": 2000})
        last, stated = next(coming)
        assert stated["sale"]["reference"] == "T-1"
    card = CodeRead(text=served.counter.card_of("Camille"), symbology="QRCode", source="camera")
    served.counter.send(served.counter.envelope(card, sale=served.counter.open_sale_id()))
    served.counter.settle()
    with stream(served, made, **{"last-event-id": last}) as answer:
        missed = next(events(answer.iter_lines()))
        assert missed[1]["sale"]["member"]["name"].startswith("Camille")
        assert "phone" not in json.dumps(missed[1])


@pytest.mark.parametrize("how", ["revoked", "another key"])
def test_a_stream_ends_with_its_key_and_tells_nothing_more(served: ServedCounter, how: str) -> None:
    # part of row 211
    counter = served.counter
    make_companion(counter)
    made, other = make_register(counter, "A"), make_register(counter, "B")
    with stream(served, made) as answer:
        coming = events(answer.iter_lines())
        next(coming)
        with counter.database.unit_of_work() as unit:
            ctx, owner = counter.station.ctx, counter.shop.staff
            end = revoke_register if how == "revoked" else make_new_key
            end(unit, ctx, made.register.id, owner)
            unit.commit()
        post(served, other, "/sale", {"reference": "T-1", "total_minor": 2000})
        assert list(coming) == []


def test_other_lanes_and_keys_get_no_stream(served: ServedCounter) -> None:
    make_companion(served.counter)
    made = make_register(served.counter)
    for lane, key, status in ((2, made.key, 403), (1, "wrong", 401)):
        url = f"{served.address}/api/v1/lanes/{lane}/events"
        answer = httpx.get(url, headers={"authorization": f"Bearer {key}"}, timeout=TIMEOUT_S)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
