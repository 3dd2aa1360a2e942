"""Section [checkout.messages]: from the file to the ways out and the rules they keep."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from pydantic import ValidationError

from checkout.assembly import _gateway, _rules_of
from checkout.messages.settings import SendingSettings
from loyalty.adapters.file_gateway import FileMessageGateway
from loyalty.adapters.gateways.routing_gateway import RoutingGateway
from loyalty.domain.channel import Channel
from loyalty.domain.money import Currency
from loyalty.domain.shop import ShopSettings
from runtime.errors import ConfigurationError
from tests.fakes.clock import FakeClock
from tests.unit.checkout.test_configuration import settings

SETTINGS = ShopSettings("Lumen", "s0001", "FR", Currency("EUR"), "Europe/Paris", "fr", ("fr", "en"), "FR")
CLOCK = FakeClock(datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
DEMO = '[checkout.demo]\ntoken_file = "token"\nsimulation_socket = "simulation.sock"'
SMTP = '[checkout.messages.smtp]\nhost = "mail.lumen.example"\nfrom_address = "boutique@lumen.example"'


def test_without_the_section_messages_are_written_to_the_folder(tmp_path: Path) -> None:
    assert isinstance(_gateway(settings(tmp_path), CLOCK), FileMessageGateway)


def test_each_channel_takes_the_way_that_was_chosen(tmp_path: Path) -> None:
    # row 193
    gateway = _gateway(settings(tmp_path, tail=f'[checkout.messages]\nemail = "smtp"\n{SMTP}'), CLOCK)
    assert isinstance(gateway, RoutingGateway)
    assert gateway.has_way(Channel.EMAIL)
    assert not gateway.has_way(Channel.SMS)


def test_the_demo_never_sends_whatever_the_file_says(tmp_path: Path) -> None:
    found = settings(tmp_path, tail=f'[checkout.messages]\nemail = "smtp"\n{SMTP}\n{DEMO}')
    assert isinstance(_gateway(found, CLOCK), FileMessageGateway)
    rules = _rules_of(found)(SETTINGS)
    assert rules.quiet_hours is None
    assert rules.limits.per_number_an_hour is None


def test_the_rules_are_the_shop_s(tmp_path: Path) -> None:
    # rows 193, 207
    tail = """[checkout.messages.sending]
quiet_from = 20:30:00
quiet_to = 08:00:00
countries = ["BE"]
per_number_a_day = 2
segment_cost_minor = 6
segment_cost_minor_by_country = { BE = 11 }
"""
    rules = _rules_of(settings(tmp_path, tail=tail))(SETTINGS)
    assert rules.quiet_hours is not None
    assert (rules.quiet_hours.start, rules.quiet_hours.end) == (time(20, 30), time(8))
    assert rules.limits.countries == {"FR", "BE"}
    assert (rules.limits.per_number_a_day, rules.limits.per_number_an_hour) == (2, 3)
    assert rules.segment_cost_minor_by_country["BE"] == 11
    assert rules.ceiling is not None
    assert rules.ceiling.countries == frozenset()
    assert rules.timezone == SETTINGS.timezone


def test_quiet_hours_can_be_switched_off() -> None:
    assert SendingSettings(has_quiet_hours=False).rules_for(SETTINGS).quiet_hours is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": time(9), "quiet_to": time(9)},
        {"quiet_from": time(9, tzinfo=UTC)},
        {"countries": ["France"]},
        {"per_number_a_day": 0},
        {"cost_a_day_minor": -1},
    ],
)
def test_rules_that_cannot_be_meant_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SendingSettings.model_validate(wrong)


@pytest.mark.parametrize(
    ("more", "tail", "expected"),
    [
        (
            'public_url = "http://points.example.org"',
            "[checkout.public]\nproxies = ['127.0.0.1']",
            "starts with https",
        ),
        (
            'public_url = "https://example.org/points"',
            "[checkout.public]\nproxies = ['127.0.0.1']",
            "without a path",
        ),
        ('public_url = "https://"', "", "public_url must start"),
        ("", f"[checkout.public]\nproxies = ['127.0.0.1']\n{DEMO}", "the demo has no public door"),
    ],
)
def test_a_public_door_that_cannot_work_is_refused(
    tmp_path: Path, more: str, tail: str, expected: str
) -> None:
    # row 196
    with pytest.raises(ConfigurationError, match=expected):
        settings(tmp_path, more, tail)
