"""Which devices were paired to which lane, and which were revoked: one JSON file, replaced as a whole."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, ValidationError

from comptoir.broker import Lane, Station
from comptoir.errors import CertificateError
from runtime.config import Section
from runtime.whole_file import replace_file


class _Content(Section):
    lanes: dict[str, int] = Field(default_factory=dict)
    revoked: tuple[str, ...] = ()


class PairedDevices:
    """Under the caller's lock.

    Args:
        path: Of the file; made with the first device.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def lanes(self) -> dict[str, int]:
        """The lane of each device that is not revoked."""
        return dict(self._read().lanes)

    def revoked(self) -> tuple[str, ...]:
        return self._read().revoked

    def add(self, device: str, lane: int) -> None:
        now = self._read()
        self._write(_Content(lanes={**now.lanes, device: lane}, revoked=now.revoked))

    def revoke(self, device: str) -> None:
        """Shut a device out; one that was never paired here too."""
        now = self._read()
        lanes = {name: lane for name, lane in now.lanes.items() if name != device}
        self._write(_Content(lanes=lanes, revoked=tuple(dict.fromkeys((*now.revoked, device)))))

    def _read(self) -> _Content:
        try:
            return _Content.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return _Content()
        except (OSError, ValidationError) as error:
            raise CertificateError(f"cannot read {self._path}: {error}") from error

    def _write(self, content: _Content) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._path, content.model_dump_json(indent=1).encode("ascii"))
        except OSError as error:
            raise CertificateError(f"cannot write {self._path}: {error.strerror}") from error


def with_paired(stations: Iterable[Station], paired: PairedDevices) -> tuple[Station, ...]:
    """The configured stations with the devices that were paired since, each at the station of its store."""
    lanes = paired.lanes()
    out = []
    for station in stations:
        configured = {device for lane in station.lanes for device in lane.devices}
        joined = {
            name: lane
            for name, lane in lanes.items()
            if name.startswith(f"{station.store}.") and name not in configured
        }
        numbers = {lane.number for lane in station.lanes}
        kept = tuple(
            lane.model_copy(update={"devices": (*lane.devices, *_at(joined, lane.number))})
            for lane in station.lanes
        )
        new = tuple(
            Lane(number=number, devices=tuple(_at(joined, number)))
            for number in sorted(set(joined.values()) - numbers)
        )
        out.append(station.model_copy(update={"lanes": (*kept, *new)}))
        lanes = {name: lane for name, lane in lanes.items() if name not in joined}
    return tuple(out)


def _at(joined: dict[str, int], number: int) -> list[str]:
    return sorted(name for name, lane in joined.items() if lane == number)
