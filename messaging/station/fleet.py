"""What an update agent tells the desk: what really runs, how far an update has come, and why not."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from messaging.model import Message, Part, example

ReleaseText = Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$", max_length=40)]


class UpdateEnded(Part):
    """How the last attempt ended. ``log`` is the tail of what the release wrote."""

    release: ReleaseText
    result: Literal["committed", "rolled_back", "rejected"]
    reason: Annotated[str, Field(max_length=300)] = ""
    tries: Annotated[int, Field(ge=0)] = 0
    log: Annotated[str, Field(max_length=4096)] = ""


class FleetReported(Message):
    """Retained on the agent's own topic ``reported``. ``n`` only grows: an older one never hides a newer one.

    ``running`` is what runs, never what was asked for. ``rollout`` is the document the agent last verified.
    """

    model_config = example(
        v=1,
        n=381,
        boot="6f1c9c2e-2f7b-4a3e-9f63-0f6f4a0c1d11",
        running="1.0.0",
        channel="stable",
        stage="trial",
        rollout=41,
        target="1.0.1",
        bytes_done=1_200_000,
        bytes_total=1_200_000,
        last={"release": "1.0.1", "result": "rolled_back", "reason": "health: scan: no answer", "tries": 3},
        trouble="",
        time_ok=True,
        free_mb=812,
    )

    n: Annotated[int, Field(ge=1)]
    boot: UUID
    running: ReleaseText | None = None
    channel: Annotated[str, Field(max_length=31)]
    stage: Literal["idle", "downloading", "installing", "staged", "armed", "trial"]
    rollout: Annotated[int, Field(ge=0)] = 0
    target: ReleaseText | None = None
    bytes_done: Annotated[int, Field(ge=0)] = 0
    bytes_total: Annotated[int, Field(ge=0)] = 0
    last: UpdateEnded | None = None
    trouble: Annotated[str, Field(max_length=300)] = ""
    """Why nothing goes on: the server is away, the clock is wrong, what was served is not to be believed."""
    time_ok: bool = True
    free_mb: Annotated[int, Field(ge=0)] = 0
