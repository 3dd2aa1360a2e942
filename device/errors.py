"""What can go wrong with hardware, decoding and the outbox."""

from typing import ClassVar

from runtime.errors import ComptoirError


class DeviceError(ComptoirError):
    """Root of the device's errors."""

    code: ClassVar[str] = "device"


class ScannerError(DeviceError):
    """A scanner is absent, was unplugged, is held by another process, or cannot type what was asked."""

    code: ClassVar[str] = "scanner"


class CameraError(DeviceError):
    """The camera is absent, gave no frame in time, or gave one in a format nobody asked for."""

    code: ClassVar[str] = "camera"


class DecoderError(DeviceError):
    """The decoder's process died or hung on a frame; it is started again."""

    code: ClassVar[str] = "decoder"


class PictureError(DeviceError):
    """A still picture cannot be opened, or is larger than the decoder takes."""

    code: ClassVar[str] = "picture"


class OutboxFullError(DeviceError):
    """The outbox holds as many undelivered events as it may; this one was not stored."""

    code: ClassVar[str] = "outbox_full"


class OutboxError(DeviceError):
    """The outbox's file cannot be read or written."""

    code: ClassVar[str] = "outbox"


class SimulationError(DeviceError):
    """A request at the simulation door is malformed or names a part that is not simulated."""

    code: ClassVar[str] = "simulation"


class AgentDoorError(DeviceError):
    """The socket for the update agent cannot be opened."""

    code: ClassVar[str] = "agent_door"


class PairingError(DeviceError):
    """This device could not join: no station answers, it refuses, or it is not the one that was compared."""

    code: ClassVar[str] = "pairing"


class SignalError(DeviceError):
    """Light or beeper cannot be switched."""

    code: ClassVar[str] = "signal"
