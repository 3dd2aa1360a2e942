"""A gateway that answers as it is told, and what the tests of delivery say of the shop."""

from dataclasses import replace
from datetime import UTC, datetime

from loyalty.ports.messages import GatewayAnswer, GatewayOutcome
from loyalty.services.deliver_messages import default_rules

ACCEPTED = GatewayAnswer(GatewayOutcome.ACCEPTED)
REFUSED = GatewayAnswer(GatewayOutcome.REFUSED, "status 429")
UNKNOWN = GatewayAnswer(GatewayOutcome.UNKNOWN, "no answer")
DAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Gateway:
    """Answers in turn, the last answer for ever."""

    def __init__(self, *answers):
        self.answers = list(answers) or [ACCEPTED]
        self.sent = []

    def send(self, message):
        self.sent.append(message)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def kinds(self):
        return [message.kind for message in self.sent]


def as_a_real_shop(shop):
    return default_rules(replace(shop, is_demo=False))


def owner(uow):
    return next(member for member in uow.staff.all() if member.role.name == "owner")


def cashier(uow):
    return next(member for member in uow.staff.all() if member.role.name == "cashier")
