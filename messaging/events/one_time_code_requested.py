"""A customer asked for a one-time code by SMS."""

from typing import Literal

from messaging.model import Message, example


class OneTimeCodeRequested(Message):
    """A code to the phone of whom this session named; the answer is the same whether anyone has the number.

    ``redeem`` is for rewards on the sale that the device shows, ``history`` for the member's own history.
    """

    model_config = example(v=1, kind="one_time_code_requested", purpose="redeem")

    kind: Literal["one_time_code_requested"] = "one_time_code_requested"
    purpose: Literal["redeem", "history"]
