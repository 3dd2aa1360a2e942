"""The two ways out of a shop's router, as ``docs/operations.md`` tells them, on machines of their own.

What the page shows is taken from the page and run: the host's Caddyfile, the sections of the station, the
commands. Of the first way a wire stands in for the WireGuard tunnel between the same two addresses, whose
files are read by WireGuard's own tools; of the second one a certificate of the test's authority stands in for
what certbot fetches, and is handed over by the page's own hook.
"""

import json
import re
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import new as hmac
from pathlib import Path
from typing import Any

import pytest

from codes import CardSigner, CardVerifier
from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.adapters.sql.database import opened
from loyalty.adapters.sql.migrate import migrate
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import fill_demo_shop
from loyalty.services.opt_out import new_opt_out_link
from loyalty.services.status_link import new_status_link
from runtime.clock import SystemClock
from tests.fakes.broker import MosquittoBroker
from tests.fakes.network import Network, why_not
from tests.patience import PATIENCE_S

_WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(_WHY_NOT is not None, reason=_WHY_NOT or "")

PAGE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
NAME = "points.example.org"
OUTSIDE, PHONE, OTHER_PHONE = "203.0.113.1", "203.0.113.7", "203.0.113.8"
STAFF_PATHS = (
    "/",
    "/sign-in",
    "/home",
    "/till/1",
    "/till/1/state",
    "/lanes",
    "/messages",
    "/static/till.js",
    "/health",
)
SECRET = "a secret that only the provider has"
WAIT_S = PATIENCE_S

ASK = """
import json, ssl, sys, httpx
asked = json.load(sys.stdin)
verify = ssl.create_default_context(cafile=asked["ca"])
transport = httpx.HTTPTransport(verify=verify, local_address=asked.get("from"))
with httpx.Client(transport=transport, timeout=20, trust_env=False) as client:
    answers = []
    for one in asked["requests"]:
        try:
            answer = client.request(one.get("method", "GET"), one["url"], headers=one.get("headers"),
                                    content=one.get("body"))
            answers.append({"status": answer.status_code, "text": answer.text, "headers": dict(answer.headers)})
        except httpx.TransportError as error:
            answers.append({"status": 0, "text": str(error), "headers": {}})
        if answers[-1]["status"] == asked.get("until"):
            break
json.dump(answers, sys.stdout)
"""


def shown(heading: str) -> list[str]:
    """The blocks of code of a section of the page, in order."""
    section = PAGE.split(f"### {heading}\n", 1)[1].split("\n### ", 1)[0]
    return [textwrap.dedent(block) for block in re.findall(r"^ *```\w*\n(.*?)^ *```$", section, re.S | re.M)]


def block(heading: str, part: str) -> str:
    """The one block of a section that holds a text."""
    (found,) = (each for each in shown(heading) if part in each)
    return found


TUNNEL, ROUTER = "By a small host and a tunnel", "By the router and a certificate of its own"


