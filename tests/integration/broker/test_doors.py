"""Who gets in at all: the TLS side of the committed configuration."""

import socket
import ssl
from pathlib import Path

import pytest

from comptoir.certs import Authority
from tests.fakes.broker import MosquittoBroker
from tests.fakes.mqtt_client import lets_in, tls_context


def test_a_certificate_of_the_shop_gets_in_by_tls_1_3(broker: MosquittoBroker) -> None:
    folder = broker.folder("s0001.k01")
    assert lets_in(broker.address("s0001.k01"), tls_context(folder / "ca.pem", folder))


def test_plain_tcp_is_refused(broker: MosquittoBroker) -> None:
    assert not lets_in(broker.address("s0001.k01"), None)


def test_no_certificate_is_refused(broker: MosquittoBroker) -> None:
    assert not lets_in(broker.address("s0001.k01"), tls_context(broker.folder("s0001.k01") / "ca.pem", None))


def test_a_certificate_of_another_authority_is_refused(broker: MosquittoBroker, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "stranger")
    stranger.create("Test shop")
    stranger.issue_station("s0001.station")
    folder = stranger.issue_device("s0001.k01")

    assert not lets_in(
        broker.address("s0001.k01"), tls_context(broker.folder("s0001.k01") / "ca.pem", folder)
    )


def test_tls_1_2_is_refused(broker: MosquittoBroker) -> None:
    folder = broker.folder("s0001.k01")
    assert not lets_in(
        broker.address("s0001.k01"), tls_context(folder / "ca.pem", folder, ssl.TLSVersion.TLSv1_2)
    )


def test_the_brokers_certificate_is_none_of_a_client(broker: MosquittoBroker) -> None:
    folder = broker.authority.directory / "broker"
    assert not lets_in(broker.address("s0001.k01"), tls_context(folder / "ca.pem", folder))


def test_a_client_that_expects_another_host_does_not_talk_to_it(broker: MosquittoBroker) -> None:
    folder = broker.folder("s0001.k01")
    context = tls_context(folder / "ca.pem", folder)
    with (
        socket.create_connection((broker.host, broker.port), timeout=10) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(plain, server_hostname="station.example")
