"""Which of two pictures of the lane's sale is the newer."""

from messaging.station.sale import SaleShown


class SaleOrder:
    """Lets each revision through once and in order; what is late is dropped.

    Revisions count up within the station's life. After a break of the link the count may have begun
    anew, so the first sale after it is taken as it comes.
    """

    def __init__(self) -> None:
        self._last: int | None = None

    def admits(self, sale: SaleShown) -> bool:
        """Whether this is newer than all before it; remembers it if so."""
        if self._last is not None and sale.revision <= self._last:
            return False
        self._last = sale.revision
        return True

    def begin_anew(self) -> None:
        self._last = None
