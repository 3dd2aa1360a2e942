"""Which way a message takes, and which configuration is refused."""

import pytest
from pydantic import ValidationError

from loyalty.adapters.gateways.apprise_gateway import AppriseGateway
from loyalty.adapters.gateways.build import build_gateway
from loyalty.adapters.gateways.routing_gateway import RoutingGateway
from loyalty.adapters.gateways.settings import (
    AppriseSettings,
    HttpSmsSettings,
    MessagesSettings,
    SmtpSettings,
)
from loyalty.domain.channel import Channel, channel_of
from loyalty.ports.messages import GatewayOutcome
from runtime.config import load_section
from runtime.errors import ConfigurationError
from tests.fakes.http_provider import HttpProvider
from tests.fakes.messages import email, sms
from tests.fakes.raw_server import RawServer
from tests.fakes.smtp_server import Mailbox, smtp_server


def build(tmp_path, clock, text):
    path = tmp_path / "comptoir.toml"
    path.write_text(text)
    settings = load_section(path, "messages", MessagesSettings)
    return build_gateway(settings, subject=lambda _: "Vos points", clock=clock)


def test_each_channel_takes_the_way_that_the_configuration_names(tmp_path, clock):
    # row 193
    (tmp_path / "key").write_text("k3y")
    mailbox = Mailbox()
    with HttpProvider() as provider, smtp_server(mailbox) as port:
        gateway = build(
            tmp_path,
            clock,
            f"""
            [messages]
            sms = "http"
            email = "smtp"
            [messages.http]
            url = "{provider.url}"
            secret_file = "{tmp_path / "key"}"
            [messages.smtp]
            host = "127.0.0.1"
            port = {port}
            security = "none"
            from_address = "points@example.org"
            """,
        )
        assert gateway.has_way(Channel.SMS)
        assert gateway.send(sms()).outcome is GatewayOutcome.ACCEPTED
        assert gateway.send(email()).outcome is GatewayOutcome.ACCEPTED
        assert (len(provider.asked), len(mailbox.letters)) == (1, 1)


def test_a_channel_without_a_way_refuses_and_no_other_way_stands_in(tmp_path, clock):
    gateway = build(
        tmp_path, clock, f'[messages]\nemail = "file"\n[messages.file]\nfolder = "{tmp_path / "out"}"\n'
    )
    answer = gateway.send(sms())
    assert (answer.outcome, answer.is_final) == (GatewayOutcome.REFUSED, False)
    assert not gateway.has_way(Channel.SMS)
    assert list((tmp_path / "out").iterdir()) == []
    assert gateway.send(email()).outcome is GatewayOutcome.ACCEPTED


def test_nothing_is_chosen_by_default(tmp_path, clock):
    gateway = build(tmp_path, clock, "[messages]\n")
    assert {gateway.send(message).outcome for message in (sms(), email())} == {GatewayOutcome.REFUSED}


@pytest.mark.parametrize("name", ["http", "apprise", "file"])
def test_a_way_that_is_named_has_to_be_described(tmp_path, clock, name):
    with pytest.raises(ConfigurationError, match="is missing"):
        build(tmp_path, clock, f'[messages]\nsms = "{name}"\n')


@pytest.mark.parametrize(
    ("address", "channel"),
    [
        ("+33612345678", Channel.SMS),
        ("+15145550123", Channel.SMS),
        ("0612345678", None),
        ("+0612345678", None),
        ("+33612345678\n", None),
        ("zoe@example.org", Channel.EMAIL),
        ("zoe@sub.example.org", Channel.EMAIL),
        ("zoe@localhost", None),
        ("zoe@example.org, eve@example.org", None),
        ("<zoe@example.org>", None),
        ("zoe@example.org\r\n", None),
        ("", None),
    ],
)
def test_the_channel_follows_from_the_address(address, channel):
    assert channel_of(address) is channel


