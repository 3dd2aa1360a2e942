"""Sends what is due until its standard input ends: a courier that a test can kill.

Arguments: address of the database, address of the SMS provider, secret file.
"""

import sys
from pathlib import Path

from loyalty.adapters.gateways.http_sms_gateway import HttpSmsGateway
from loyalty.adapters.gateways.settings import HttpSmsFields, HttpSmsSettings
from loyalty.adapters.sql.database import opened
from loyalty.domain.contact.delivery import SendingRules
from loyalty.domain.contact.sms_limits import SmsLimits
from loyalty.services.deliver_messages import MessageDispatch
from runtime.clock import SystemClock
from tests.fakes.shop import service_context


def main() -> None:
    database_url, provider_url, secret_file = sys.argv[1:]
    gateway = HttpSmsGateway(
        HttpSmsSettings(
            url=provider_url, secret_file=Path(secret_file), fields=HttpSmsFields(message_id="id")
        )
    )
    unlimited = SmsLimits(frozenset({"FR"}), None, None, None, None, None)
    with opened(database_url) as database:
        dispatch = MessageDispatch(
            database.unit_of_work,
            service_context(SystemClock()),
            gateway,
            courier="s0001.station",
            rules_of=lambda shop: SendingRules(unlimited, shop.timezone, quiet_hours=None),
        )
        print("ready", flush=True)
        for _ in sys.stdin:
            done = dispatch.deliver_due()
            print("round", done.accepted, flush=True)


if __name__ == "__main__":
    main()
