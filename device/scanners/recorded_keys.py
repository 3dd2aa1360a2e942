"""Keys of a scan in a file, one ``position value`` a line: kept at the scanner, looked at anywhere."""

from collections.abc import Sequence
from pathlib import Path

from device.errors import ScannerError

_MOST_BYTES = 1_000_000


def write_keys(path: Path, events: Sequence[tuple[int, int]]) -> None:
    """Keep them.

    Raises:
        ScannerError: The file cannot be written.
    """
    try:
        path.write_text("".join(f"{code} {value}\n" for code, value in events), encoding="ascii")
    except OSError as error:
        raise ScannerError(f"cannot write {path}: {error.strerror}") from error


def read_keys(path: Path) -> tuple[tuple[int, int], ...]:
    """The keys of a file.

    Raises:
        ScannerError: It cannot be read, or holds something else.
    """
    try:
        with path.open(encoding="ascii") as file:
            lines = file.read(_MOST_BYTES).splitlines()
        events = tuple(
            (int(code), int(value)) for code, value in (line.split() for line in lines if line.strip())
        )
    except OSError as error:
        raise ScannerError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise ScannerError(f"{path} holds no recorded keys, one position and value a line") from error
    if not events:
        raise ScannerError(f"{path} holds no recorded keys")
    return events
