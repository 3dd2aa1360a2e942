"""What every gateway does, whatever it is made of."""

import contextlib
import logging
import socket
import threading

import pytest

from loyalty.adapters.file_gateway import FileMessageGateway
from loyalty.adapters.gateways.apprise_gateway import AppriseGateway
from loyalty.adapters.gateways.http_sms_gateway import HttpSmsGateway
from loyalty.adapters.gateways.routing_gateway import RoutingGateway
from loyalty.adapters.gateways.settings import AppriseSettings, HttpSmsSettings, SmtpSettings
from loyalty.adapters.gateways.smtp_gateway import SmtpGateway
from loyalty.ports.messages import GatewayOutcome
from tests.fakes.http_provider import HttpProvider
from tests.fakes.messages import email, sms
from tests.fakes.raw_server import RawServer, closed_port, read_request
from tests.fakes.smtp_server import Mailbox, smtp_server

SECRET = "p4ss-w0rd-of-the-shop"
DEADLINE_S = 0.6


class Smtp:
    """E-mail: the server takes the text at the end of DATA."""

    message = staticmethod(email)
    refuses_nothing = False

    def __init__(self, tmp_path, clock):
        self.secret_file = tmp_path / "smtp.secret"
        self.secret_file.write_text(SECRET)
        self._clock = clock

    def gateway(self, port):
        settings = SmtpSettings(
            host="127.0.0.1",
            port=port,
            security="none",
            username="shop",
            password_file=self.secret_file,
            from_address="points@example.org",
            deadline_s=DEADLINE_S,
        )
        return SmtpGateway(settings, subject=lambda message: "Vos points", clock=self._clock)

    @contextlib.contextmanager
    def accepting(self):
        mailbox = Mailbox(credentials=("shop", SECRET))
        with smtp_server(mailbox) as port:
            yield port, lambda: [letter.get_content().strip() for letter in mailbox.letters]

    @contextlib.contextmanager
    def refusing(self):
        mailbox = Mailbox(credentials=("shop", SECRET), data_answer="451 4.3.0 later")
        with smtp_server(mailbox) as port:
            yield port, lambda: mailbox.letters

    def taking_then(self, last_words):
        """A server that takes the whole text and then does ``last_words``."""

        def converse(connection, closing):
            lines = connection.makefile("rb")
            connection.sendall(b"220 hello\r\n")
            for line in lines:
                verb = line[:4].upper()
                if verb == b"EHLO":
                    connection.sendall(b"250-here\r\n250 AUTH PLAIN\r\n")
                elif verb == b"AUTH":
                    connection.sendall(b"235 in\r\n")
                elif verb == b"DATA":
                    connection.sendall(b"354 go\r\n")
                    while lines.readline() not in (b".\r\n", b""):
                        pass
                    last_words(connection, closing)
                    return
                else:
                    connection.sendall(b"250 ok\r\n")

        return converse


class Http:
    """SMS: the provider takes the request."""

    message = staticmethod(sms)
    refuses_nothing = False

    def __init__(self, tmp_path, clock):
        self.secret_file = tmp_path / "sms.secret"
        self.secret_file.write_text(SECRET)

    def gateway(self, port):
        return HttpSmsGateway(
            HttpSmsSettings(
                url=f"http://127.0.0.1:{port}/send", secret_file=self.secret_file, deadline_s=DEADLINE_S
            )
        )

    @contextlib.contextmanager
    def accepting(self):
        with HttpProvider() as provider:
            yield provider.port, lambda: [asked.json["text"] for asked in provider.asked]

    @contextlib.contextmanager
    def refusing(self):
        with HttpProvider(status=429) as provider:
            yield provider.port, list

    def taking_then(self, last_words):
        def converse(connection, closing):
            read_request(connection)
            last_words(connection, closing)

        return converse


class Apprise(Http):
    """SMS by Apprise, with its JSON service; it never says for sure that nothing went out."""

    refuses_nothing = True

    def gateway(self, port):
        self.secret_file.write_text(f"json://shop:{SECRET}@127.0.0.1:{port}/{{to}}")
        return AppriseGateway(AppriseSettings(url_file=self.secret_file, deadline_s=DEADLINE_S))

    @contextlib.contextmanager
    def accepting(self):
        with HttpProvider() as provider:
            yield provider.port, lambda: [asked.json["message"] for asked in provider.asked]


