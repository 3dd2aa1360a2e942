"""Everything that touches a wire at the counter: scanners, camera, decoding, outbox, uplink, health.

Says what was read or typed; never decides what it means. Knows ``messaging``, ``codes`` and ``runtime``;
must not import ``kiosk``, ``checkout``, ``loyalty`` or ``fleet``.
"""
