"""E-mail: what is on the wire, and what each of the server's words means."""

import ssl

import pytest

from loyalty.adapters.gateways.settings import SmtpSettings
from loyalty.adapters.gateways.smtp_gateway import SmtpGateway
from loyalty.ports.messages import GatewayOutcome
from runtime.errors import ConfigurationError
from tests.fakes.messages import email
from tests.fakes.raw_server import RawServer
from tests.fakes.smtp_server import Mailbox, smtp_server
from tests.fakes.tls import loopback_certificate

OPT_OUT = "https://points.example.org/o/abc"


@pytest.fixture
def gateway(clock, tmp_path):
    def make(port, subject="Vos points", **settings):
        password = tmp_path / "password"
        password.write_text("s3cret")
        if "username" in settings:
            settings["password_file"] = password
        values = {"host": "127.0.0.1", "port": port, "security": "none", "from_address": "points@example.org"}
        return SmtpGateway(SmtpSettings(**{**values, **settings}), subject=lambda _: subject, clock=clock)

    return make


@pytest.fixture
def certificate(tmp_path):
    return loopback_certificate(tmp_path)


def test_the_letter_is_plain_text_that_says_who_writes_and_how_to_leave(gateway):
    # rows 160, 193
    mailbox, message = Mailbox(), email(opt_out_link=OPT_OUT, body="Café Lumière : +2 points, « merci » !")
    with smtp_server(mailbox) as port:
        gateway(port, from_name="Café Lumière", reply_to="bonjour@example.org").send(message)
    letter = mailbox.letters[0]
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().strip() == message.body
    assert letter["From"].addresses[0].display_name == "Café Lumière"
    assert letter["To"] == message.to
    assert letter["Reply-To"] == "bonjour@example.org"
    assert letter["Message-ID"] == f"<{message.id}@example.org>"
    assert letter["List-Unsubscribe"] == f"<{OPT_OUT}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "fr"
    assert letter["Date"].datetime.year == 2026
    assert mailbox.raw[0].isascii()


def test_a_line_of_one_dot_does_not_end_the_letter(gateway):
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        gateway(port).send(email(body="a\n.\n..b\nQUIT"))
    assert mailbox.letters[0].get_content().split() == ["a", ".", "..b", "QUIT"]


def test_line_breaks_in_the_subject_add_no_header(gateway):
    # row 209
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        gateway(port, subject="Points\r\nBcc: eve@example.org\u202e").send(email())
    assert mailbox.letters[0]["Subject"] == "Points Bcc: eve@example.org"
    assert mailbox.letters[0]["Bcc"] is None
    assert mailbox.recipients == ["zoe@example.org"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_is_used_and_the_password_goes_through_it_only(gateway, certificate, security):
    mailbox = Mailbox(credentials=("shop", "s3cret"))
    with smtp_server(mailbox, security, certificate) as port:
        answer = gateway(port, security=security, username="shop", ca_file=certificate[0]).send(email())
    assert answer.outcome is GatewayOutcome.ACCEPTED
    assert mailbox.secure == [True]
    assert mailbox.logins == [("shop", "s3cret")]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_gets_neither_password_nor_letter(
    gateway, certificate, security
):
    mailbox = Mailbox(credentials=("shop", "s3cret"))
    with smtp_server(mailbox, security, certificate) as port:
        answer = gateway(port, security=security, username="shop").send(email())
    assert answer.outcome is GatewayOutcome.REFUSED
    assert "TLS" in answer.detail
    assert (mailbox.logins, mailbox.letters) == ([], [])


def test_a_server_without_starttls_gets_neither_password_nor_letter(gateway):
    mailbox = Mailbox(credentials=("shop", "s3cret"))
    with smtp_server(mailbox) as port:
        answer = gateway(port, security="starttls", username="shop").send(email())
    assert answer.outcome is GatewayOutcome.REFUSED
    assert (mailbox.logins, mailbox.letters) == ([], [])


def test_a_wrong_password_is_refused_and_worth_another_attempt(gateway):
    mailbox = Mailbox(credentials=("shop", "another"))
    with smtp_server(mailbox) as port:
        answer = gateway(port, username="shop").send(email())
    assert (answer.outcome, answer.is_final) == (GatewayOutcome.REFUSED, False)
    assert mailbox.letters == []


@pytest.mark.parametrize(
    ("words", "is_final"),
    [("550 5.1.1 no zoe@example.org here", True), ("450 4.2.1 greylisted", False), ("421 4.3.2 busy", False)],
)
def test_a_refused_recipient_is_final_only_where_the_server_says_so(gateway, words, is_final):
    mailbox = Mailbox(rcpt_answer=words)
    with smtp_server(mailbox) as port:
        answer = gateway(port).send(email())
    assert (answer.outcome, answer.is_final) == (GatewayOutcome.REFUSED, is_final)
    assert "zoe" not in answer.detail
    assert mailbox.letters == []


@pytest.mark.parametrize(("words", "is_final"), [("554 5.7.1 no", True), ("452 4.3.1 full", False)])
def test_a_text_that_the_server_rejects_did_not_go_out(gateway, words, is_final):
    with smtp_server(Mailbox(data_answer=words)) as port:
        answer = gateway(port).send(email())
    assert (answer.outcome, answer.is_final) == (GatewayOutcome.REFUSED, is_final)


def test_a_server_that_keeps_the_letter_and_dies_leaves_it_unknown(gateway):
    mailbox = Mailbox(accepts_then_cuts=True)
    with smtp_server(mailbox) as port:
        answer = gateway(port).send(email())
    assert answer.outcome is GatewayOutcome.UNKNOWN
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(
    "greeting", [b"554 closed\r\n", b"what?\r\n", b"220-" + b"x" * 20_000 + b"\r\n", b""]
)
def test_a_server_that_does_not_greet_gets_nothing(gateway, greeting):
    def script(connection, closing):
        connection.sendall(greeting)

    with RawServer(script) as server:
        assert gateway(server.port).send(email()).outcome is GatewayOutcome.REFUSED


def test_a_mailbox_name_beyond_ascii_is_refused_for_good(gateway):
    answer = gateway(1).send(email(to="zoé@example.org"))
    assert (answer.outcome, answer.is_final) == (GatewayOutcome.REFUSED, True)


def test_a_domain_beyond_ascii_is_written_in_its_other_form(gateway):
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        assert gateway(port).send(email(to="zoe@café.example")).outcome is GatewayOutcome.ACCEPTED
    assert mailbox.recipients == ["zoe@xn--caf-dma.example"]


def test_a_password_file_that_is_not_there_is_a_fault_of_the_configuration(clock, tmp_path):
    settings = SmtpSettings(
        host="localhost",
        from_address="a@example.org",
        username="shop",
        password_file=tmp_path / "missing",
    )
    with pytest.raises(ConfigurationError):
        SmtpGateway(settings, subject=lambda _: "", clock=clock)


def test_old_tls_is_not_spoken(gateway):
    context = gateway(1)._tls
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.check_hostname
