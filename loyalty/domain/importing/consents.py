"""What an import says about consents: it lowers them freely, and raises none by itself (X8, X18, row 32)."""

from collections.abc import Iterator
from datetime import datetime

from loyalty.domain.booking.state import NewId
from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState
from loyalty.domain.importing.cells import SUBSCRIBED, UNSUBSCRIBED
from loyalty.domain.importing.fields import ImportField
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.plan import Attestation, ImportPlan
from loyalty.domain.importing.rows import ImportRow

WITHDRAWN_ELSEWHERE = "import_withdrawn"
ATTESTED = "import_attested"

_BY_COLUMN = {
    ConsentPurpose.MARKETING_EMAIL: (ImportField.EMAIL_CONSENT, ImportField.EMAIL_ADDRESS),
    ConsentPurpose.MARKETING_SMS: (ImportField.SMS_CONSENT, ImportField.PHONE_NUMBER),
}


def consent_entries(
    row: ImportRow,
    known: KnownCustomer,
    plan: ImportPlan,
    *,
    suppressed: frozenset[str],
    at: datetime,
    new_id: NewId,
) -> tuple[ConsentEntry, ...]:
    """What is to be written down for a customer.

    A wish to get nothing is always taken over. A consent needs the owner's attestation, and is not taken
    over by somebody who withdrew it here, or whose address is on the list of those who get nothing.

    Args:
        row: The row; a column of subscriptions that is mapped decides for each customer.
        known: The customer as the row leaves them, with the consents in force.
        plan: Holds the attestation.
        suppressed: Addresses that get no messages, in lower case.
        at: Now.
        new_id: Makes ids.
    """
    customer_id = known.customer.id
    return tuple(
        ConsentEntry(
            id=new_id(),
            customer_id=customer_id,
            purpose=purpose,
            state=state,
            at=at,
            wording_id=ATTESTED if state is ConsentState.GRANTED else WITHDRAWN_ELSEWHERE,
            wording_text=_words(plan.attestation) if state is ConsentState.GRANTED else "",
            channel=ConsentChannel.IMPORT,
        )
        for purpose, state in _stated(row, known, plan, suppressed)
    )


def _stated(
    row: ImportRow, known: KnownCustomer, plan: ImportPlan, suppressed: frozenset[str]
) -> Iterator[tuple[ConsentPurpose, ConsentState]]:
    told = plan.attestation.purposes if plan.attestation is not None else frozenset()
    for purpose, (column, address_column) in _BY_COLUMN.items():
        current, said, address = known.consents.get(purpose), row.get(column), row.get(address_column)
        if said == UNSUBSCRIBED:
            if current is not ConsentState.WITHDRAWN:
                yield purpose, ConsentState.WITHDRAWN
            continue
        is_meant = said == SUBSCRIBED or (column not in plan.targets and address is not None)
        is_free = current is None and (address or "").lower() not in suppressed
        if purpose in told and is_meant and is_free:
            yield purpose, ConsentState.GRANTED
    programme = ConsentPurpose.PROGRAMME
    if programme in told and known.account is not None and known.consents.get(programme) is None:
        yield programme, ConsentState.GRANTED


def _words(told: Attestation | None) -> str:
    return f"{told.wording} ({told.source}, {told.given_on.isoformat()})" if told is not None else ""
