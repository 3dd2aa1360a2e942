"""Registers that speak MQTT: which there are, and telling them of their lanes and what the shop chose."""

import logging
import threading
from collections.abc import Callable, Iterable
from uuid import UUID

from checkout.registers.views import lane_now, register_setup
from checkout.till.build import LaneView
from loyalty.domain.register import Register
from loyalty.domain.shop import Lane
from loyalty.ports.unit_of_work import UnitOfWork
from messaging.codec import encode
from messaging.errors import MessagingError
from messaging.topics import RegisterBranch

_log = logging.getLogger(__name__)

Send = Callable[[str, RegisterBranch, bytes], object]


class RegistersTold:
    """The registers with a certificate, by lane. Any thread; replaced as a whole when the shop changes them.

    Args:
        registers: Those that there are.
        send: Publishes on a branch of a register; must not block.
    """

    def __init__(self, registers: Iterable[Register], send: Send) -> None:
        self._lock = threading.Lock()
        self._send = send
        self._known: dict[str, Register] = {}
        self.replace(registers)

    def replace(self, registers: Iterable[Register]) -> frozenset[str]:
        """Take these instead; the names that are gone."""
        known = {each.certificate: each for each in registers if each.certificate and each.is_active}
        with self._lock:
            gone = frozenset(self._known.keys() - known.keys())
            self._known = known
        return gone

    def names(self) -> tuple[str, ...]:
        """Names on their certificates, sorted."""
        with self._lock:
            return tuple(sorted(self._known))

    def tell_lane(self, lane: Lane, view: LaneView) -> None:
        """A lane changed: tell its registers. It names a member, so it is never retained."""
        for name, register in self._at(lane.id):
            try:
                self._send(name, "lane", encode(lane_now(view.masked, register)))
            except MessagingError as error:
                _log.warning("a register is not told", extra={"register": name, "code": error.code})

    def tell_setup(self, unit: UnitOfWork) -> None:
        """Retained: what each register has to know first."""
        with self._lock:
            known = tuple(self._known.items())
        for name, register in known:
            self._send(name, "setup", encode(register_setup(unit, register)))

    def forget(self, names: Iterable[str]) -> None:
        """Take back what was retained for registers that are gone."""
        for name in names:
            self._send(name, "setup", b"")

    def _at(self, lane_id: UUID) -> list[tuple[str, Register]]:
        with self._lock:
            return [(name, each) for name, each in self._known.items() if lane_id in each.lane_ids]
