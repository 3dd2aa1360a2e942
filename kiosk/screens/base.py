"""What a screen is."""

from typing import Any

from kivy.app import App
from kivy.properties import ObjectProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.session.view import View
from kiosk.words import Catalogue


class KioskScreen(FloatLayout):
    """One step's widgets. Fixed texts stand in kv; ``refresh`` words what depends on the view."""

    view = ObjectProperty(View(), rebind=True)

    def on_kv_post(self, base_widget: Any) -> None:
        """Take out what belongs to the other orientation: a window keeps the one it was made with."""
        super().on_kv_post(base_widget)
        other = "tall" if App.get_running_app().wide else "wide"
        for widget in [found for found in self.walk() if getattr(found, "only", "") == other]:
            if widget.parent is not None:
                widget.parent.remove_widget(widget)

    def on_view(self, _: Any, view: View) -> None:
        self.refresh(view, App.get_running_app().words)

    def refresh(self, view: View, words: Catalogue) -> None:
        """Bring the texts up to date with the view; nothing to do where kv says it all."""
