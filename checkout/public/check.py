"""The set-up check: looks at the public address as a phone would, and says in plain words what is wrong."""

import ipaddress
import secrets
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlsplit

import httpx

from checkout.public.app import PROBE

_TIMEOUT_S = 10.0
_FEW_DAYS = 14
_STAFF_PATHS = ("/sign-in", "/alive", "/till/1", "/static/till.js")


class Level(StrEnum):
    """How a finding is."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "WRONG"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    level: Level
    text: str


@dataclass(frozen=True)
class Door:
    """What the check looks at.

    Args:
        url: The public address: ``https://points.example.org``.
        door_id: What the station's own listener calls itself; None where it cannot be asked, as on any
            machine but the station.
        trusted: Certificates to trust; the system's where it is None.
    """

    url: str
    door_id: str | None = None
    trusted: ssl.SSLContext | None = None


def check_public_door(door: Door) -> list[Finding]:
    """What was found, in the order of the way that a request takes; it ends where no more can be said."""
    outside = urlsplit(door.url)
    if outside.scheme != "https" or not outside.hostname:
        return [
            Finding(
                Level.BAD, f"{door.url} does not start with https://: phones would send the link in clear"
            )
        ]
    findings = _name(outside.hostname)
    if findings[-1].level is Level.BAD:
        return findings
    verify = door.trusted if door.trusted is not None else ssl.create_default_context()
    with httpx.Client(base_url=door.url, verify=verify, timeout=_TIMEOUT_S, trust_env=False) as client:
        try:
            answer = client.get("/probe")
        except httpx.TransportError as error:
            return [*findings, Finding(Level.BAD, _unreachable(error, outside.hostname))]
        findings += _certificate(answer)
        said = _probe(answer, door.door_id)
        findings.append(said)
        if said.level is not Level.BAD:
            findings += _pages(client)
    return findings


def local_door_id(host: str, port: int, public_host: str, *, is_tls: bool) -> str | None:
    """What this machine's own listener calls itself; None where none answers."""
    shown = f"[{host}]" if ":" in host else host
    address = f"{'https' if is_tls else 'http'}://{shown}:{port}/probe"
    try:
        # Only the identity is compared, and the listener is asked by its inner address: no name to verify.
        answer = httpx.get(
            address,
            headers={"host": public_host},
            verify=False,  # noqa: S501
            timeout=_TIMEOUT_S,
            trust_env=False,
        )
        found = answer.json()
    except (httpx.TransportError, ValueError):
        return None
    return str(found.get("door")) if isinstance(found, dict) and found.get("what") == PROBE else None


def _name(host: str) -> list[Finding]:
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except OSError:
        return [Finding(Level.BAD, f"the name {host} leads nowhere: add it at your domain’s provider")]
    inner = sorted(one for one in found if not ipaddress.ip_address(one.partition("%")[0]).is_global)
    if inner:
        text = (
            f"{host} leads to {', '.join(inner)} as seen from here: phones outside cannot reach that address"
        )
        return [Finding(Level.NOTE, text)]
    return [Finding(Level.GOOD, f"{host} leads to {', '.join(sorted(found))}")]


def _unreachable(error: httpx.TransportError, host: str) -> str:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = text.partition("CERTIFICATE_VERIFY_FAILED]")[2].partition("(")[0].strip(" :")
        return f"phones will refuse the certificate of {host}: {reason}"
    if isinstance(error, httpx.TimeoutException):
        return (
            f"{host} does not answer: the port is not forwarded, or a firewall drops it. If this machine is "
            "in the shop, perhaps the router keeps the shop from its own outer address: try from outside"
        )
    if "refused" in text.lower():
        return f"{host} refuses the connection: nothing listens there, or the tunnel is down"
    return f"{host} cannot be reached: {text or type(error).__name__}"


def _certificate(answer: httpx.Response) -> list[Finding]:
    stream = answer.extensions.get("network_stream")
    found = stream.get_extra_info("ssl_object") if stream is not None else None
    until = (found.getpeercert() or {}).get("notAfter") if found is not None else None
    if not isinstance(until, str):
        return []
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC)
    days = (ends - datetime.now(UTC)).days  # the certificate's own time, not the shop's
    level = Level.GOOD if days >= _FEW_DAYS else Level.NOTE
    return [Finding(level, f"the certificate holds {days} more days")]


def _probe(answer: httpx.Response, door_id: str | None) -> Finding:
    if answer.status_code == 421:
        text = "the door answers, but knows another name: public_url differs, or the proxy changes Host"
        return Finding(Level.BAD, text)
    if answer.status_code in {502, 503, 504}:
        text = f"the proxy answers {answer.status_code}: it does not reach the station; see tunnel and port"
        return Finding(Level.BAD, text)
    if answer.status_code == 429:
        return Finding(
            Level.BAD,
            "the door answers that too many ask: wait a minute; is proxies set to the proxy’s address?",
        )
    found = _json(answer)
    if answer.status_code != 200 or found.get("what") != PROBE:
        text = f"something else answers there (status {answer.status_code}): it is not the public door"
        return Finding(Level.BAD, text)
    if door_id is None:
        return Finding(Level.GOOD, "a public door answers")
    if found.get("door") != door_id:
        return Finding(Level.BAD, "a public door answers, but another station’s than this one’s")
    return Finding(Level.GOOD, "this station’s public door answers")


def _json(answer: httpx.Response) -> dict[str, object]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _pages(client: httpx.Client) -> list[Finding]:
    findings = []
    try:
        open_ones = [path for path in _STAFF_PATHS if client.get(path).status_code != 404]
        link = client.get(f"/s/{secrets.token_urlsafe(32)}")
    except httpx.TransportError as error:
        return [Finding(Level.BAD, f"the line broke off: {error}")]
    if open_ones:
        text = f"staff pages answer outside ({', '.join(open_ones)}): the way leads to the wrong port"
        findings.append(Finding(Level.BAD, text))
    else:
        findings.append(Finding(Level.GOOD, "staff pages do not exist outside"))
    if link.status_code == 404 and "no-referrer" in link.headers.get("referrer-policy", ""):
        findings.append(Finding(Level.GOOD, "members’ pages answer, and an unknown link gets nothing"))
    else:
        findings.append(
            Finding(Level.BAD, f"members’ pages do not answer as they should (status {link.status_code})")
        )
    return findings
