"""The section ``[fleet]`` of a device: whose releases it takes, and what it may ask of the machine."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from fleet.documents.rollout import ChannelName
from messaging.model import DeviceName
from messaging.renewal_watch import RenewalSettings
from runtime.config import ConfiguredPath, Section
from runtime.figures import FiguresSettings

NOBODY = "s0000.k0"
"""Borne by no device: stands until the agent has a name."""

_SERVICES = ("comptoir-device.service", "comptoir-kiosk.service")


class AgentBrokerSettings(Section):
    """``[fleet.broker]``: how the agent reaches the store's broker, with a certificate of its own."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 8883
    ca_file: ConfiguredPath
    certificate_file: ConfiguredPath
    key_file: ConfiguredPath


class AgentSettings(Section):
    """The update agent.

    Attributes:
        name: The device's certificate name, as in ``s0001.k01``; the agent's own ends in ``-fleet``. A
            device that joins by itself gets it when it does.
        identity: Where the agent of such a device keeps its own key and certificate; None where somebody
            brings them.
        channel: Whose rollout it follows.
        server: Address below which the signed files lie.
        server_ca_file: Authority of that server, where it is none of the system's.
        first_root: The root metadata that came with the machine's image.
        root: Folder of releases and blobs; one file system.
        device_socket: Where the device process answers; None on a machine without one.
        uv: Makes environments; belongs to the machine.
        interpreter: The system's Python; None finds it.
        poll_every_s: How often is looked without being rung for; spread by half each way.
        restart_command: Starts the device's processes anew.
        logs_command: Prints their last lines.
        broker: None for a device that only polls.
        renewal: How the agent's certificate is renewed; None where somebody brings the next one.
    """

    name: DeviceName = NOBODY
    identity: ConfiguredPath | None = None
    channel: ChannelName = "stable"
    server: Annotated[str, Field(pattern=r"^https?://[^\s/]+(/\S*)?$")]
    server_ca_file: ConfiguredPath | None = None
    first_root: ConfiguredPath = Path("/etc/comptoir/fleet/root.json")
    root: ConfiguredPath = Path("/var/lib/comptoir-fleet")
    device_socket: ConfiguredPath | None = Path("/run/comptoir-device/agent.sock")
    uv: ConfiguredPath = Path("/opt/comptoir-launcher/uv")
    interpreter: ConfiguredPath | None = None
    compile_bytecode: bool = True
    """Services may not write beside their code: without it every start compiles anew."""
    poll_every_s: Annotated[float, Field(gt=0)] = 21_600
    turn_s: Annotated[float, Field(gt=0, le=60)] = 15
    restart_command: tuple[str, ...] = ("systemctl", "restart", *_SERVICES)
    logs_command: tuple[str, ...] = (
        "journalctl", "--no-pager", "-o", "cat", "-n", "60", "-u", "comptoir-device", "-u", "comptoir-kiosk",
        "-u", "comptoir-fleet",
    )  # fmt: skip
    broker: AgentBrokerSettings | None = None
    renewal: RenewalSettings | None = None
    metrics: FiguresSettings | None = None
    """Where a Prometheus on this machine reads; nowhere without it."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def _has_a_name(self) -> "AgentSettings":
        if self.name == NOBODY and self.identity is None:
            raise ValueError("give the device's name, or identity, the folder for what it gets when it joins")
        return self
