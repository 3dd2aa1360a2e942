"""What a process tells of itself in figures; ``runtime.figures_door`` shows them to a Prometheus (row 191).

Nothing of people may be among them: counts, states, names of parts and releases.
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from runtime.config import Section


class FiguresSettings(Section):
    """Where a Prometheus on this machine, or its agent, reads; nowhere without it.

    Attributes:
        port: Of this machine's own address; 0 takes a free one.
    """

    port: Annotated[int, Field(ge=0, le=65535)]


@dataclass(frozen=True)
class Figure:
    """One value. ``labels`` tell values of one name apart; ``counts`` where it only grows.

    ``name`` is without the product's own name before it, and with its unit: ``kiosk_memory_bytes``.
    """

    name: str
    about: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()
    counts: bool = False


def memory_bytes() -> int:
    """What this process holds in memory now; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no path of ours
            return int(file.read().split()[1]) * 4096
    except (OSError, ValueError, IndexError):
        return 0
