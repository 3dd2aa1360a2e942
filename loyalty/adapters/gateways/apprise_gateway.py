"""Any of the services that Apprise knows, for shops whose provider has no other way in here."""

import concurrent.futures
import logging
import threading
from collections.abc import Callable
from urllib.parse import quote

import apprise

from loyalty.adapters.gateways.answers import accepted, refused, unknown
from loyalty.adapters.gateways.settings import AppriseSettings, is_loopback
from loyalty.domain.channel import channel_of
from loyalty.domain.message import MemberMessage
from loyalty.ports.messages import GatewayAnswer
from runtime.config import read_secret
from runtime.errors import ConfigurationError

_PLACE = "{to}"
_SAMPLES = ("+15005550006", "member@example.org")
_MAX_HANGING = 2


class AppriseGateway:
    """Hands a message to Apprise. Any thread, one message at a time.

    Apprise says yes or no, never why: a no can be a time-out after the message left. So a no leaves the
    message unknown, and only what was not handed over at all is a refusal. Prefer the native ways where
    they fit. Options of its addresses that would send twice, hide a failure or weaken
    the connection are refused.

    Args:
        settings: Where its address is, and how long it may take.
        subject: The subject line of a message; None for a way that has none, as SMS.

    Raises:
        ConfigurationError: The address cannot be read, has no place for the recipient, is none that
            Apprise knows, or has an option that is refused.
    """

    def __init__(
        self, settings: AppriseSettings, *, subject: Callable[[MemberMessage], str] | None = None
    ) -> None:
        # Its log lines repeat addresses, and its addresses hold passwords.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        self._settings = settings
        self._subject = subject
        self._address = read_secret(settings.url_file)
        self._hanging = threading.Semaphore(_MAX_HANGING)
        if _PLACE not in self._address:
            raise ConfigurationError(f"the address in {settings.url_file} has no {_PLACE}")
        if not any(self._service_for(sample) is not None for sample in _SAMPLES):
            raise ConfigurationError(f"the address in {settings.url_file} is none that Apprise can use")

    def __repr__(self) -> str:
        return f"AppriseGateway({self._settings.url_file})"

    def send(self, message: MemberMessage) -> GatewayAnswer:
        if channel_of(message.to) is None:
            return refused("neither a phone number nor an e-mail address", is_final=True)
        service = self._service_for(message.to)
        if service is None:
            return refused("Apprise does not take this address", is_final=True)
        if not self._hanging.acquire(blocking=False):
            return refused("earlier messages still hang in the service")
        title = self._subject(message) if self._subject is not None else ""
        return self._notify(service, title, message.body)

    def _service_for(self, to: str) -> apprise.NotifyBase | None:
        address = self._address.replace(_PLACE, quote(to, safe=""))
        service = apprise.Apprise.instantiate(
            address, asset=apprise.AppriseAsset(http_redirects=False), suppress_exceptions=True
        )
        if not isinstance(service, apprise.NotifyBase):
            return None
        _check(service)
        return service

    def _notify(self, service: apprise.NotifyBase, title: str, body: str) -> GatewayAnswer:
        # A thread of its own, because a service that drips its answer outlives every time-out of a socket.
        done: concurrent.futures.Future[bool] = concurrent.futures.Future()

        def run() -> None:
            try:
                taken = service.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT)
                done.set_result(bool(taken))
            except Exception as error:  # noqa: BLE001 - the top of a thread; told to whoever waits
                done.set_exception(error)
            finally:
                self._hanging.release()

        threading.Thread(target=run, name="apprise", daemon=True).start()
        try:
            is_taken = done.result(self._settings.deadline_s)
        except TimeoutError:
            return unknown("no answer in time")
        except Exception as error:  # noqa: BLE001 - whatever a plug-in of Apprise raises
            return unknown(f"the plug-in failed: {type(error).__name__}")
        return accepted() if is_taken else unknown("the service said no, or did not answer")


def _check(service: apprise.NotifyBase) -> None:
    plain = service.protocol if isinstance(service.protocol, tuple | list | set) else (service.protocol,)
    faults = {
        f"{service.schema}:// is not encrypted, which is refused off loopback": service.schema in plain
        and not is_loopback(service.host or ""),
        "verify=no would trust anybody": not service.verify_certificate,
        "retry would send twice what may have gone out": service.retry > 0,
        "optional would call a failure a success": bool(service.optional),
        "redirect would take the message elsewhere": bool(service.redirects),
    }
    fault = next((words for words, is_so in faults.items() if is_so), None)
    if fault is not None:
        raise ConfigurationError(f"the Apprise address cannot be used: {fault}")
