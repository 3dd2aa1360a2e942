"""Builds the ways out that the configuration names."""

from collections.abc import Callable

from loyalty.adapters.file_gateway import FileMessageGateway
from loyalty.adapters.gateways.routing_gateway import RoutingGateway
from loyalty.adapters.gateways.settings import AppriseSettings, MessagesSettings
from loyalty.adapters.gateways.smtp_gateway import SmtpGateway
from loyalty.domain.message import MemberMessage
from loyalty.ports.messages import MessageGateway
from runtime.clock import Clock


def build_gateway(
    settings: MessagesSettings, *, subject: Callable[[MemberMessage], str], clock: Clock
) -> RoutingGateway:
    """The gateway of section ``[checkout.messages]``.

    Args:
        settings: Which way each channel takes.
        subject: The subject line of an e-mail.
        clock: For the date of an e-mail.

    Raises:
        ConfigurationError: A secret cannot be read, or an address cannot be used.
    """
    return RoutingGateway(sms=_sms(settings), email=_email(settings, subject, clock))


def _sms(settings: MessagesSettings) -> MessageGateway | None:
    if settings.sms == "http" and settings.http is not None:
        # Megabytes of a library for a shop that asked for it.
        from loyalty.adapters.gateways.http_sms_gateway import HttpSmsGateway  # noqa: PLC0415

        return HttpSmsGateway(settings.http)
    if settings.sms == "apprise" and settings.sms_apprise is not None:
        return _apprise(settings.sms_apprise)
    return _file(settings) if settings.sms == "file" else None


def _email(
    settings: MessagesSettings, subject: Callable[[MemberMessage], str], clock: Clock
) -> MessageGateway | None:
    if settings.email == "smtp" and settings.smtp is not None:
        return SmtpGateway(settings.smtp, subject=subject, clock=clock)
    if settings.email == "apprise" and settings.email_apprise is not None:
        return _apprise(settings.email_apprise, subject)
    return _file(settings) if settings.email == "file" else None


def _file(settings: MessagesSettings) -> MessageGateway | None:
    return FileMessageGateway(settings.file.folder) if settings.file is not None else None


def _apprise(
    settings: AppriseSettings, subject: Callable[[MemberMessage], str] | None = None
) -> MessageGateway:
    # Loads some hundred plug-ins: only for a shop that asked for it.
    from loyalty.adapters.gateways.apprise_gateway import AppriseGateway  # noqa: PLC0415

    return AppriseGateway(settings, subject=subject)
