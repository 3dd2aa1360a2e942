"""Which sale of each lane is being paid, where the customer's screen asks only then (rows 153, 154).

In memory: after a restart of the station the till asks once more to begin the payment.
"""

import threading
from uuid import UUID


class PaymentsBegun:
    """One sale a lane. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sales: dict[UUID, UUID] = {}

    def begin(self, lane_id: UUID, sale_id: UUID) -> None:
        with self._lock:
            self._sales[lane_id] = sale_id

    def of_lane(self, lane_id: UUID) -> UUID | None:
        """The sale whose payment began there last; it may be over."""
        with self._lock:
            return self._sales.get(lane_id)
