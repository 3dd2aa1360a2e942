"""What is shown in the scenes: a made-up shop, its sale, its member, its device."""

import base64
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

from PIL import Image, ImageDraw

from messaging.local.to_kiosk import (
    DeviceStatus,
    SaleChanged,
)
from messaging.model import Why
from messaging.station.sale import DiscountLine, SaleLine, SaleShown
from messaging.station.settings import PartHealth
from messaging.station.show import (
    HistoryEntry,
    MemberShown,
    NextReward,
    RewardShown,
    RewardUsed,
)

NOW = datetime(2026, 11, 28, 14, 5, tzinfo=UTC)
"""Always the same day: pictures of it are compared with accepted ones."""

OWN_WORDS = ("Zoé", "Jean", "Café filtre", "Tartine", "Brunch")
"""What belongs to the made-up customers: none of it may be heard by others."""

SALE_ID = UUID("0192f3c0-0000-7000-8000-000000000003")
SCAN_SESSION = UUID("0192f3c0-0000-7000-8000-000000000004")
SCAN_EVENT = UUID("0192f3c0-0000-7000-8000-000000000005")
TIERS = [UUID(f"0192f3c0-0000-7000-8000-0000000000{number}") for number in range(10, 16)]


def _drawn_logo() -> str:
    """A logo of two rings, as base64 of a PNG."""
    picture = Image.new("RGBA", (330, 108), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    for x, colour in ((4, "#5A1F3D"), (70, "#C7922B")):
        draw.ellipse((x, 8, x + 92, 100), outline=colour, width=14)
    draw.rounded_rectangle((186, 30, 326, 50), 10, fill="#5A1F3D")
    draw.rounded_rectangle((186, 62, 276, 78), 8, fill="#C7922B")
    file = io.BytesIO()
    picture.quantize(32, method=Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode("ascii")


OWN_LOOK = {
    "brand": "#5A1F3D",
    "accent": "#F2C46D",
    "paper": "#FBF5F2",
    "logo_base64": _drawn_logo(),
    "promises": (
        {
            "language": "fr",
            "title": "Ici, on vous\nconnaît.",
            "text": "Un café offert au dixième, et des surprises.",
        },
        {
            "language": "en",
            "title": "We know you\nhere.",
            "text": "The tenth coffee is on us, and there are surprises.",
        },
        {
            "language": "es",
            "title": "Aquí ya eres\nde casa.",
            "text": "El décimo café lo invitamos nosotros.",
        },
        {"language": "ar", "title": "هنا\nنعرفكم.", "text": "القهوة العاشرة هدية منا."},
    ),
}


def sale(revision: int = 5, **changes: object) -> SaleChanged:
    """A basket with two coffees and more."""
    fields: dict[str, object] = {
        "sale": SALE_ID,
        "revision": revision,
        "state": "open",
        "invitation": True,
        "currency": "EUR",
        "lines": (
            SaleLine(name="Café filtre", quantity=2, amount_minor=500),
            SaleLine(name="Tartine au beurre salé", quantity=1, amount_minor=380),
            SaleLine(name="Jus d’orange pressé", quantity=1, amount_minor=450),
        ),
        "total_minor": 1330,
        "points_to_earn": 13,
    }
    return SaleChanged(sale=SaleShown.model_validate({**fields, **changes}))


DISCOUNT = DiscountLine(
    name="Amis de la maison",
    amount_minor=-133,
    why=Why(
        code="group_discount", params={"group": "Amis de la maison", "rate_ppm": 100_000, "base_minor": 1330}
    ),
)
REWARD_LINE = DiscountLine(
    name="Un café offert", amount_minor=-250, why=Why(code="reward", params={"points": 50})
)
LONG_LINES = tuple(
    SaleLine(name=name, quantity=count, amount_minor=amount)
    for name, count, amount in (
        ("Café filtre", 2, 500),
        ("Tartine au beurre salé", 1, 380),
        ("Jus d’orange pressé", 1, 450),
        ("Pain de campagne au levain, 1 kg", 1, 690),
        ("Confiture de mirabelles de Lorraine", 3, 2070),
        ("Œufs plein air, la douzaine", 1, 540),
        ("Thé vert sencha", 1, 1290),
        ("Madeleines", 12, 1440),
        ("Tasse en grès", 2, 3600),
        ("Eau pétillante", 1, 220),
    )
)


def member(points: int = 240, count: int = 3, name: str | None = "Zoé") -> MemberShown:
    """A member with some rewards in reach and some not."""
    tiers = (
        ("Un café offert", 50),
        ("−5 € sur votre achat", 200),
        ("Brunch pour deux au choix", 500),
        ("Tasse de la maison", 800),
        ("Atelier dégustation", 1200),
    )
    return MemberShown(
        given_name=name,
        language=None,
        points=points,
        points_name="points",
        next_reward=NextReward(name="Brunch pour deux au choix", points=500, missing=500 - points)
        if points < 500
        else None,
        rewards=tuple(
            RewardShown(
                tier_id=TIERS[at],
                name=label,
                points=cost,
                available=points >= cost,
                why_not=None
                if points >= cost
                else Why(code="not_enough_points", params={"missing": cost - points}),
            )
            for at, (label, cost) in enumerate(tiers[:count])
        ),
    )


def used(shown: MemberShown) -> RewardUsed:
    """The first reward is on the sale now."""
    first = shown.rewards[0].model_copy(update={"applied": True, "available": False})
    after = member(shown.points - 50).model_copy(update={"rewards": (first, *member(190).rewards[1:])})
    return RewardUsed(name=first.name, applied=True, member=after)


CHALLENGE = UUID("0192f3c0-0000-7000-8000-000000000020")


ENTRIES = tuple(
    HistoryEntry(
        at=NOW - timedelta(days=9 * at), points=points, why=Why(code="points_by_amount"), entry=entry
    )
    for at, (entry, points) in enumerate(
        (
            ("earn", 13), ("redeem", -50), ("promotion", 20), ("earn", 27), ("expire", -4), ("bonus", 50),
            ("reverse", -6), ("earn", 190),
        )
    )
)  # fmt: skip


STATUS = DeviceStatus(
    device="s0001.k01",
    release="1.0.0",
    online=True,
    broker="comptoir.local:8883",
    addresses=("192.168.1.42",),
    waiting_events=0,
    quarantined_events=0,
    lane=1,
    settings_version=7,
    clock_certain=True,
    parts=(
        PartHealth(name="camera", health="ok", detail="imx708 1280x720"),
        PartHealth(name="decoder", health="ok"),
        PartHealth(name="kiosk", health="ok", detail="x11 1280x800"),
        PartHealth(name="outbox", health="ok"),
        PartHealth(name="scanner", health="absent", detail="unplugged"),
    ),
)
