"""The scenes that are photographed: what was touched and told before the picture."""

import base64
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from PIL import Image, ImageDraw

from kiosk.session import Session, Step
from messaging.local.from_kiosk import FromKiosk, Said
from messaging.local.to_kiosk import (
    CodeNoticed,
    CodeRefused,
    DeviceStatus,
    EventNotStored,
    EventStored,
    LinkChanged,
    PairingShown,
    ReadingShown,
    ResultArrived,
    SaleChanged,
    SettingsArrived,
    StaffAnswered,
    ToKiosk,
)
from messaging.model import Why
from messaging.station.result import Result
from messaging.station.sale import DiscountLine, SaleLine, SaleShown
from messaging.station.settings import KioskSettings, PartHealth
from messaging.station.show import (
    CodeSent,
    History,
    HistoryEntry,
    MemberShown,
    NextReward,
    NotRecognised,
    NumberChanged,
    Recognised,
    Refusal,
    RewardShown,
    RewardUsed,
    Show,
)
from runtime.clock import SystemClock

NOW = SystemClock().now()
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


class Actor:
    """Plays customer, device and station to a session."""

    def __init__(self, session: Session, said: list[FromKiosk], language: str = "fr") -> None:
        self.language = language
        self.session = session
        self.said = said
        self.touch = session.touch

    def tell(self, *messages: ToKiosk) -> None:
        for message in messages:
            self.session.receive(message)

    def open(self, **settings: object) -> None:
        """The shop opens: settings are there, nobody has come yet."""
        told = {
            "brand": "Maison Lumen",
            "languages": ("fr", "en", "es", "ar"),
            "region": "FR",
            "programme_active": True,
            "points_name": "points",
            "privacy_contact": "donnees@lumen.example",
            "minimum_age": 16,
            **settings,
        }
        training = bool(told.pop("training", False))
        self.tell(
            SettingsArrived(
                settings=KioskSettings.model_validate(told), training=training, readers=("scanner", "camera")
            )
        )
        self.session.linked(True)
        if self.language in told["languages"] and self.language != self.session.view.language:
            self.touch.choose_language(self.language)

    def type(self, digits: str) -> None:
        for digit in digits:
            self.touch.digit(digit)

    def last_said(self) -> Said:
        return next(message for message in reversed(self.said) if isinstance(message, Said))

    def store(self) -> None:
        """The device has kept all that was said."""
        for message in [message for message in self.said if isinstance(message, Said)]:
            self.tell(EventStored(event_id=message.event_id))

    def scan(self, show: Show | None, signature: str = "good") -> None:
        self.tell(
            CodeNoticed.model_validate(
                {"event_id": SCAN_EVENT, "session": SCAN_SESSION, "source": "camera", "signature": signature}
            )
        )
        if show is not None:
            self.answer(SCAN_EVENT, show)

    def answer(self, event_id: UUID, show: Show) -> None:
        self.tell(ResultArrived(result=Result(event_id=event_id, outcome="accepted", at=NOW, show=show)))


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


def _consent(actor: Actor) -> None:
    actor.open()
    actor.touch.enter_number()
    actor.type("0612345678")
    actor.touch.submit_number()


def _ticked(actor: Actor) -> None:
    _consent(actor)
    actor.touch.toggle_programme()
    actor.touch.edit_name()
    for letter in "ZOÉ":
        actor.touch.letter(letter)
    actor.touch.keep_name()


def _name(actor: Actor) -> None:
    _consent(actor)
    actor.touch.edit_name()
    for letter in "JEAN-LU":
        actor.touch.letter(letter)


def _storing(actor: Actor) -> None:
    _ticked(actor)
    actor.touch.submit_consent()


def _thanks(actor: Actor) -> None:
    _storing(actor)
    actor.store()


def _not_stored(actor: Actor) -> None:
    _storing(actor)
    actor.tell(EventNotStored(event_id=actor.last_said().event_id, reason="outbox_full"))


