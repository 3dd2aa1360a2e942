"""The kiosk's section of the machine's configuration."""

from typing import Annotated, Literal

from pydantic import Field

from runtime.config import ConfiguredPath, Section

Turn = Literal[0, 90, 180, 270]
VideoDriver = Literal["auto", "x11", "wayland", "kmsdrm", "offscreen"]


class KioskConfiguration(Section):
    """``[kiosk]``.

    Attributes:
        socket: Of the device process.
        size: Window in pixels as in ``1280x800``; ``auto`` takes the panel's first mode, and
            begins again where another one is shown.
        turn: Degrees by which the picture is turned clockwise on its panel, and touches with it: 90 or 270
            for one that is mounted upright, 180 for one that hangs upside down. ``size`` stays the panel's.
        video: SDL video driver. ``auto`` takes any that shows a window; ``offscreen`` shows none and is
            therefore never taken by itself.
        mirror: Answer a mirror's requests at any time, for a demonstration. Otherwise only for the quarter
            of an hour that staff allow at the screen.
        languages: Shown until the station's settings arrive, the first being the one to begin with.
        region: ISO 3166-1, likewise.
        idle_timeout_s: Quiet time before the warning.
        warn_s: Countdown of the warning.
        motion: Fade from screen to screen.
        sound_device: Of ALSA, as ``aplay -L`` lists them; ``default`` is PipeWire's too. Empty: no sound.
        volume_percent: Of cues and voice.
        cues: Short sounds for what happens.
        speech: ``asked`` offers to read the screens aloud to whoever wants it.
    """

    socket: ConfiguredPath
    size: Annotated[str, Field(pattern=r"^(auto|[1-9]\d{2,3}x[1-9]\d{2,3})$")] = "auto"
    turn: Turn = 0
    video: VideoDriver = "auto"
    mirror: bool = False
    languages: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...], Field(min_length=1)] = (
        "fr",
        "en",
        "es",
        "ar",
    )
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "FR"
    idle_timeout_s: Annotated[float, Field(ge=5, le=600)] = 45.0
    warn_s: Annotated[float, Field(ge=5, le=120)] = 15.0
    motion: bool = True
    sound_device: Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f]*$")] = ""
    volume_percent: Annotated[int, Field(ge=0, le=100)] = 50
    cues: bool = True
    speech: Literal["off", "asked"] = "asked"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