@dataclass
class Shop:
    """A station's files: keys, a database with members, and links that went to their phones."""

    folder: Path
    network: Network
    status: str = ""
    opt_out: str = ""

    def make(self) -> None:
        keys = MosquittoBroker(self.folder / "keys").folder("s0001.station")
        for name in ("seal.key", "cards.key", "ca.pem", "certificate.pem", "key.pem"):
            shutil.copy(keys / name, self.folder / f"station_{name}")
        (self.folder / "inbound.key").write_text(SECRET)
        url = f"sqlite:///{self.folder}/comptoir.db"
        migrate(url)
        signer = CardSigner.from_file(self.folder / "station_cards.key")
        ctx = ServiceContext(
            SystemClock(), CardVerifier([signer.public_key]), TemplateWording(), f"https://{NAME}", signer
        )
        with opened(url) as database, database.unit_of_work() as unit:
            fill_demo_shop(unit, ctx)
            member = unit.customers.member_by_reference("000123456")
            assert member is not None
            assert member.account is not None
            number = str(member.account.phone_number)
            self.status = new_status_link(unit, ctx, member.customer.id)
            self.opt_out = new_opt_out_link(unit, ctx, customer_id=member.customer.id, address=number)
            unit.commit()

    def configure(self, section: str, *, public: str = "") -> None:
        """``comptoir.toml`` from the page's section; what differs here is where files lie."""
        text = section.replace("$CREDENTIALS_DIRECTORY/", f"{self.folder}/")
        text = text.replace("/var/lib/comptoir/messages", f"{self.folder}/messages")
        files = f'database_url = "sqlite:///{self.folder}/comptoir.db"\nport_file = "{self.folder}/port"\nport = 0\n'
        text = text.replace('store = "s0001"\n', f'store = "s0001"\n{files}', 1)
        text += f'{public}\n[checkout.messages]\n[checkout.messages.inbound]\nsecret_file = "{self.folder}/inbound.key"\n'
        (self.folder / "comptoir.toml").write_text(text, encoding="utf-8")

    @contextmanager
    def station(self) -> Iterator[None]:
        (self.folder / "port").unlink(missing_ok=True)
        words = [sys.executable, "-m", "comptoir", "checkout", "--config", str(self.folder / "comptoir.toml")]
        with running(self.network.command("shop", *words), self.folder / "station.log") as process:
            wait_for((self.folder / "port").exists, process, self.folder / "station.log")
            yield

    def check(self, machine: str, *words: str) -> subprocess.CompletedProcess[str]:
        """``comptoir public check`` on a machine."""
        command = [sys.executable, "-m", "comptoir", "public", "check", *words]
        return self.network.run(machine, *command, is_checked=False)

    def ask(
        self, requests: list[dict[str, Any]], ca: Path, phone: str = PHONE, *, until: int | None = None
    ) -> list[dict[str, Any]]:
        """What a phone outside gets, at most up to the first answer with the status ``until``."""
        asked = json.dumps({"ca": str(ca), "from": phone, "requests": requests, "until": until})
        answers = json.loads(self.network.run("outside", sys.executable, "-c", ASK, stdin=asked).stdout)
        assert isinstance(answers, list)
        return answers

    def statuses(self, urls: list[str], ca: Path, **request: Any) -> list[int]:
        return [each["status"] for each in self.ask([{"url": url, **request} for url in urls], ca)]

    def sms(self, text: str, secret: str = SECRET) -> dict[str, Any]:
        """The provider's post of a member's answer."""
        body = json.dumps({"id": text, "from": "+33612000001", "text": text})
        stamp = str(int(time.time()))
        signature = hmac(secret.encode(), f"{stamp}.{body}".encode(), sha256).hexdigest()
        headers = {"x-timestamp": stamp, "x-signature": signature}
        return {"method": "POST", "url": f"https://{NAME}/sms", "headers": headers, "body": body}


