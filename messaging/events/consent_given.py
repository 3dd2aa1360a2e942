"""A customer touched "Done" on the screen with the two boxes."""

from typing import Literal

from messaging.model import GivenName, Language, Message, PhoneText, example


class ConsentGiven(Message):
    """The boxes as they were when the customer touched "Done" (decision X16).

    Carries the number again, so that it has its meaning whatever arrives first. An unticked box never
    lowers a consent. ``wording`` names the version of the texts that stood beside the boxes (row 176).
    """

    model_config = example(
        v=1,
        kind="consent_given",
        phone_number="+33612345678",
        programme=True,
        marketing_sms=False,
        given_name="Zoé",
        language="fr",
        wording="kiosk-2026-11",
    )

    kind: Literal["consent_given"] = "consent_given"
    phone_number: PhoneText
    programme: bool
    marketing_sms: bool
    given_name: GivenName | None = None
    language: Language
    wording: str
