"""A customer asked to see their own history."""

from typing import Literal

from messaging.model import Message, example


class HistoryRequested(Message):
    """The member of this session wants the list of visits and points; shown at trust 3 only."""

    model_config = example(v=1, kind="history_requested")

    kind: Literal["history_requested"] = "history_requested"