class Routed(Http):
    """The same behind the choice of the way."""

    def gateway(self, port):
        return RoutingGateway(sms=super().gateway(port), email=None)


@pytest.fixture(params=[Smtp, Http, Apprise, Routed])
def kind(request, tmp_path, clock):
    return request.param(tmp_path, clock)


def falls_silent(connection, closing):
    closing.wait(20)


def cuts(connection, closing):
    connection.shutdown(socket.SHUT_RDWR)


def talks_garbage(connection, closing):
    connection.sendall(b"\x00\xff}{ what?\r\n\r\n")


def drips(connection, closing):
    """One byte now and then: never a time-out of the socket, never an end."""
    while not closing.wait(0.05):
        connection.sendall(b"2")


def test_an_accepted_message_arrives_once_and_whole(kind):
    # row 193
    message = kind.message(body="Café Lumière : +2 points. Total : 12 points.")
    with kind.accepting() as (port, arrived):
        assert kind.gateway(port).send(message).outcome is GatewayOutcome.ACCEPTED
        assert arrived() == [message.body]


def test_a_refusal_is_told_as_one_where_the_service_says_so(kind):
    with kind.refusing() as (port, arrived):
        answer = kind.gateway(port).send(kind.message())
        expected = GatewayOutcome.UNKNOWN if kind.refuses_nothing else GatewayOutcome.REFUSED
        assert answer.outcome is expected
        assert not answer.is_final
        assert list(arrived()) == []


def test_nobody_there_is_a_refusal_where_the_service_can_tell(kind):
    answer = kind.gateway(closed_port()).send(kind.message())
    assert answer.outcome is (GatewayOutcome.UNKNOWN if kind.refuses_nothing else GatewayOutcome.REFUSED)


@pytest.mark.parametrize("last_words", [falls_silent, cuts, talks_garbage, drips])
def test_what_went_out_without_an_answer_is_unknown_before_long(kind, last_words):
    # row 193
    with RawServer(kind.taking_then(last_words)) as server:
        answers = []
        gateway = kind.gateway(server.port)
        sender = threading.Thread(target=lambda: answers.append(gateway.send(kind.message())))
        sender.start()
        sender.join(10)
        assert not sender.is_alive()
        assert [answer.outcome for answer in answers] == [GatewayOutcome.UNKNOWN]


def test_a_server_that_only_ever_drips_its_greeting_ends_at_the_deadline(kind):
    with RawServer(drips) as server:
        answer = kind.gateway(server.port).send(kind.message())
        assert answer.outcome is not GatewayOutcome.ACCEPTED


def test_an_address_of_no_channel_is_refused_for_good_and_goes_nowhere(kind):
    with kind.accepting() as (port, arrived):
        answer = kind.gateway(port).send(kind.message(to="not an address\r\nRCPT TO:<eve@example.org>"))
        assert (answer.outcome, answer.is_final) == (GatewayOutcome.REFUSED, True)
        assert arrived() == []


def test_neither_the_secret_nor_the_recipient_is_ever_shown(kind, caplog):
    message = kind.message()
    with caplog.at_level(logging.DEBUG), kind.refusing() as (port, _):
        gateway = kind.gateway(port)
        answer = gateway.send(message)
        shown = f"{gateway!r} {gateway} {answer!r} {caplog.text}"
    assert SECRET not in shown
    assert message.to.lstrip("+") not in repr(answer)


class TestFile:
    def test_the_file_gateway_takes_every_channel_and_keeps_a_line(self, tmp_path):
        gateway = FileMessageGateway(tmp_path / "out")
        assert [gateway.send(message).outcome for message in (sms(), email())] == [
            GatewayOutcome.ACCEPTED
        ] * 2
        assert len(gateway.path.read_text().splitlines()) == 2

    def test_the_file_gateway_refuses_when_it_cannot_write(self, tmp_path):
        gateway = FileMessageGateway(tmp_path / "out")
        gateway.path.mkdir()
        assert gateway.send(sms()).outcome is GatewayOutcome.REFUSED