@pytest.mark.parametrize(
    "url",
    [
        "http://sms.example.org/send",
        "http://10.0.0.5/send",
        "ftp://sms.example.org",
        "https://user:pass@sms.example.org",
        "https://",
        "send",
    ],
)
def test_an_sms_address_that_is_not_https_or_holds_a_secret_is_refused(tmp_path, url):
    with pytest.raises(ValidationError):
        HttpSmsSettings(url=url, secret_file=tmp_path / "key")


@pytest.mark.parametrize(
    "url", ["https://sms.example.org/v1", "http://127.0.0.1:8000/", "http://[::1]/", "http://localhost/"]
)
def test_https_or_loopback_is_taken(tmp_path, url):
    assert HttpSmsSettings(url=url, secret_file=tmp_path / "key").url == url


def test_e_mail_without_tls_is_refused_off_loopback():
    with pytest.raises(ValidationError, match="without TLS"):
        SmtpSettings(host="mail.example.org", security="none", from_address="a@example.org")
    assert SmtpSettings(host="mail.example.org", from_address="a@example.org").security == "starttls"


@pytest.mark.parametrize("address", ["points", "points@example.org\r\nBcc: x@example.org", "é@example.org"])
def test_a_sender_that_is_no_address_is_refused(address):
    with pytest.raises(ValidationError):
        SmtpSettings(host="mail.example.org", from_address=address)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("json://127.0.0.1/", "{to}"),
        ("nothing://127.0.0.1/{to}", "none that Apprise"),
        ("json://sms.example.org/{to}", "encrypted"),
        ("jsons://sms.example.org/{to}?verify=no", "verify"),
        ("jsons://sms.example.org/{to}?retry=2", "retry"),
        ("jsons://sms.example.org/{to}?optional=yes", "optional"),
        ("jsons://sms.example.org/{to}?redirect=yes", "redirect"),
    ],
)
def test_an_apprise_address_that_would_send_twice_or_in_the_clear_is_refused(tmp_path, address, fault):
    path = tmp_path / "apprise"
    path.write_text(address)
    with pytest.raises(ConfigurationError, match=fault):
        AppriseGateway(AppriseSettings(url_file=path))


def test_an_apprise_address_of_a_known_sms_service_is_taken(tmp_path):
    path = tmp_path / "apprise"
    path.write_text("twilio://AC" + "1" * 32 + ":" + "2" * 32 + "@15005550006/{to}")
    gateway = AppriseGateway(AppriseSettings(url_file=path))
    assert "1111" not in repr(gateway)


def test_an_e_mail_through_apprise_has_its_subject_and_an_sms_has_none(tmp_path, clock):
    with HttpProvider() as provider:
        for name in ("sms", "email"):
            (tmp_path / name).write_text(f"json://127.0.0.1:{provider.port}/{{to}}")
        gateway = build(
            tmp_path,
            clock,
            f"""
            [messages]
            sms = "apprise"
            email = "apprise"
            [messages.sms_apprise]
            url_file = "{tmp_path / "sms"}"
            [messages.email_apprise]
            url_file = "{tmp_path / "email"}"
            """,
        )
        assert gateway.send(sms()).outcome is GatewayOutcome.ACCEPTED
        assert gateway.send(email()).outcome is GatewayOutcome.ACCEPTED
        assert [asked.json["title"] for asked in provider.asked] == ["", "Vos points"]


def test_a_service_that_hangs_stops_taking_messages_instead_of_piling_up_threads(tmp_path):
    def hang(connection, closing):
        closing.wait(20)

    path = tmp_path / "apprise"
    with RawServer(hang) as server:
        path.write_text(f"json://127.0.0.1:{server.port}/{{to}}")
        gateway = AppriseGateway(AppriseSettings(url_file=path, deadline_s=0.2))
        outcomes = [gateway.send(sms()).outcome for _ in range(3)]
    assert outcomes == [GatewayOutcome.UNKNOWN, GatewayOutcome.UNKNOWN, GatewayOutcome.REFUSED]


def test_text_that_is_no_address_is_refused_by_the_router_itself():
    answer = RoutingGateway(sms=None, email=None).send(sms(to="nobody"))
    assert (answer.outcome, answer.is_final) == (GatewayOutcome.REFUSED, True)
