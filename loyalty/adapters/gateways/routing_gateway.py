"""Sends each message by the way of its address's channel."""

import logging

from loyalty.adapters.gateways.answers import refused
from loyalty.domain.channel import Channel, channel_of
from loyalty.domain.message import MemberMessage
from loyalty.ports.messages import GatewayAnswer, MessageGateway

_log = logging.getLogger(__name__)


class RoutingGateway:
    """SMS by one way, e-mail by another. A channel without a way refuses; no other way stands in for it.

    Args:
        sms: None where the shop has no way for SMS.
        email: None where it has none for e-mail.
    """

    def __init__(self, *, sms: MessageGateway | None, email: MessageGateway | None) -> None:
        self._ways = {Channel.SMS: sms, Channel.EMAIL: email}

    def __repr__(self) -> str:
        return f"RoutingGateway(sms={self._ways[Channel.SMS]!r}, email={self._ways[Channel.EMAIL]!r})"

    def has_way(self, channel: Channel) -> bool:
        """Whether messages of the channel can leave; for the health page."""
        return self._ways[channel] is not None

    def send(self, message: MemberMessage) -> GatewayAnswer:
        channel = channel_of(message.to)
        if channel is None:
            return refused("neither a phone number nor an e-mail address", is_final=True)
        way = self._ways[channel]
        if way is None:
            _log.warning("a message waits: its channel has no way out", extra={"channel": channel.value})
            return refused(f"no way out is configured for {channel.value}")
        return way.send(message)
