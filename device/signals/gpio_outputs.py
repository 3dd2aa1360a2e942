"""Light and beeper on the pins of a Raspberry Pi; the only module that imports gpiozero and lgpio.

lgpio makes a file for itself in the folder ``LG_WD`` as soon as it is imported; the unit names one.
"""

import contextlib
from typing import TYPE_CHECKING

from device.errors import SignalError
from device.signals.score import Step
from device.signals.settings import SignalSettings

if TYPE_CHECKING:
    from gpiozero.pins import Factory


class GpioOutputs:
    """The configured pins, all off at first.

    Args:
        settings: Which pins.
        factory: What pins are made of; None for those of this machine.

    Raises:
        SignalError: This machine has no such pins, or another process holds one.
    """

    def __init__(self, settings: SignalSettings, factory: "Factory | None" = None) -> None:
        try:
            import lgpio  # noqa: PLC0415 - hardware library
            from gpiozero import DigitalOutputDevice, GPIOZeroError  # noqa: PLC0415
            from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415
        except (ImportError, OSError) as error:
            raise SignalError(f"no library for light and beeper: {error}") from error
        self._faults = (GPIOZeroError, lgpio.error, OSError)
        self._own_factory = None
        self._parts = {}
        pins = {"green": settings.green_pin, "red": settings.red_pin, "beeper": settings.beeper_pin}
        try:
            if factory is None:
                factory = self._own_factory = LGPIOFactory()
            for part, pin in pins.items():
                if pin is not None:
                    self._parts[part] = DigitalOutputDevice(pin, pin_factory=factory)
        except self._faults as error:
            self.close()
            raise SignalError(f"light and beeper cannot be reached: {error}") from error

    def show(self, step: Step) -> None:
        try:
            for part, output in self._parts.items():
                output.value = getattr(step, part)
        except self._faults as error:
            raise SignalError(f"light and beeper cannot be switched: {error}") from error

    def close(self) -> None:
        for output in self._parts.values():
            # A pin that is let go of keeps its level until the kernel resets it, which it need not do.
            with contextlib.suppress(*self._faults):
                output.off()
            output.close()
        self._parts.clear()
        if self._own_factory is not None:
            self._own_factory.close()
            self._own_factory = None
