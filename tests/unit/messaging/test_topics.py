import pytest

from messaging.catalogue import MQTT_CHANNELS
from messaging.errors import MalformedMessageError
from messaging.topics import BRANCHES, bell_topic, device_topic, identified_topic, parse_device_topic


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
    assert addresses == built | {agent, lane, bell_topic("{channel}")}
