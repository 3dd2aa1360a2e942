"""The conversation with one customer, without any toolkit.

Touches and messages go in; a frozen :class:`View` and messages for the device come out. Time is injected.
Owns all personal data that the kiosk ever holds, and drops it when the session ends. Must not import Kivy.
"""

from kiosk.session.session import Session
from kiosk.session.view import Step, View

__all__ = ["Session", "Step", "View"]
