"""The public door of a counter, and a phone outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from checkout.public.listener import PublicListener
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.outside import Outside, public_door


@pytest.fixture
def door(counter: Counter, tmp_path: Path) -> Iterator[PublicListener]:
    limits = {"requests_a_minute": 5000, "link_requests_a_minute": 5000, "sms_a_minute": 5000}
    with public_door(counter, tmp_path, **limits) as opened:
        yield opened


@pytest.fixture
def phone(door: PublicListener) -> Iterator[Outside]:
    with Outside(door) as client:
        yield client