def _welcome(actor: Actor, **kind: object) -> None:
    actor.open()
    actor.tell(sale(discounts=(DISCOUNT,), total_minor=1197, points_to_earn=11))
    actor.scan(member(**kind))  # type: ignore[arg-type]


def _pending(actor: Actor) -> None:
    _welcome(actor)
    actor.touch.use_reward(TIERS[0])


def _used(actor: Actor) -> None:
    _pending(actor)
    actor.answer(actor.last_said().event_id, used(member()))


def _refused(actor: Actor) -> None:
    _pending(actor)
    actor.answer(actor.last_said().event_id, Refusal(why=Why(code="nothing_to_discount")))


def _phone(actor: Actor, digits: str, submit: bool = False) -> None:
    actor.open()
    actor.touch.enter_number()
    actor.type(digits)
    if submit:
        actor.touch.submit_number()


def _paid(actor: Actor, **changes: object) -> None:
    actor.open()
    actor.tell(sale())
    actor.tell(sale(6, state="paid", **changes))


def _warned(actor: Actor) -> None:
    _phone(actor, "0612")
    actor.session._talk.show(warning_s=12)


def _language(actor: Actor) -> None:
    _consent(actor)
    actor.touch.open_languages()


def _then(*plays: Callable[[Actor], None]) -> Callable[[Actor], None]:
    def played(actor: Actor) -> None:
        for play in plays:
            play(actor)

    return played


def _out_of_service(actor: Actor) -> None:
    actor.open()
    actor.session._talk.go(Step.OUT_OF_SERVICE, why=Why(code="device_gone"))


CHALLENGE = UUID("0192f3c0-0000-7000-8000-000000000020")


def _code(actor: Actor, digits: str = "") -> None:
    _thanks(actor)
    actor.touch.see_points()
    actor.answer(actor.last_said().event_id, CodeSent(challenge_id=CHALLENGE, valid_s=300))
    actor.type(digits)


def _code_wrong(actor: Actor) -> None:
    _code(actor, "482913")
    actor.touch.submit_code()
    actor.answer(actor.last_said().event_id, Refusal(why=Why(code="code_wrong", params={"tries_left": 3})))


def _code_locked(actor: Actor) -> None:
    _code(actor, "482913")
    actor.touch.submit_code()
    actor.answer(actor.last_said().event_id, Refusal(why=Why(code="code_locked")))


def _account(actor: Actor) -> None:
    actor.open(privacy_contact="donnees@maison-lumen.example", retention_months=36, minimum_age=16)
    actor.scan(member())
    actor.touch.open_account()


ENTRIES = tuple(
    HistoryEntry(at=NOW - timedelta(days=9 * at), points=points, why=Why(code="points_by_amount"), entry=entry)
    for at, (entry, points) in enumerate(
        (
            ("earn", 13), ("redeem", -50), ("promotion", 20), ("earn", 27), ("expire", -4), ("bonus", 50),
            ("reverse", -6), ("earn", 190),
        )
    )
)  # fmt: skip


def _history(actor: Actor) -> None:
    _account(actor)
    actor.touch.show_history()
    actor.answer(actor.last_said().event_id, History(entries=ENTRIES))


def _new_number(actor: Actor, digits: str = "0698765432") -> None:
    _account(actor)
    actor.touch.change_number()
    actor.type(digits)


def _old_number(actor: Actor) -> None:
    _new_number(actor)
    actor.touch.submit_number()
    actor.answer(actor.last_said().event_id, CodeSent(challenge_id=CHALLENGE, valid_s=300))
    actor.type("482913")


def _both_numbers(actor: Actor) -> None:
    _old_number(actor)
    actor.touch.submit_code()
    actor.answer(actor.last_said().event_id, CodeSent(challenge_id=CHALLENGE, valid_s=300))


def _number_changed(actor: Actor) -> None:
    _both_numbers(actor)
    actor.type("482913")
    actor.touch.submit_code()
    actor.answer(actor.last_said().event_id, NumberChanged())


