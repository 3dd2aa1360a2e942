"""The one-time claim by which the first owner proves to stand at the machine (row 213)."""

from dataclasses import dataclass

from checkout.assembly import open_database, service_context
from checkout.configuration import CheckoutSettings
from loyalty.domain.why import Refused
from loyalty.services.claim import open_claim
from runtime.clock import Clock, SystemClock


@dataclass(frozen=True)
class OwnerClaim:
    """What the machine prints: the token, and the address of the page that takes it."""

    token: str
    address: str


def issue_owner_claim(settings: CheckoutSettings, clock: Clock | None = None) -> OwnerClaim | Refused:
    """A new claim; an earlier one is void. Refused once there is staff.

    Works whether or not the station runs.

    Raises:
        StorageError: The database cannot be opened.
    """
    ctx = service_context(settings, clock or SystemClock())
    database = open_database(settings, ctx)
    try:
        with database.unit_of_work() as unit:
            token = open_claim(unit, ctx)
            unit.commit()
    finally:
        database.close()
    if isinstance(token, Refused):
        return token
    scheme = "https" if settings.is_secure else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return OwnerClaim(token, f"{scheme}://{host}:{settings.port}/claim?token={token}")
