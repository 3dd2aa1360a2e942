"""What an import says about consents: it lowers them freely, and raises none by itself (X8, X18, row 32)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from loyalty.domain.booking.state import NewId
from loyalty.domain.consent import ConsentChannel, ConsentEntry, ConsentPurpose, ConsentState
from loyalty.domain.importing.cells import SUBSCRIBED, UNSUBSCRIBED
from loyalty.domain.importing.fields import ImportField
from loyalty.domain.importing.plan import Attestation, ImportPlan
from loyalty.domain.importing.rows import ImportRow

F = ImportField
Current = Mapping[ConsentPurpose, ConsentState]

WITHDRAWN_ELSEWHERE = "import_withdrawn"
ATTESTED = "import_attested"

_BY_COLUMN = {
    ConsentPurpose.MARKETING_EMAIL: (ImportField.EMAIL_CONSENT, ImportField.EMAIL_ADDRESS),
    ConsentPurpose.MARKETING_SMS: (ImportField.SMS_CONSENT, ImportField.PHONE_NUMBER),
}


def consent_entries(
    row: ImportRow,
    customer_id: UUID,
    current: Current,
    plan: ImportPlan,
    *,
    has_account: bool,
    suppressed: frozenset[str],
    at: datetime,
    new_id: NewId,
) -> tuple[ConsentEntry, ...]:
    """What is to be written down for a customer.

    A wish to get nothing is always taken over. A consent needs the owner's attestation, and is not taken
    over by somebody who withdrew it here, or whose address is on the list of those who get nothing.

    Args:
        row: The row; a column of subscriptions that is mapped decides for each customer.
        customer_id: Whose.
        current: The consents in force.
        plan: Holds the attestation.
        has_account: Whether they are in the programme.
        suppressed: Addresses that get no messages, in lower case.
        at: Now.
        new_id: Makes ids.
    """
    if plan.attestation is None and F.EMAIL_CONSENT not in row.values and F.SMS_CONSENT not in row.values:
        return ()
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
        for purpose, state in _stated(row, current, plan, suppressed, has_account=has_account)
    )


def _stated(
    row: ImportRow, current: Current, plan: ImportPlan, suppressed: frozenset[str], *, has_account: bool
) -> Iterator[tuple[ConsentPurpose, ConsentState]]:
    told = plan.attestation.purposes if plan.attestation is not None else frozenset()
    for purpose, (column, address_column) in _BY_COLUMN.items():
        state, said, address = current.get(purpose), row.get(column), row.get(address_column)
        if said == UNSUBSCRIBED:
            if state is not ConsentState.WITHDRAWN:
                yield purpose, ConsentState.WITHDRAWN
            continue
        is_meant = said == SUBSCRIBED or (column not in plan.targets and address is not None)
        is_free = state is None and (address or "").lower() not in suppressed
        if purpose in told and is_meant and is_free:
            yield purpose, ConsentState.GRANTED
    programme = ConsentPurpose.PROGRAMME
    if programme in told and has_account and current.get(programme) is None:
        yield programme, ConsentState.GRANTED


def _words(told: Attestation | None) -> str:
    return f"{told.wording} ({told.source}, {told.given_on.isoformat()})" if told is not None else ""