def _countries(actor: Actor, page: int = 0) -> None:
    _phone(actor, "06")
    actor.touch.open_countries()
    actor.touch.turn_countries(page)


def _privacy(actor: Actor) -> None:
    actor.open(privacy_contact="donnees@maison-lumen.example", retention_months=36, minimum_age=16)
    actor.touch.show_privacy()


def _own_look_consent(actor: Actor) -> None:
    actor.open(look=OWN_LOOK)
    actor.touch.enter_number()
    actor.type("0612345678")
    actor.touch.submit_number()
    actor.touch.toggle_programme()


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


def _staff_code(actor: Actor, digits: str = "4829") -> None:
    actor.open()
    actor.touch.open_staff()
    actor.type(digits)


def _staff(actor: Actor) -> None:
    _staff_code(actor, "482913")
    actor.touch.submit_staff_code()
    actor.tell(StaffAnswered(admitted=True, tries_left=5, wait_s=0, is_set=True), STATUS)


def _staff_closed(actor: Actor) -> None:
    _staff_code(actor, "482913")
    actor.touch.submit_staff_code()
    actor.tell(StaffAnswered(admitted=False, tries_left=0, wait_s=290, is_set=True))


def _staff_layout(actor: Actor) -> None:
    _staff(actor)
    actor.tell(
        ReadingShown(
            reader="scanner",
            text="CO?PTOIR6",
            symbology="QRCode",
            verdict="layout",
            layout="fr",
            configured="us",
        )
    )


def _pairing(stage: str, *, code: str = "", found: bool = False) -> Callable[[Actor], None]:
    def play(actor: Actor) -> None:
        stations = [{"shop": "Maison Lumen", "address": "https://192.168.1.10:8082"}] if found else []
        shown = {"stage": stage, "code": code, "shop": "Maison Lumen", "found": stations}
        actor.session.linked(True)
        actor.tell(PairingShown.model_validate_json(json.dumps(shown)))

    return play


def _pairing_address(actor: Actor) -> None:
    _pairing("searching")(actor)
    actor.touch.type_address()
    for sign in "192.168.1.1":
        actor.touch.address_sign(sign)


class Scene(NamedTuple):
    """A picture's name and what happens before it."""

    name: str
    play: Callable[[Actor], None]


def _open(actor: Actor) -> None:
    actor.open()


def _eased(actor: Actor) -> None:
    _language(actor)
    actor.touch.switch_text()
    actor.touch.switch_time()


def _larger(play: Callable[[Actor], None]) -> Callable[[Actor], None]:
    return _then(play, lambda a: a.touch.switch_text())


_LARGER_TOO: tuple[tuple[str, Callable[[Actor], None]], ...] = (
    ("idle", _open),
    ("phone", lambda a: _phone(a, "06123", submit=True)),
    ("consent", _ticked),
    ("thanks", _thanks),
    ("welcome", _welcome),
    ("sale", _then(_open, lambda a: a.tell(sale()))),
    ("privacy", _privacy),
    ("not-recognised", _then(_open, lambda a: a.scan(NotRecognised(why=Why(code="unknown_member"))))),
    ("history", _history),
    ("code", lambda a: _code(a, "482")),
)


