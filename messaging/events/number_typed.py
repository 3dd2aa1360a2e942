"""A customer typed a phone number at the kiosk."""

from typing import Literal

from messaging.model import Language, Message, PhoneText, example


class NumberTyped(Message):
    """The number, sent when "Continue" is touched. Its result tells nothing about the number (row 170)."""

    model_config = example(v=1, kind="number_typed", phone_number="+33612345678", language="fr")

    kind: Literal["number_typed"] = "number_typed"
    phone_number: PhoneText
    language: Language
