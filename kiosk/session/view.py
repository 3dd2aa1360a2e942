"""All that a screen may know."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal
from uuid import UUID

from kiosk.session.phone_entry import PhoneEntry
from messaging.local.to_kiosk import DeviceStatus, PairingShown, ReadingShown, StaffAnswered
from messaging.model import Why
from messaging.station.look import KioskLook
from messaging.station.sale import SaleShown
from messaging.station.settings import KioskSound
from messaging.station.show import HistoryEntry, MemberShown, RewardShown

_PASSING = frozenset({"no_open_sale", "sale_closed", "nothing_to_discount"})
"""Reasons against a reward that another moment of the sale may take away."""


HISTORY_A_PAGE = 5


class Step(StrEnum):
    """One per screen."""

    IDLE = "idle"
    SIGN_IN = "sign_in"
    PHONE = "phone"
    CONSENT = "consent"
    NAME = "name"
    STORING = "storing"
    THANKS = "thanks"
    SCAN = "scan"
    READING = "reading"
    WELCOME = "welcome"
    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"
    SALE = "sale"
    PAID = "paid"
    PROBLEM = "problem"
    ACCOUNT = "account"
    CODE = "code"
    HISTORY = "history"
    NEW_NUMBER = "new_number"
    NUMBER_CHANGED = "number_changed"
    COUNTRY = "country"
    PRIVACY = "privacy"
    PAIRING = "pairing"
    STAFF_CODE = "staff_code"
    STAFF = "staff"
    SCREEN_TEST = "screen_test"
    OUT_OF_SERVICE = "out_of_service"


@dataclass(frozen=True, slots=True)
class Shop:
    """What the shop decided for this screen; survives sessions."""

    brand: str = ""
    languages: tuple[str, ...] = ("fr", "en", "es", "ar")
    region: str = "FR"
    programme_active: bool = True
    points_name: str = "points"
    privacy_contact: str | None = None
    privacy_policy: str | None = None
    security_policy: str | None = None
    camera_notice: str | None = None
    minimum_age: int = 0
    training: bool = False
    sign_in: Literal["start", "payment", "never"] = "start"
    enrolment: bool = True
    readers: tuple[Literal["scanner", "camera"], ...] = ()
    retention_months: int | None = None
    look: KioskLook = field(default_factory=KioskLook)
    sound: KioskSound | None = None
    """As staff set it for this lane; None leaves what the machine says."""


@dataclass(frozen=True, slots=True)
class Consent:
    """The two boxes and the optional first name."""

    programme: bool = False
    marketing_sms: bool = False
    given_name: str = ""
    draft: str = ""
    """The first name while its keyboard is open."""


CODE_DIGITS = 6

CodePurpose = Literal["redeem", "history", "old_number", "new_number"]
"""What a one-time code is for; the last two are the two numbers of a change."""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A one-time code while it is awaited and typed. Looks the same whoever the session may be (row 170).

    Attributes:
        state: ``asking`` until the station names the challenge, ``void`` where it takes no digits (any more).
        problem: Why the digits were not taken, or why there is no code.
        can_ask_again: The message had time enough to come.
    """

    purpose: CodePurpose = "redeem"
    challenge_id: UUID | None = None
    digits: str = ""
    state: Literal["asking", "open", "checking", "void"] = "asking"
    problem: Why | None = None
    can_ask_again: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether "Continue" would send it."""
        return self.state == "open" and len(self.digits) == CODE_DIGITS


@dataclass(frozen=True, slots=True)
class Joining:
    """The first start: what the device process says, and the address while it is typed (None: a list)."""

    shown: PairingShown = field(default_factory=lambda: PairingShown(stage="searching"))
    typed: str | None = None


@dataclass(frozen=True, slots=True)
class StaffCorner:
    """What staff see of the device.

    Attributes:
        digits: Of the code while it is typed.
        is_asking: The device is trying the code.
        answer: What it said of the last one.
        reading: What was read last while the corner is open.
        test_field: Which field of the screen's test shows.
        is_restart_next: A restart was touched once, and is begun by the next touch of it.
    """

    digits: str = ""
    is_asking: bool = False
    answer: StaffAnswered | None = None
    status: DeviceStatus | None = None
    reading: ReadingShown | None = None
    test_field: int = 0
    is_restart_next: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that tells how something went, beside what the screen shows anyway."""

    why: Why
    good: bool


