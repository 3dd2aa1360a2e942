"""The update agent's certificate where the device joined by itself: the device vouches for its key."""

import logging

from device.configuration import DeviceSettings
from device.renewal import own_certificate
from messaging.errors import RenewalError
from messaging.local.for_agent import CertificateGiven, CertificateWanted
from messaging.renewal_watch import ask_door
from messaging.renewing import agent_request

_log = logging.getLogger(__name__)


def certify(settings: DeviceSettings, wanted: CertificateWanted) -> CertificateGiven:
    """Ask the station's door for the agent; only the agent's own folder ever holds its key."""
    if settings.renewal is None:
        return CertificateGiven(refused="this device's certificates are brought by hand")
    try:
        held = own_certificate(settings).held()
        answer = ask_door(settings.renewal.door, agent_request(held, wanted.csr_pem))
        ca_pem = settings.broker.ca_file.read_text(encoding="ascii")
    except (RenewalError, OSError, ValueError) as error:
        return CertificateGiven(refused=str(error)[:200])
    if answer.certificate_pem is None:
        return CertificateGiven(refused=f"the station gives none: {answer.refused}")
    _log.info("the update agent has a certificate of its own")
    return CertificateGiven(
        name=settings.name,
        certificate_pem=answer.certificate_pem,
        ca_pem=ca_pem,
        broker_host=settings.broker.host,
        broker_port=settings.broker.port,
        door=settings.renewal.door,
    )
