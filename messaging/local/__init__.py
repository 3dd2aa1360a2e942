"""What kiosk and device process say to each other over their Unix socket.

The kiosk has no network, no keys and no database: it says what was touched, and shows what it is told.
Both sides are on one machine and of one release; the same models and checks apply all the same.
"""
