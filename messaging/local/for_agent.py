"""What the update agent asks the device process at its own socket, and the answers: a JSON object a line."""

from typing import Annotated, Literal

from pydantic import Field

from messaging.model import DeviceName, Message, example

PartName = Literal["process", "broker", "screen", "outbox", "scan"]
"""Checks of a release on trial (row 178)."""


class DeviceAsked(Message):
    """The agent asks: how a part is, whether nobody is served (``quiet``), or for a trial scan (``scan``).

    ``name`` asks for the name that the device bears; it is the ``detail`` of the answer.

    ``scan`` sends a code through the device's own path; the station reads it, completes a sale of nothing in
    a training lane, and answers. Only its answer makes it good.
    """

    model_config = example(v=1, ask="scan")

    ask: PartName | Literal["quiet", "name"]


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


class CertificateWanted(Message):
    """The agent of a device that joined by itself wants a certificate of its own, for a key that it made."""

    model_config = example(v=1, csr_pem="-----BEGIN CERTIFICATE REQUEST-----\n…")

    csr_pem: Annotated[str, Field(min_length=1, max_length=2048)]


class CertificateGiven(Message):
    """What the station gave for it, and where to go with it; or why there is nothing."""

    model_config = example(
        v=1,
        name="s0001.k01",
        certificate_pem="-----BEGIN CERTIFICATE-----\n…",
        ca_pem="-----BEGIN CERTIFICATE-----\n…",
        broker_host="192.168.1.10",
        broker_port=8883,
        door="https://192.168.1.10:8082",
    )

    name: DeviceName | None = None
    certificate_pem: str = ""
    ca_pem: str = ""
    broker_host: str = ""
    broker_port: Annotated[int, Field(ge=0, le=65535)] = 0
    door: str = ""
    refused: Annotated[str, Field(max_length=200)] = ""
