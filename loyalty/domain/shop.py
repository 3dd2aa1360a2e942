"""What the shop decides about itself, and its lanes."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.money import Currency
from loyalty.domain.trust import DEFAULT_TRUST_POLICY, TrustPolicy

_LOUDEST_PERCENT = 100


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """One row: the shop. ``revision`` grows with every change and travels to devices with the settings."""

    name: str
    store: str
    """Store part of device names: ``s0001``."""
    country: str
    """ISO 3166: ``FR``."""
    currency: Currency
    timezone: str
    """IANA name: ``Europe/Paris``."""
    default_language: str
    languages: tuple[str, ...]
    phone_region: str
    trust: TrustPolicy = DEFAULT_TRUST_POLICY
    is_demo: bool = False
    revision: int = 1
    smallest_coin_minor: int = 1
    """What cash is rounded to: 5 where there are no one-cent coins."""


@dataclass(frozen=True, slots=True)
class LaneSound:
    """What a lane's customer screen lets hear, where its machine has a loudspeaker (row 190).

    Raises:
        ValueError: The volume is not from 0 to 100.
    """

    volume_percent: int = 50
    """Of cues and voice; 0 is silence."""
    cues: bool = True
    """Short sounds for what happens."""
    speech: bool = True
    """Whether customers may have the screens read aloud."""

    def __post_init__(self) -> None:
        if not 0 <= self.volume_percent <= _LOUDEST_PERCENT:
            raise ValueError("a volume is from 0 to 100 percent")


@dataclass(frozen=True, slots=True)
class Lane:
    """One counter position: one kiosk or scanner, one till page."""

    id: UUID
    number: int
    device: str | None
    """Certificate name of its kiosk or scanner: ``s0001.k01``."""
    is_training: bool = False
    """Real screens, no ledger entries, no messages (row 202)."""
    is_active: bool = True
    is_companion: bool = False
    """Another register sells and takes the payment: this lane identifies, proposes and records (row 195)."""
    sound: LaneSound = LaneSound()
