"""The device's own certificate: which one is used, and that the next one comes in time."""

from collections.abc import Callable
from pathlib import Path

from device.configuration import DeviceSettings
from device.health import HealthBoard, PartState
from messaging.errors import RenewalError
from messaging.renewal_watch import RenewalWatch
from messaging.renewing import OwnCertificate
from runtime.clock import Clock
from runtime.lifecycle import Worker

CERTIFICATE = "certificate"
"""Its name on the health board."""


def certificate_files(settings: DeviceSettings) -> tuple[Path, Path]:
    """Certificate and key to use now: renewed ones where there are any, else what the configuration names."""
    broker = settings.broker
    if settings.renewal is not None:
        try:
            held = own_certificate(settings).held()
        except RenewalError:  # the link says what is wrong with the files
            return broker.certificate_file, broker.key_file
        return held.certificate_file, held.key_file
    return broker.certificate_file, broker.key_file


def renewal_worker(
    settings: DeviceSettings,
    clock: Clock,
    board: HealthBoard,
    is_quiet: Callable[[], bool],
    restart: Callable[[], None],
) -> Worker | None:
    """Renews and, once nobody is served, starts the process anew; None where somebody brings the next one."""
    if settings.renewal is None:
        return None

    def tell(is_well: bool, detail: str) -> None:
        board.report(CERTIFICATE, PartState.OK if is_well else PartState.DEGRADED, detail)

    def take_up() -> bool:
        if not is_quiet():
            return False
        restart()
        return True

    watch = RenewalWatch(own_certificate(settings), settings.renewal.door, clock, tell, take_up)
    return Worker("renewal", watch.run)


def own_certificate(settings: DeviceSettings) -> OwnCertificate:
    """The one of a device that renews it."""
    broker, renewal = settings.broker, settings.renewal
    assert renewal is not None  # noqa: S101
    return OwnCertificate(broker.certificate_file, broker.key_file, broker.ca_file, renewal.folder)