@dataclass(frozen=True, slots=True)
class View:
    """A frozen picture of the conversation; nothing personal in it outlives the session.

    Attributes:
        warning_s: Seconds until the session ends by itself, while the warning stands.
        why: Reason of the screens ``not_recognised``, ``problem`` and ``out_of_service``.
        sale: The lane's open sale.
        paid: The sale that was just paid, on the screen ``paid``.
        mirror_s: Seconds for which staff still let the screen be seen from elsewhere.
        larger_text: What this customer asked for; gone with them, as ``more_time`` and ``read_aloud`` are.
        unanswered: The station did not answer in time, or is not reachable: it will be told later.
    """

    step: Step = Step.OUT_OF_SERVICE
    language: str = "fr"
    choosing_language: bool = False
    in_session: bool = False
    online: bool = True
    warning_s: int | None = None
    shop: Shop = field(default_factory=Shop)
    phone: PhoneEntry = field(default_factory=PhoneEntry)
    consent: Consent = field(default_factory=Consent)
    member: MemberShown | None = None
    pending_reward: UUID | None = None
    rewards_page: int = 0
    code: CodeEntry = field(default_factory=CodeEntry)
    history: tuple[HistoryEntry, ...] = ()
    history_page: int = 0
    history_pending: bool = False
    """Asked for, and not here yet."""
    joining: Joining = field(default_factory=Joining)
    staff: StaffCorner = field(default_factory=StaffCorner)
    mirror_s: int | None = None
    country_page: int = 0
    sale: SaleShown | None = None
    paid: SaleShown | None = None
    notice: Notice | None = None
    why: Why | None = None
    unanswered: bool = False
    larger_text: bool = False
    more_time: bool = False
    read_aloud: bool = False

    @property
    def sale_has_lines(self) -> bool:
        return self.sale is not None and bool(self.sale.lines)

    @property
    def invited(self) -> bool:
        """Whether the customer is asked to enrol or sign in now (rows 143, 153-157)."""
        return self.sale is not None and self.sale.invitation and self.shop.programme_active

    @property
    def takes_numbers(self) -> bool:
        """Whether a number may be typed now: the shop may want it during payment only, or never."""
        if not self.shop.programme_active or self.shop.sign_in == "never":
            return False
        return self.shop.sign_in == "start" or self.invited

    @property
    def can_prove(self) -> bool:
        """Whether a one-time code could bring points onto this screen: the station has to be there."""
        return self.online and not self.unanswered and self.shop.programme_active and not self.shop.training

    @property
    def history_pages(self) -> int:
        return max(1, -(-len(self.history) // HISTORY_A_PAGE))

    @property
    def rewards_a_page(self) -> int:
        """Three, or two and the button to the next ones."""
        count = len(self.member.rewards) if self.member else 0
        return 3 if count <= 3 else 2

    @property
    def rewards_pages(self) -> int:
        count = len(self.member.rewards) if self.member else 0
        return max(1, -(-count // self.rewards_a_page))

    def can_have(self, reward: RewardShown) -> bool:
        """Whether the points reach for it, as far as the screen can know.

        What the station said when the card was read may be out of date: a sale has begun since. It decides
        anew when the reward is chosen.
        """
        if reward.available:
            return True
        passing = reward.why_not is not None and reward.why_not.code in _PASSING
        return passing and self.member is not None and self.member.points >= reward.points

    @property
    def rewards_usable(self) -> bool:
        """A reward goes onto an open sale and needs the station's ledger (row 168)."""
        return self.online and self.sale is not None and self.pending_reward is None
