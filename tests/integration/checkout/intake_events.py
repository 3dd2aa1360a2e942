"""Events as a device sends them: a card, a typed number, a consent."""

from messaging.events.code_read import CodeRead
from messaging.events.consent_given import ConsentGiven
from messaging.events.number_typed import NumberTyped

ZOE, CAMILLE, NOBODY = "+33612000003", "+33612000001", "+33612999999"


def card(text: str, symbology: str = "QRCode") -> CodeRead:
    return CodeRead(text=text, symbology=symbology, source="camera")  # type: ignore[arg-type]


def typed(number: str) -> NumberTyped:
    return NumberTyped(phone_number=number, language="fr")


def done(number: str, *, programme: bool = True, name: str | None = None) -> ConsentGiven:
    return ConsentGiven(
        phone_number=number,
        programme=programme,
        marketing_sms=False,
        given_name=name,
        language="fr",
        wording="kiosk-2026-11",
    )
