"""How gateways word what happened, so that a log line never holds contact data or a provider's page."""

from loyalty.ports.messages import GatewayAnswer, GatewayOutcome
from runtime.logs import mask

_MAX_DETAIL_CHARS = 120


def accepted(detail: str = "") -> GatewayAnswer:
    """The provider took the message over."""
    return GatewayAnswer(GatewayOutcome.ACCEPTED, safe_detail(detail))


def refused(detail: str, *, is_final: bool = False, retry_after_s: float | None = None) -> GatewayAnswer:
    """The message surely did not go out."""
    return GatewayAnswer(GatewayOutcome.REFUSED, safe_detail(detail), is_final, retry_after_s)


def unknown(detail: str) -> GatewayAnswer:
    """The message may have gone out."""
    return GatewayAnswer(GatewayOutcome.UNKNOWN, safe_detail(detail))


def safe_detail(text: str) -> str:
    """Contact data masked, one line, at most 120 characters."""
    return " ".join(mask(text[: 4 * _MAX_DETAIL_CHARS]).split())[:_MAX_DETAIL_CHARS]
