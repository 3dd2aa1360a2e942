"""Every operation of the interface, in one table: the routes and the description are made from it."""

from dataclasses import dataclass

from pydantic import BaseModel

from messaging.register.answered import (
    LaneNow,
    RefundRecorded,
    RegisterSetup,
    SaleGivenUp,
    SaleRecorded,
)
from messaging.register.asked import (
    Asked,
    AskLane,
    AskSale,
    AskSetup,
    ConfirmDiscount,
    NameMember,
    RecordSale,
    RefundSale,
    RemoveMember,
    ReturnReward,
    ShowCard,
    StateSale,
    UseReward,
    VoidSale,
)

ROOT = "/api/v1"
LANE = "/lanes/{lane}"


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked over HTTP; ``answers`` are the bodies of its 200."""

    method: str
    path: str
    asked: type[Asked]
    answers: tuple[type[BaseModel], ...]

    @property
    def name(self) -> str:
        """As in the messages: ``state_sale``."""
        return str(self.asked.model_fields["kind"].default)


OPERATIONS = (
    Operation("GET", "/", AskSetup, (RegisterSetup,)),
    Operation("GET", LANE, AskLane, (LaneNow,)),
    Operation("POST", f"{LANE}/sale", StateSale, (LaneNow,)),
    Operation("POST", f"{LANE}/member", NameMember, (LaneNow, SaleRecorded)),
    Operation("POST", f"{LANE}/card", ShowCard, (LaneNow,)),
    Operation("POST", f"{LANE}/member/remove", RemoveMember, (LaneNow,)),
    Operation("POST", f"{LANE}/rewards", UseReward, (LaneNow,)),
    Operation("POST", f"{LANE}/rewards/remove", ReturnReward, (LaneNow,)),
    Operation("POST", f"{LANE}/discount", ConfirmDiscount, (LaneNow,)),
    Operation("POST", f"{LANE}/sales", RecordSale, (SaleRecorded,)),
    Operation("GET", LANE + "/sales/{reference}", AskSale, (SaleRecorded,)),
    Operation("POST", f"{LANE}/refunds", RefundSale, (RefundRecorded,)),
    Operation("POST", f"{LANE}/voids", VoidSale, (RefundRecorded, SaleGivenUp)),
)
EVENTS_PATH = f"{LANE}/events"
DESCRIPTION_PATH = "/openapi.json"
