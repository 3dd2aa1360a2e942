"""The station's lanes and their devices: a station hears the devices of its lanes by name, never others."""

import threading
from collections.abc import Iterable
from uuid import UUID

from loyalty.domain.shop import Lane


class LaneDevices:
    """Which device stands at which lane. Any thread; replaced as a whole when the shop changes lanes."""

    def __init__(self, lanes: Iterable[Lane] = ()) -> None:
        self._lock = threading.Lock()
        self._by_device: dict[str, Lane] = {}
        self._by_number: dict[int, Lane] = {}
        self.replace(lanes)

    def replace(self, lanes: Iterable[Lane]) -> None:
        active = [lane for lane in lanes if lane.is_active]
        with self._lock:
            self._by_number = {lane.number: lane for lane in active}
            self._by_device = {lane.device: lane for lane in active if lane.device is not None}

    def all(self) -> tuple[Lane, ...]:
        """By number."""
        with self._lock:
            return tuple(lane for _, lane in sorted(self._by_number.items()))

    def of_device(self, device: str) -> Lane | None:
        with self._lock:
            return self._by_device.get(device)

    def numbered(self, number: int) -> Lane | None:
        with self._lock:
            return self._by_number.get(number)

    def with_id(self, lane_id: UUID) -> Lane | None:
        return next((lane for lane in self.all() if lane.id == lane_id), None)

    def devices(self) -> tuple[str, ...]:
        """Names of the devices, sorted."""
        with self._lock:
            return tuple(sorted(self._by_device))
