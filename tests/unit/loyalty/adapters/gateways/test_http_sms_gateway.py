"""SMS over HTTP: what is asked, and what each answer means."""

import base64
import ssl

import pytest

from loyalty.adapters.gateways.http_sms_gateway import HttpSmsGateway
from loyalty.adapters.gateways.settings import HttpSmsSettings
from loyalty.ports.messages import GatewayOutcome
from runtime.errors import ConfigurationError
from tests.fakes.http_provider import HttpProvider
from tests.fakes.messages import email, sms
from tests.fakes.raw_server import RawServer, read_request
from tests.fakes.tls import loopback_certificate

ACCEPTED, REFUSED, UNKNOWN = GatewayOutcome.ACCEPTED, GatewayOutcome.REFUSED, GatewayOutcome.UNKNOWN


@pytest.fixture
def gateway(tmp_path):
    def make(url, **settings):
        secret = tmp_path / "secret"
        secret.write_text("k3y")
        return HttpSmsGateway(HttpSmsSettings(url=url, secret_file=secret, **settings))

    return make


@pytest.fixture
def provider():
    with HttpProvider() as started:
        yield started


def test_the_request_is_what_the_providers_page_asks_for_in_json(gateway, provider):
    # row 193
    message = sms()
    gateway(
        provider.url,
        fields={"to": "message.to", "text": "message.body", "sender": "message.from", "message_id": "ref"},
        fixed={"type": "transactional", "options.unicode": True},
        sender="LUMIERE",
        number_style="digits",
        to_is_list=True,
        idempotency_header="Idempotency-Key",
    ).send(message)
    (asked,) = provider.asked
    assert asked.json == {
        "message": {"to": ["33612345678"], "body": message.body, "from": "LUMIERE"},
        "ref": str(message.id),
        "type": "transactional",
        "options": {"unicode": True},
    }
    assert asked.headers["authorization"] == "Bearer k3y"
    assert asked.headers["idempotency-key"] == str(message.id)


def test_the_request_is_what_the_providers_page_asks_for_in_a_form_with_a_password(gateway, provider):
    message = sms()
    gateway(
        provider.url,
        body="form",
        fields={"to": "To", "text": "Body", "sender": "From"},
        sender="+33700000000",
        username="AC123",
    ).send(message)
    (asked,) = provider.asked
    assert asked.form == {"To": [message.to], "Body": [message.body], "From": ["+33700000000"]}
    assert base64.b64decode(asked.headers["authorization"].split()[1]) == b"AC123:k3y"


def test_the_same_message_carries_the_same_key_in_every_attempt(gateway, provider):
    # row 193
    message, way = sms(), gateway(provider.url, idempotency_header="X-Request-Id")
    way.send(message)
    way.send(message)
    assert {asked.headers["x-request-id"] for asked in provider.asked} == {str(message.id)}


@pytest.mark.parametrize(
    ("status", "outcome", "is_final"),
    [
        (200, ACCEPTED, False),
        (202, ACCEPTED, False),
        (204, UNKNOWN, False),
        (301, REFUSED, False),
        (302, UNKNOWN, False),
        (303, UNKNOWN, False),
        (308, REFUSED, False),
        (400, REFUSED, True),
        (401, REFUSED, False),
        (402, REFUSED, False),
        (403, REFUSED, False),
        (409, UNKNOWN, False),
        (422, REFUSED, True),
        (429, REFUSED, False),
        (500, UNKNOWN, False),
        (502, UNKNOWN, False),
        (503, UNKNOWN, False),
        (504, UNKNOWN, False),
        (599, UNKNOWN, False),
    ],
)
def test_each_status_means_what_the_docs_say(gateway, provider, status, outcome, is_final):
    provider.status = status
    answer = gateway(provider.url).send(sms())
    assert (answer.outcome, answer.is_final) == (outcome, is_final)


