import pytest

from messaging.catalogue import MQTT_CHANNELS
from messaging.errors import MalformedMessageError
from messaging.topics import (
    BRANCHES,
    REGISTER_BRANCHES,
    asking_register,
    bell_topic,
    device_topic,
    identified_topic,
    parse_device_topic,
    register_topic,
)


@pytest.mark.parametrize("branch", BRANCHES)
def test_a_device_topic_is_read_back(branch: str) -> None:
    assert parse_device_topic(device_topic("s0001.k01", branch)) == ("s0001.k01", branch)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["", "k01", "s1.k01", "s0001.k01/#", "s0001.+", "S0001.K01", "s0001.k01\n"])
def test_a_name_that_no_certificate_bears_makes_no_topic(name: str) -> None:
    with pytest.raises(MalformedMessageError):
        device_topic(name, "event")


@pytest.mark.parametrize(
    "topic", ["", "comptoir/v2/s0001.k01/event", "comptoir/v1/s0001.k01/other", "x" * 500]
)
def test_a_foreign_topic_is_none_of_a_device(topic: str) -> None:
    with pytest.raises(MalformedMessageError):
        parse_device_topic(topic)


def test_the_catalogue_names_the_same_topics() -> None:
    addresses = {channel.address for channel in MQTT_CHANNELS}
    built = {device_topic("s0001.k01", branch).replace("s0001.k01", "{device}") for branch in BRANCHES}
    lane = identified_topic("0001", 7).replace("0001", "{store}").replace("7", "{lane}")
    agent = device_topic("s0001.k01-fleet", "reported").replace("s0001.k01-fleet", "{agent}")
    pos = {
        register_topic("s0001.pos-a", each).replace("s0001.pos-a", "{register}") for each in REGISTER_BRANCHES
    }
    assert addresses == built | pos | {agent, lane, bell_topic("{channel}")}


def test_only_the_ask_branch_of_a_register_asks() -> None:
    assert asking_register(register_topic("s0001.pos-front", "ask")) == "s0001.pos-front"
    for topic in ("", register_topic("s0001.pos-front", "answer"), "comptoir/v1/s0001.k01/ask", "x" * 300):
        assert asking_register(topic) is None
    for name in ("", "s0001.k01", "s0001.pos-", "s0001.pos-+", "s0001.pos-a\n"):
        with pytest.raises(MalformedMessageError):
            register_topic(name, "ask")
