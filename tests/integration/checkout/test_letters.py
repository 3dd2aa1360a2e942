"""An e-mail on its whole way: queued, through a real SMTP server, and left again through the public door."""

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from loyalty.adapters.gateways.settings import SmtpSettings
from loyalty.adapters.gateways.smtp_gateway import SmtpGateway
from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState
from loyalty.domain.message import MessageKind
from loyalty.ports.directory import Member
from loyalty.services.context import ServiceContext
from loyalty.services.deliver_messages import MessageDispatch
from loyalty.services.queue_message import queue_message
from loyalty.services.status_link import new_status_link
from loyalty.services.tell_member import queue_welcome
from runtime.ids import new_id
from tests.fakes.smtp_server import Mailbox, smtp_server
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.outside import HOST, Outside, public_door

MAILBOX = "camille@example.org"


@pytest.fixture
def ctx(counter: Counter) -> ServiceContext:
    return replace(counter.station.ctx, public_url=f"https://{HOST}")


@pytest.fixture
def member(counter: Counter) -> Member:
    """Camille, with a mailbox and no number any more."""
    customer_id = counter.customer_id("Camille")
    with counter.database.unit_of_work() as unit:
        found = unit.customers.member(customer_id)
        assert found is not None
        assert found.account is not None
        unit.accounts.detach_number(found.account.id)
        changed = replace(found.customer, email_address=MAILBOX, version=found.customer.version + 1)
        unit.customers.save(changed)
        unit.consents.add(
            ConsentEntry(
                id=new_id(),
                customer_id=customer_id,
                purpose=ConsentPurpose.PROGRAMME,
                state=ConsentState.GRANTED,
                at=counter.clock.now(),
                wording_id="kiosk-1",
                wording_text="Je participe au programme.",
                channel=ConsentChannel.KIOSK,
            )
        )
        unit.commit()
        member = unit.customers.member(customer_id)
    assert member is not None
    return member


def send(counter: Counter, ctx: ServiceContext, port: int) -> int:
    """One round of the courier by real SMTP; how many were taken."""
    settings = SmtpSettings(
        host="127.0.0.1",
        port=port,
        security="none",
        from_address="points@lumen.example",
        from_name="Maison Lumen",
    )
    gateway = SmtpGateway(settings, subject=TemplateWording().subject, clock=counter.clock)
    dispatch = MessageDispatch(counter.database.unit_of_work, ctx, gateway, courier="letters")
    return dispatch.deliver_due().accepted


def part(letter: EmailMessage, kind: str) -> str:
    found = letter.get_body((kind,))
    assert found is not None
    content = found.get_content()
    assert isinstance(content, str)
    return content


def test_a_letter_arrives_in_text_and_html_and_one_click_ends_them_all(
    counter: Counter, ctx: ServiceContext, member: Member, tmp_path: Path
) -> None:
    # rows 117, 160, X7
    mailbox = Mailbox()
    with smtp_server(mailbox) as port, public_door(counter, tmp_path) as door, Outside(door) as phone:
        with counter.database.unit_of_work() as unit:
            queue_welcome(unit, ctx, member)
            queue_welcome(unit, ctx, member)
            unit.commit()
        assert send(counter, ctx, port) == 1
        (letter,) = mailbox.letters
        assert mailbox.recipients == [MAILBOX]
        assert letter["To"] == MAILBOX
        assert letter.get_content_type() == "multipart/alternative"
        assert f"https://{HOST}/s/" in part(letter, "plain")
        assert f'<a href="https://{HOST}/s/' in part(letter, "html")
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        leave = letter["List-Unsubscribe"].strip(" <>")
        assert leave in part(letter, "plain")
        assert leave in part(letter, "html")

        path = leave.removeprefix(f"https://{HOST}")
        page = phone.get(path)
        assert page.status_code == 200
        assert "retirer mon adresse" in page.text
        assert MAILBOX not in page.text
        done = phone.post(path, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200

        params = {"points": 1, "balance": 2}
        with counter.database.unit_of_work() as unit:
            assert not queue_message(unit, ctx, member, MessageKind.POINTS_EARNED, "e:1", params=params)
            unit.commit()
        assert send(counter, ctx, port) == 0
        assert len(mailbox.letters) == 1
        assert phone.post(f"{path}/start").status_code == 200
        with counter.database.unit_of_work() as unit:
            assert queue_message(unit, ctx, member, MessageKind.POINTS_EARNED, "e:2", params=params)
            unit.commit()
        assert send(counter, ctx, port) == 1


def test_who_is_not_the_member_takes_the_mailbox_out(
    counter: Counter, ctx: ServiceContext, member: Member, tmp_path: Path
) -> None:
    # row 199
    mailbox = Mailbox()
    with smtp_server(mailbox) as port, public_door(counter, tmp_path) as door, Outside(door) as phone:
        with counter.database.unit_of_work() as unit:
            queue_welcome(unit, ctx, member)
            unit.commit()
        assert send(counter, ctx, port) == 1
        path = mailbox.letters[0]["List-Unsubscribe"].strip(" <>").removeprefix(f"https://{HOST}")
        assert "L’adresse est détachée" in phone.post(f"{path}/not-me").text
        assert "L’adresse est détachée" in phone.get(path).text
    with counter.database.reading() as unit:
        after = unit.customers.get(member.customer.id)
    assert after is not None
    assert after.email_address is None


def test_the_status_page_of_a_member_without_a_number_stops_and_starts_the_mailbox(
    counter: Counter, ctx: ServiceContext, member: Member, tmp_path: Path
) -> None:
    # rows 160, 161
    with counter.database.unit_of_work() as unit:
        path = new_status_link(unit, ctx, member.customer.id).removeprefix(f"https://{HOST}")
        unit.commit()
    with public_door(counter, tmp_path) as door, Outside(door) as phone:
        assert "Arrêter tous les messages" in phone.get(path).text
        assert phone.post(f"{path}/stop").status_code == 200
        with counter.database.reading() as unit:
            assert unit.suppressions.of(MAILBOX) is not None
        assert "M’écrire à nouveau" in phone.get(path).text
        assert phone.post(f"{path}/start").status_code == 200
        with counter.database.reading() as unit:
            assert unit.suppressions.of(MAILBOX) is None