@pytest.mark.parametrize(
    ("header", "wait_s"), [("120", 120.0), ("9999999", 86_400.0), ("soon", None), ("-1", None)]
)
def test_a_provider_that_is_asked_too_often_says_how_long_to_wait(gateway, provider, header, wait_s):
    provider.status, provider.headers = 429, {"Retry-After": header}
    assert gateway(provider.url).send(sms()).retry_after_s == wait_s


def test_a_redirect_is_not_followed_and_the_secret_stays_here(gateway, provider):
    with HttpProvider() as elsewhere:
        provider.status, provider.headers = 307, {"Location": elsewhere.url}
        assert gateway(provider.url).send(sms()).outcome is REFUSED
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b'{"messages":[{"status":"0"}]}', ACCEPTED),
        (b'{"messages":[{"status":"9"}]}', REFUSED),
        (b'{"messages":[{"status":"77"}]}', UNKNOWN),
        (b'{"messages":[]}', UNKNOWN),
        (b'{"messages":{}}', UNKNOWN),
        (b"<html>ok</html>", UNKNOWN),
        (b"", UNKNOWN),
        (b"[" * 5000, UNKNOWN),
    ],
)
def test_a_provider_that_refuses_with_status_200_is_understood_by_its_field(gateway, provider, body, outcome):
    provider.body = body
    way = gateway(
        provider.url,
        answer_field="messages.0.status",
        answer_accepted=("0",),
        answer_refused=("9",),
    )
    assert way.send(sms()).outcome is outcome


def test_an_answer_without_end_is_cut(gateway, provider):
    provider.body = b"x" * 3_000_000
    assert gateway(provider.url).send(sms()).outcome is ACCEPTED


def test_a_yes_whose_rest_is_cut_off_is_a_yes(gateway):
    def script(connection, closing):
        read_request(connection)
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\n{")

    with RawServer(script) as server:
        assert gateway(f"http://127.0.0.1:{server.port}/").send(sms()).outcome is ACCEPTED


def test_a_yes_whose_field_is_cut_off_leaves_it_unknown(gateway):
    def script(connection, closing):
        read_request(connection)
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\n{")

    with RawServer(script) as server:
        way = gateway(f"http://127.0.0.1:{server.port}/", answer_field="status", answer_accepted=("0",))
        assert way.send(sms()).outcome is UNKNOWN


def test_every_message_takes_a_connection_of_its_own(gateway):
    # A kept connection that the provider closed meanwhile would leave a message unknown for nothing.
    def script(connection, closing):
        while True:
            read_request(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with RawServer(script) as server:
        way = gateway(f"http://127.0.0.1:{server.port}/")
        assert [way.send(sms()).outcome for _ in range(2)] == [ACCEPTED, ACCEPTED]
        assert server.connections == 2


def test_a_certificate_that_nobody_vouches_for_is_a_refusal(gateway, tmp_path):
    certificate, key = loopback_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    heard = []

    def script(connection, closing):
        with context.wrap_socket(connection, server_side=True) as secure:
            heard.append(read_request(secure))
            secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with RawServer(script) as server:
        url = f"https://localhost:{server.port}/send"
        assert gateway(url).send(sms()).outcome is REFUSED
        assert heard == []
        assert gateway(url, ca_file=certificate).send(sms()).outcome is ACCEPTED
        assert b"Bearer k3y" in heard[0]


def test_a_proxy_of_the_environment_does_not_see_the_secret(gateway, provider, monkeypatch):
    with HttpProvider() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert gateway(provider.url).send(sms()).outcome is ACCEPTED
        assert proxy.asked == []


def test_an_e_mail_address_is_no_phone(gateway, provider):
    answer = gateway(provider.url).send(email())
    assert (answer.outcome, answer.is_final) == (REFUSED, True)
    assert provider.asked == []


def test_a_secret_that_fits_into_no_header_is_a_fault_of_the_configuration(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("k3y\r\nX-Evil: 1")
    with pytest.raises(ConfigurationError, match="header"):
        HttpSmsGateway(HttpSmsSettings(url="https://sms.example.org", secret_file=secret))
