"""Our units, rules and drivers on a whole booted machine: Debian 13 under QEMU, hardware played by its own kernel.

Run by ``make test-system``, not by ``make test``. ``missing`` says what this machine lacks for it, ``image`` makes the
disk and caches it, ``guest`` runs the machine, ``usb`` plays USB keyboards in it, ``shop`` makes it a station with a
lane. ``inside/`` runs in the guest. Everything waits for conditions: the processor is emulated and slow.
"""
