"""Where a sale took place: a lane by its number, or the channel that stands for one (row 126)."""

from collections.abc import Mapping

from checkout.words.catalogue import Words
from loyalty.domain.sale import SaleChannel
from loyalty.services.take_order import CHANNEL_LANES

CHANNEL_TEXTS: Mapping[SaleChannel, str] = {
    SaleChannel.INVOICE: "Invoices",
    SaleChannel.ONLINE: "Online orders",
}
_CHANNEL_OF = {number: channel for channel, number in CHANNEL_LANES.items()}


def place_name(words: Words, number: int | None) -> str:
    """``Lane 2``, ``Invoices``; a dash for a lane that nobody knows."""
    if number is None:
        return "–"
    channel = _CHANNEL_OF.get(number)
    return words.text(CHANNEL_TEXTS[channel]) if channel else words.text("Lane {lane}", lane=number)
