"""From the shop's choice to the look in a message."""

from loyalty.domain.kiosk_look import KioskLook
from messaging.station import look as wire
from messaging.station.palette import DEFAULT_COLOURS

HOUSE_COLOURS = {
    "brand": DEFAULT_COLOURS["brand"],
    "accent": DEFAULT_COLOURS["gold"],
    "paper": DEFAULT_COLOURS["paper"],
}


def wire_look(look: KioskLook) -> wire.KioskLook:
    """The look as devices are told it.

    Raises:
        ValidationError: It cannot be read; nobody can have saved that.
    """
    return wire.KioskLook(
        brand=look.brand or HOUSE_COLOURS["brand"],
        accent=look.accent or HOUSE_COLOURS["accent"],
        paper=look.paper or HOUSE_COLOURS["paper"],
        logo_base64=look.logo_base64,
        promises=tuple(
            wire.Promise(language=language, title=words.title, text=words.text)
            for language, words in sorted(look.promises.items())
        ),
    )