@contextmanager
def running(command: list[str], log: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def wait_for(is_so: Any, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + WAIT_S
    while not is_so():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


def only_what_is_meant_for_phones(shop: Shop, ca: Path) -> None:
    """The members' routes and no other, whatever a request says about itself."""
    assert shop.statuses([shop.status, shop.opt_out, f"https://{NAME}/probe"], ca) == [200, 200, 200]
    urls = [f"https://{NAME}{path}" for path in STAFF_PATHS]
    assert shop.statuses(urls, ca) == [404] * len(urls)
    password = {
        "authorization": "Basic ZGVtbzpkZW1v",
        "cookie": "comptoir_session=x",
        "x-forwarded-host": "127.0.0.1",
    }
    assert shop.statuses(urls, ca, headers=password) == [404] * len(urls)
    (page,) = shop.ask([{"url": shop.status}], ca)
    assert "Camille" in page["text"]
    assert page["headers"]["referrer-policy"] == "no-referrer"
    assert "no-store" in page["headers"]["cache-control"]
    unsigned, stopped, again = shop.ask(
        [shop.sms("STOP", secret="guessed"), shop.sms("STOP"), {"url": shop.opt_out, "method": "POST"}], ca
    )
    assert [unsigned["status"], stopped["status"], again["status"]] == [403, 204, 200]


# --- by a small host and a tunnel ------------------------------------------------------------------------


@dataclass
class Tunnel:
    """Shop, host and phones; the page's Caddyfile on the host."""

    shop: Shop
    network: Network
    wire: str
    caddyfile: str

    @property
    def ca(self) -> Path:
        """Who signed the host's certificate: here Caddy itself, elsewhere Let's Encrypt."""
        return self.shop.folder / "caddy" / "caddy" / "pki" / "authorities" / "local" / "root.crt"

    @contextmanager
    def caddy(self, **changes: str) -> Iterator[None]:
        text = self.caddyfile
        for old, new in changes.items():
            text = text.replace(old, new)
        folder = self.shop.folder
        text = text.replace("/etc/caddy/comptoir.pem", str(folder / "certificate.pem"))
        file = folder / "Caddyfile"
        # Like the page's but for who signs: the names of a test are in no public DNS.
        assert text.startswith("{\n")
        file.write_text(f"{{\n  admin off\n  local_certs\n  skip_install_trust\n{text[2:]}", encoding="utf-8")
        words = ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]
        command = self.network.command(
            "host", "env", f"XDG_DATA_HOME={folder}/caddy", f"XDG_CONFIG_HOME={folder}/caddy", *words
        )
        log = folder / "caddy.log"
        with running(command, log) as process:
            wait_for(lambda: self.ca.exists() and self._answers(), process, log)
            yield

    def _answers(self) -> bool:
        return self.shop.statuses([f"https://{NAME}/probe"], self.ca) != [0]


@pytest.fixture
def tunnel(tmp_path: Path) -> Iterator[Tunnel]:
    if shutil.which("caddy") is None:
        pytest.skip("caddy is not installed")
    (tmp_path / "keys").mkdir()
    with Network("shop", "host", "outside") as network:
        wire = network.wire("host", "10.7.0.1/24", "shop", "10.7.0.2/24")
        phones = network.wire("outside", f"{PHONE}/24", "host", f"{OUTSIDE}/24")
        network.address("outside", phones, f"{OTHER_PHONE}/24")
        network.route("shop", "203.0.113.0/24", "10.7.0.1")
        for machine in ("shop", "outside"):
            network.knows(machine, NAME, OUTSIDE)
        shop = Shop(tmp_path, network)
        shop.make()
        openssl = block(TUNNEL, "openssl req").replace("/etc/comptoir/public", str(tmp_path))
        network.run("shop", "sh", "-ec", openssl)
        for name in ("certificate", "key"):
            shutil.copy(tmp_path / f"{name}.pem", tmp_path / f"public_{name}.pem")
        shop.configure(block(TUNNEL, "[checkout.public]"))
        yield Tunnel(shop, network, wire, block(TUNNEL, "reverse_proxy"))


def test_a_phone_reaches_the_station_through_the_host_and_nothing_else(tunnel: Tunnel) -> None:
    # row 196
    shop = tunnel.shop
    with shop.station(), tunnel.caddy():
        outside = shop.check("outside", f"https://{NAME}", "--ca", str(tunnel.ca))
        assert outside.returncode == 0, outside.stdout
        assert "staff pages do not exist outside" in outside.stdout
        inside = shop.check("shop", "--ca", str(tunnel.ca), "--config", str(shop.folder / "comptoir.toml"))
        assert inside.returncode == 0, inside.stdout
        assert "this station’s public door answers" in inside.stdout
        only_what_is_meant_for_phones(shop, tunnel.ca)
        plain, inner = shop.ask(
            [{"url": f"http://{NAME}/"}, {"url": "https://10.7.0.2:8443/probe"}], tunnel.ca
        )
        assert plain["status"] == 308
        assert inner["status"] == 0, "the station itself is not on the Internet"
        # Each phone counts for itself, whatever it says of whom it asks for. The allowance refills while the
        # phone asks, so how many requests it takes depends on how quick this machine is.
        flood = [
            {"url": f"https://{NAME}/probe", "headers": {"x-forwarded-for": f"198.51.100.{place % 250}"}}
            for place in range(2_000)
        ]
        statuses = [each["status"] for each in shop.ask(flood, tunnel.ca, until=429)]
        assert statuses[-1] == 429
        assert len(statuses) > 100, "nobody is refused who comes at a person's pace"
        (other,) = shop.ask([{"url": f"https://{NAME}/probe"}], tunnel.ca, OTHER_PHONE)
        assert other["status"] == 200


def test_what_is_wrong_on_the_way_through_the_host_is_said(tunnel: Tunnel) -> None:
    # row 196
    shop = tunnel.shop

    def said(ca: Path | None = None) -> str:
        words = ["--ca", str(ca or tunnel.ca)]
        done = shop.check("outside", f"https://{NAME}", *words)
        assert done.returncode == 1, done.stdout
        return done.stdout

    with tunnel.caddy():
        assert "the proxy answers 502: it does not reach the station" in said()
        assert shop.statuses([shop.status], tunnel.ca) == [502]
        token = shop.status.rsplit("/", 1)[1]
        assert token not in (shop.folder / "caddy.log").read_text(), "a link is a card, also in a log"
        with shop.station():
            tunnel.network.link("host", tunnel.wire, "down")
            assert "it does not reach the station" in said()
            tunnel.network.link("host", tunnel.wire, "up")
            tunnel.network.knows("outside", NAME, None)
            assert f"the name {NAME} leads nowhere" in said()
            tunnel.network.knows("outside", NAME, OUTSIDE)
    assert "nothing listens there" in said()
    with shop.station():
        with tunnel.caddy(**{"transport http {": "header_up Host {upstream_hostport}\n    transport http {"}):
            assert "knows another name" in said()
        with tunnel.caddy(**{"/etc/caddy/comptoir.pem": str(tunnel.ca)}):
            assert "the proxy answers 502" in said()
    log_part = tunnel.caddyfile.split(NAME)[0]
    with replace(tunnel, caddyfile=f"{log_part}{NAME} {{\n  respond welcome\n}}\n").caddy():
        assert "something else answers there" in said()


def _with(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    assert "THE " not in text
    return text


def test_the_files_of_the_tunnel_are_good_and_agree(tmp_path: Path) -> None:
    if shutil.which("wg") is None:
        pytest.skip("wireguard-tools is not installed")
    both = [text for text in shown(TUNNEL) if "[Interface]" in text]
    keys = [
        subprocess.run(["wg", "genkey"], capture_output=True, text=True, check=True).stdout.strip()
        for _ in "ab"
    ]
    public = [
        subprocess.run(["wg", "pubkey"], input=key, capture_output=True, text=True, check=True).stdout.strip()
        for key in keys
    ]
    values = {
        "THE HOST'S PRIVATE KEY": keys[0],
        "THE STATION'S PRIVATE KEY": keys[1],
        "THE HOST'S PUBLIC KEY": public[0],
        "THE STATION'S PUBLIC KEY": public[1],
        "THE HOST'S ADDRESS": OUTSIDE,
    }
    for place, text in enumerate(both):
        file = tmp_path / f"wg{place}.conf"
        file.write_text(_with(text, values))
        file.chmod(0o600)
        stripped = subprocess.run(
            ["wg-quick", "strip", str(file)], capture_output=True, text=True, check=False
        )
        assert stripped.returncode == 0, stripped.stderr
        assert "[Peer]" in stripped.stdout
        assert "Address" not in stripped.stdout
    host, station = both
    assert re.search(r"AllowedIPs = (\S+)/32", host).group(1) == re.search(
        r"Address = (\S+)/24", station
    ).group(1)  # type: ignore[union-attr]
    assert re.search(r"AllowedIPs = (\S+)/32", station).group(1) == re.search(
        r"Address = (\S+)/24", host
    ).group(1)  # type: ignore[union-attr]
    assert 'host = "10.7.0.2"' in block(TUNNEL, "[checkout.public]")
    assert 'proxies = ["10.7.0.1"]' in block(TUNNEL, "[checkout.public]")


# --- by the router -----------------------------------------------------------------------------------------


@dataclass
class Router:
    """Shop, router and phones; the router forwards."""

    shop: Shop
    network: Network
    ca: Path

    def forward(self, port: int, to: int) -> None:
        for rule in (
            "add table ip nat",
            "add chain ip nat in { type nat hook prerouting priority -100 ; }",
            f"add rule ip nat in ip daddr {OUTSIDE} tcp dport {port} dnat to 192.168.1.10:{to}",
        ):
            self.network.run("router", "nft", *rule.split())

    def forward_nothing(self) -> None:
        self.network.run("router", "nft", "flush", "ruleset")


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    (tmp_path / "keys").mkdir()
    with Network("shop", "router", "outside") as network:
        network.wire("router", "192.168.1.1/24", "shop", "192.168.1.10/24")
        network.wire("outside", f"{PHONE}/24", "router", f"{OUTSIDE}/24")
        network.route("shop", "default", "192.168.1.1")
        network.run("router", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        network.knows("outside", NAME, OUTSIDE)
        shop = Shop(tmp_path, network)
        shop.make()
        ca = fetched_certificate(tmp_path)
        section = block(TUNNEL, "[checkout.public]").replace('"10.7.0.2"', '"0.0.0.0"')
        section = re.sub(r"^proxies = .*\n", "", section, flags=re.M)
        shop.configure(section)
        yield Router(shop, network, ca)


def fetched_certificate(folder: Path) -> Path:
    """A certificate of a test authority, handed over by the hook of the page; the authority's own."""
    live = folder / "live"
    live.mkdir()
    run = f"""
cd {live}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=test -keyout ca.key -out ca.pem
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN={NAME} -keyout privkey.pem -out it.csr
printf 'subjectAltName=DNS:{NAME}' > names
openssl x509 -req -in it.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile names -out leaf.pem
cat leaf.pem ca.pem > fullchain.pem
"""
    subprocess.run(["sh", "-ec", run], capture_output=True, check=True)
    hook = re.search(r"--deploy-hook \\?\s*'(.*?)'", block(ROUTER, "certbot"), re.S)
    assert hook is not None
    stub = folder / "bin"
    stub.mkdir()
    (stub / "systemctl").write_text(f"#!/bin/sh\necho $@ > {folder}/restarted\n")
    (stub / "systemctl").chmod(0o755)
    words = hook.group(1).replace("/etc/comptoir/public", str(folder / "public"))
    environment = {"PATH": f"{stub}:/usr/sbin:/usr/bin:/sbin:/bin", "RENEWED_LINEAGE": str(live)}
    subprocess.run(["sh", "-ec", words], env=environment, check=True)
    assert (folder / "restarted").read_text() == "try-restart comptoir-checkout\n"
    for name in ("certificate", "key"):
        made = folder / "public" / f"{name}.pem"
        assert made.stat().st_mode & 0o077 == 0
        shutil.copy(made, folder / f"public_{name}.pem")
    return live / "ca.pem"


def test_a_phone_reaches_the_station_through_the_router_and_nothing_else(router: Router) -> None:
    # row 196
    shop = router.shop
    router.forward(443, 8443)
    with shop.station():
        outside = shop.check("outside", f"https://{NAME}", "--ca", str(router.ca))
        assert outside.returncode == 0, outside.stdout
        only_what_is_meant_for_phones(shop, router.ca)
        ports = [
            f"http://{NAME}:{port}/" for port in (8080, 8883, (shop.folder / "port").read_text().strip())
        ]
        assert shop.statuses(ports, router.ca) == [0, 0, 0]


def test_what_is_wrong_on_the_way_through_the_router_is_said(router: Router) -> None:
    # row 196
    shop = router.shop

    def said(*words: str) -> str:
        done = shop.check("outside", f"https://{NAME}", *(words or ("--ca", str(router.ca))))
        assert done.returncode == 1, done.stdout
        return done.stdout

    with shop.station():
        assert "nothing listens there" in said(), "the port is not forwarded"
        router.forward(443, 8443)
        assert "certificate" in said("--ca", str(shop.folder / "station_ca.pem"))
        router.forward_nothing()
        router.forward(443, 9999)
        assert "nothing listens there" in said(), "it is forwarded to another port"
