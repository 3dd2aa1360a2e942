"""Lets a change of the screen be heard."""

from collections.abc import Callable

from kiosk.session.view import View
from kiosk.sound.aloud import sayable, sentence
from kiosk.sound.choosing import cue_between
from kiosk.sound.player import Sound
from messaging.local.from_kiosk import TextShown


class Sounding:
    """Drawing thread. First :meth:`changed`, then, once the view is drawn, :meth:`drawn`.

    Args:
        sound: Where it is heard.
        cues: Whether cues are.
        texts: What stands on the screen in words.
    """

    def __init__(self, sound: Sound, texts: Callable[[], tuple[TextShown, ...]], *, cues: bool) -> None:
        self._sound = sound
        self._texts = texts
        self._cues = cues
        self._before = View()
        self._heard: tuple[str, ...] = ()
        self._heard_of: tuple[object, ...] = ()

    def changed(self, view: View) -> None:
        """A new view."""
        before, self._before = self._before, view
        if view.shop.sound is not None and view.shop.sound != before.shop.sound:
            self._cues = view.shop.sound.cues
            self._sound.set_volume(view.shop.sound.volume_percent)
        cue = cue_between(before, view) if self._cues else None
        if cue is not None:
            self._sound.cue(cue)
        elif before.read_aloud and (not view.read_aloud or view.step is not before.step):
            self._sound.hush()

    def drawn(self) -> None:
        """Read a new screen aloud as a whole; on the same screen, what is new on it."""
        view = self._before
        if not view.read_aloud:
            self._heard, self._heard_of = (), ()
            return
        said = sayable(self._texts(), view)
        place = (view.step, view.language, view.choosing_language, view.warning_s is not None)
        new = said if place != self._heard_of else tuple(text for text in said if text not in self._heard)
        self._heard, self._heard_of = said, place
        if new:
            self._sound.say(sentence(new), view.language)

    def stop(self) -> None:
        """Be silent for good."""
        self._sound.stop()
