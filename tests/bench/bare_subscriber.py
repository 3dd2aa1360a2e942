"""The baseline of a station: reads each event, commits it by itself, acknowledges it, and does nothing else.

``python -m tests.bench.bare_subscriber BROKER_PORT CERTIFICATES FILE``
"""

import sqlite3
import sys
from pathlib import Path

from messaging.mqtt import BrokerAddress, Delivery, MqttLink
from messaging.topics import device_topic
from runtime.lifecycle import stop_signals

DEVICE, STATION = "s0002.k01", "s0002.station"


def main(port: str, certificates: str, file: str) -> None:
    """Run until SIGTERM."""
    database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, payload BLOB NOT NULL)")

    def keep(delivery: Delivery) -> None:
        database.execute("INSERT INTO event (payload) VALUES (?)", (delivery.payload,))
        delivery.acknowledge()

    folder = Path(certificates)
    address = BrokerAddress(
        host="127.0.0.1",
        port=int(port),
        ca_file=folder / "ca.pem",
        certificate_file=folder / "certificate.pem",
        key_file=folder / "key.pem",
        client_id=STATION,
        session_expiry_s=3600,
    )
    link = MqttLink(address, (device_topic(DEVICE, "event"),), keep, lambda up: None)
    with stop_signals() as asked:
        link.start()
        asked.wait()
        link.stop()


if __name__ == "__main__":
    main(*sys.argv[1:4])