# ruff: noqa: E501 - one scene a line reads as a table
SCENES: tuple[Scene, ...] = (
    Scene("idle", _open),
    Scene("idle-invited", _then(_open, lambda a: a.tell(sale(lines=(), total_minor=0, points_to_earn=None)))),
    Scene("idle-offline", _then(_open, lambda a: a.tell(LinkChanged(online=False, waiting_events=2)))),
    Scene("sign-in", _then(lambda a: a.open(sign_in="payment"), lambda a: a.tell(sale(1, invitation=False), sale(2)))),
    Scene("idle-paused", lambda a: a.open(programme_active=False)),
    Scene("phone-empty", lambda a: _phone(a, "")),
    Scene("phone-part", lambda a: _phone(a, "06123")),
    Scene("phone-full", lambda a: _phone(a, "0612345678")),
    Scene("phone-wrong", lambda a: _phone(a, "06123", submit=True)),
    Scene("phone-offline", _then(lambda a: _phone(a, "06123"), lambda a: a.tell(LinkChanged(online=False, waiting_events=2)))),
    Scene("consent", _consent),
    Scene("consent-ticked", _ticked),
    Scene("consent-storing", _storing),
    Scene("name", _name),
    Scene("thanks", _thanks),
    Scene("problem", _not_stored),
    Scene("scan", _then(_open, lambda a: a.touch.show_card())),
    Scene("scan-reading", _then(_open, lambda a: a.touch.enter_number(), lambda a: a.touch.show_card(), lambda a: a.session._talk.go(Step.READING))),
    Scene("welcome", _welcome),
    Scene("welcome-no-sale", _then(_open, lambda a: a.scan(member(name=None)))),
    Scene("welcome-many", lambda a: _welcome(a, count=5, points=12480)),
    Scene("welcome-pending", _pending),
    Scene("welcome-used", _used),
    Scene("welcome-refused", _refused),
    Scene("recognised", _then(_open, lambda a: a.scan(Recognised()))),
    Scene("not-recognised", _then(_open, lambda a: a.scan(NotRecognised(why=Why(code="unknown_member"))))),
    Scene("code-refused", _then(_open, lambda a: a.tell(CodeRefused(reason="cut_off", source="scanner")))),
    Scene("sale", _then(_open, lambda a: a.tell(sale()))),
    Scene("sale-discount", _then(_open, lambda a: a.tell(sale(invitation=False, discounts=(DISCOUNT, REWARD_LINE), total_minor=947, points_to_earn=9)))),
    Scene("sale-long", _then(_open, lambda a: a.tell(sale(lines=LONG_LINES, total_minor=11180, points_to_earn=111, discounts=(DISCOUNT,))))),
    Scene("sale-member", _then(_welcome, lambda a: a.touch.show_sale())),
    Scene("paid", lambda a: _paid(a, points_earned=13, points_balance=253)),
    Scene("paid-plain", _paid),
    Scene("account", _account),
    Scene("code", lambda a: _code(a, "482")),
    Scene("code-wrong", _code_wrong),
    Scene("code-locked", _code_locked),
    Scene("history", _history),
    Scene("new-number", _new_number),
    Scene("new-number-old-code", _old_number),
    Scene("new-number-new-code", _both_numbers),
    Scene("number-changed", _number_changed),
    Scene("country", _countries),
    Scene("country-all", lambda a: _countries(a, 4)),
    Scene("privacy", _privacy),
    Scene("staff-code", _staff_code),
    Scene("staff-code-closed", _staff_closed),
    Scene("staff", _staff),
    Scene("staff-layout", _staff_layout),
    Scene("screen-test", _then(_staff, *([lambda a: a.touch.test_screen()] * 6))),
    Scene("pairing-searching", _pairing("searching")),
    Scene("pairing-found", _pairing("searching", found=True)),
    Scene("pairing-address", _pairing_address),
    Scene("pairing-code", _pairing("comparing", code="482913")),
    Scene("pairing-accepted", _pairing("accepted")),
    Scene("pairing-refused", _pairing("refused")),
    Scene("warning", _warned),
    Scene("languages", _language),
    Scene("own-look", lambda a: a.open(look=OWN_LOOK)),
    Scene("own-look-consent", _own_look_consent),
    Scene("languages-eased", _eased),
    *(Scene(f"larger-{name}", _larger(play)) for name, play in _LARGER_TOO),
    Scene("training", lambda a: a.open(training=True)),
    Scene("out-of-service", _out_of_service),
)  # fmt: skip
"""One scene for each thing a person can see: a new screen is one more line."""
