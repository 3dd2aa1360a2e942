"""Plays the customer, the device and the station to a session of the kiosk."""

from uuid import UUID

from kiosk.session import Session
from messaging.local.from_kiosk import FromKiosk, Said
from messaging.local.to_kiosk import (
    CodeNoticed,
    EventStored,
    ResultArrived,
    SettingsArrived,
    ToKiosk,
)
from messaging.station.result import Result
from messaging.station.settings import KioskSettings
from messaging.station.show import (
    Show,
)
from tools.scenes.made_up import NOW, SCAN_EVENT, SCAN_SESSION


def shop_settings(**settings: object) -> SettingsArrived:
    """What a made-up shop decided for its screens; ``training`` among it."""
    told = {
        "brand": "Maison Lumen",
        "languages": ("fr", "en", "es", "ar"),
        "region": "FR",
        "programme_active": True,
        "points_name": "points",
        "privacy_contact": "donnees@lumen.example",
        "minimum_age": 16,
        **settings,
    }
    training = bool(told.pop("training", False))
    return SettingsArrived(
        settings=KioskSettings.model_validate(told), training=training, readers=("scanner", "camera")
    )


class Actor:
    """Plays customer, device and station to a session."""

    def __init__(self, session: Session, said: list[FromKiosk], language: str = "fr") -> None:
        self.language = language
        self.session = session
        self.said = said
        self.touch = session.touch

    def tell(self, *messages: ToKiosk) -> None:
        for message in messages:
            self.session.receive(message)

    def open(self, **settings: object) -> None:
        """The shop opens: settings are there, nobody has come yet."""
        told = shop_settings(**settings)
        self.tell(told)
        self.session.linked(True)
        if self.language in told.settings.languages and self.language != self.session.view.language:
            self.touch.choose_language(self.language)

    def type(self, digits: str) -> None:
        for digit in digits:
            self.touch.digit(digit)

    def last_said(self) -> Said:
        return next(message for message in reversed(self.said) if isinstance(message, Said))

    def store(self) -> None:
        """The device has kept all that was said."""
        for message in [message for message in self.said if isinstance(message, Said)]:
            self.tell(EventStored(event_id=message.event_id))

    def scan(self, show: Show | None, signature: str = "good") -> None:
        self.tell(
            CodeNoticed.model_validate(
                {"event_id": SCAN_EVENT, "session": SCAN_SESSION, "source": "camera", "signature": signature}
            )
        )
        if show is not None:
            self.answer(SCAN_EVENT, show)

    def answer(self, event_id: UUID, show: Show) -> None:
        self.tell(ResultArrived(result=Result(event_id=event_id, outcome="accepted", at=NOW, show=show)))
