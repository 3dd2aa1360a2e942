"""A member wants another phone number on their account (row 183)."""

from typing import Literal

from messaging.model import Message, PhoneText, example


class PhoneChangeRequested(Message):
    """The new number; one-time codes then go to the old and to the new one."""

    model_config = example(v=1, kind="phone_change_requested", new_phone_number="+33698765432")

    kind: Literal["phone_change_requested"] = "phone_change_requested"
    new_phone_number: PhoneText
