"""The whole counter on one machine: real broker, station, device process and kiosk, simulated hardware.

Owns the demo's directory, its processes and the story that plays itself. Everything listens on loopback
or on Unix sockets, carries a mark, and works on the demo's own data only.
"""
