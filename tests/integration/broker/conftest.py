from collections.abc import Callable, Iterator

import pytest

from tests.fakes.broker import MosquittoBroker
from tests.fakes.mqtt_client import BareClient


@pytest.fixture
def connect(broker: MosquittoBroker) -> Iterator[Callable[..., BareClient]]:
    """Connects as a name, to the shared broker unless another is given; closes at the end."""
    clients: list[BareClient] = []

    def connect(name: str, at: MosquittoBroker = broker, **arguments: object) -> BareClient:
        client = BareClient(at.address(name), **arguments)  # type: ignore[arg-type]
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.hang_up()
    for client in clients:
        client.close()
