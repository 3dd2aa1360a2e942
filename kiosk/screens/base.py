"""What a screen is."""

from typing import Any

from kivy.app import App
from kivy.properties import ObjectProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.screens.widgets import Controls, Paper
from kiosk.session.view import View
from kiosk.words import Catalogue

_FOOT_U = 60
_FOOT_BELOW_U = 16


class KioskScreen(FloatLayout):
    """One step's widgets. Fixed texts stand in kv; ``refresh`` words what depends on the view."""

    view = ObjectProperty(View())

    def on_kv_post(self, base_widget: Any) -> None:
        """Take out what belongs to the other orientation: a window keeps the one it was made with."""
        super().on_kv_post(base_widget)
        other = "tall" if App.get_running_app().wide else "wide"
        for widget in [found for found in self.walk() if getattr(found, "only", "") == other]:
            if widget.parent is not None:
                widget.parent.remove_widget(widget)
        if other == "wide":
            self._bring_within_reach()

    def _bring_within_reach(self) -> None:
        """On a tall window what stands at the top is too high for some: it goes to the foot."""
        unit = App.get_running_app().u
        for controls in [found for found in self.walk() if isinstance(found, Controls)]:
            main = next(child for child in self.children if controls in child.walk())
            left, top, right, bottom = main.padding
            main.padding = [left, top, right, bottom + _FOOT_U * unit]
            controls.parent.remove_widget(controls)
            self.add_widget(controls)
            controls.pos_hint = {"center_x": 0.5}
            controls.y = _FOOT_BELOW_U * unit

    @property
    def is_on_paper(self) -> bool:
        """Whether its background is paper from edge to edge."""
        return any(isinstance(child, Paper) for child in self.children)

    def on_view(self, _: Any, view: View) -> None:
        self.refresh(view, App.get_running_app().words)

    def refresh(self, view: View, words: Catalogue) -> None:
        """Bring the texts up to date with the view; nothing to do where kv says it all."""
