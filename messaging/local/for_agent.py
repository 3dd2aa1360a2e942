"""What the update agent asks the device process at its own socket, and the answers: a JSON object a line."""

from typing import Annotated, Literal

from pydantic import Field

from messaging.model import Message, example

PartName = Literal["process", "broker", "screen", "outbox", "scan"]
"""Checks of a release on trial (row 178)."""


class DeviceAsked(Message):
    """The agent asks: how a part is, whether nobody is served (``quiet``), or for a trial scan (``scan``).

    ``scan`` sends a code through the device's own path; the station reads it, completes a sale of nothing in
    a training lane, and answers. Only its answer makes it good.
    """

    model_config = example(v=1, ask="scan")

    ask: PartName | Literal["quiet"]


class DeviceAnswered(Message):
    """How it is. ``absent``: the device has no such part. For ``quiet``, ok means that nobody is served.

    ``release`` is the one that the process runs which the answer is about: the kiosk's for ``screen``, else
    the device's own. It is empty where a process was not started from a release. A process that was not
    started anew answers well for the wrong release.
    """

    model_config = example(v=1, state="ok", detail="sale 0192f3c0 completed in 41 ms", release="1.5.0")

    state: Literal["ok", "failed", "absent"]
    detail: Annotated[str, Field(max_length=300)] = ""
    release: Annotated[str, Field(max_length=64)] = ""
