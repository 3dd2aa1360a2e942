"""A customer typed the one-time code from an SMS."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from messaging.model import Message, example


class OneTimeCodeEntered(Message):
    """The six digits, for the challenge that a result named (rows 169, 207)."""

    model_config = example(
        v=1,
        kind="one_time_code_entered",
        challenge_id="0192f3c0-0000-7000-8000-000000000020",
        digits="482913",
    )

    kind: Literal["one_time_code_entered"] = "one_time_code_entered"
    challenge_id: UUID
    digits: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
