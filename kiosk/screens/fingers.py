"""What several fingers at once do: a button takes the first, and a button that has gone takes none."""

from typing import Any

from kivy.app import App
from kivy.uix.behaviors import ButtonBehavior


class OneFinger(ButtonBehavior):
    """A button that one finger at a time can hold.

    A second one on the same button does nothing, so that two fingers side by side tick a box once. A finger
    that is let go after another one brought the next screen does nothing either. Two fingers on two keys are
    two signs: whoever types fast has not let go of the one before.
    """

    _finger: Any = None

    def on_touch_down(self, touch: Any) -> bool:
        """Held already: nothing, and nothing for what lies behind."""
        if self._finger is not None and self.collide_point(*touch.pos):
            return True
        taken = bool(super().on_touch_down(touch))
        if self in touch.ud:
            self._finger = touch
        return taken

    def on_touch_up(self, touch: Any) -> bool:
        """Acts, where the button is still there for whoever touched it."""
        if touch is self._finger and touch.grab_current is self:
            self._finger = None
            if not App.get_running_app().stage.takes(self):
                touch.ungrab(self)
                self._do_release()
                return True
        return bool(super().on_touch_up(touch))
