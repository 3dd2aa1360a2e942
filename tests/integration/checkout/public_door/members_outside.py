"""What is stored of a member whom a phone outside speaks for."""

from datetime import UTC, datetime

from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    current_consents,
)
from runtime.ids import new_id
from tests.integration.checkout.counter import Counter

CAMILLE = "Camille"
_PARAMS = {"points": 5, "balance": 39, "link": "https://a.example/s/x", "date": "2026-12-01"}


def number_of(counter: Counter, given_name: str = CAMILLE) -> str:
    with counter.database.reading() as unit:
        member = unit.customers.member(counter.customer_id(given_name))
    assert member is not None
    assert member.account is not None
    return str(member.account.phone_number)


def suppression(counter: Counter, number: str) -> str | None:
    with counter.database.reading() as unit:
        found = unit.suppressions.of(number)
    return found.reason.value if found is not None else None


def consents(counter: Counter, given_name: str = CAMILLE) -> dict[ConsentPurpose, ConsentState]:
    with counter.database.reading() as unit:
        return current_consents(unit.consents.of_customer(counter.customer_id(given_name)))


def grant_advertising(counter: Counter) -> None:
    with counter.database.unit_of_work() as unit:
        unit.consents.add(
            ConsentEntry(
                id=new_id(),
                customer_id=counter.customer_id(CAMILLE),
                purpose=ConsentPurpose.MARKETING_SMS,
                state=ConsentState.GRANTED,
                at=datetime(2026, 11, 1, tzinfo=UTC),
                wording_id="kiosk",
                wording_text="Oui",
                channel=ConsentChannel.KIOSK,
            )
        )
        unit.commit()
