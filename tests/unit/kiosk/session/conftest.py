"""A session at a counter, with everything it says written down."""

import pytest

from kiosk.session import Session
from messaging.local.from_kiosk import FromKiosk
from tests.fakes.clock import FakeClock
from tools.scenes import Actor


@pytest.fixture
def said() -> list[FromKiosk]:
    return []


@pytest.fixture
def session(clock: FakeClock, said: list[FromKiosk]) -> Session:
    return Session(clock, said.append)


@pytest.fixture
def actor(session: Session, said: list[FromKiosk]) -> Actor:
    """The shop is open and nobody has come yet."""
    actor = Actor(session, said)
    actor.open()
    return actor
