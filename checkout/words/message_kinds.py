"""Messages to members, by what they tell."""

from collections.abc import Mapping

from loyalty.domain.message import MessageKind

KIND_TEXTS: Mapping[MessageKind, str] = {
    MessageKind.WELCOME: "Welcome",
    MessageKind.FIRST_POINT: "First points",
    MessageKind.POINTS_EARNED: "Points earned",
    MessageKind.TIER_REACHED: "Reward reached",
    MessageKind.PROGRAMME_CHANGED: "Programme changed",
    MessageKind.POINTS_EXPIRING: "Points about to expire",
    MessageKind.REDEMPTION_CONFIRMED: "Redemption confirmed",
    MessageKind.ONE_TIME_CODE: "One-time code",
    MessageKind.BIRTHDAY: "Birthday",
    MessageKind.STATUS_LINK: "New link",
    MessageKind.RETENTION: "About to be forgotten",
    MessageKind.OPTED_OUT: "Answer to STOP",
    MessageKind.OPTED_IN: "Answer to START",
    MessageKind.HELP: "Answer to HELP",
    MessageKind.RECEIPT: "Receipt",
}
