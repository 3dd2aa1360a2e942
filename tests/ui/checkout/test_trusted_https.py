"""Trusted HTTPS as ``docs/operations.md`` tells it: its commands and its section are run, in a real browser.

The names of the page lead to this machine; everything else is as a shop does it: the certificate taken from
the hand-out page, given to the browser's own store by the page's own command.
"""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from playwright.sync_api import Browser, Error, Playwright, expect

from comptoir import web_certificate_forms as forms
from comptoir.certificate_files import key_pem, pem
from runtime.clock import SystemClock
from tests.fakes.broker import MosquittoBroker
from tests.patience import PATIENCE_S
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import _SWITCHES, CHROMIUM, shoot

pytestmark = pytest.mark.skipif(shutil.which("certutil") is None, reason="libnss3-tools is not installed")

GUIDE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
SECTION = GUIDE.split("### Tablets in the shop\n", 1)[1].split("\n## ", 1)[0]
BLOCKS = [textwrap.dedent(block) for block in re.findall(r"^ *```\w*\n(.*?)^ *```$", SECTION, re.S | re.M)]
NAMES = ("station.local", "192.168.1.10")
PUBLIC_NAME = "caisse.example.org"
STAFF_PATHS = (
    "/sign-in",
    "/home",
    "/till/1",
    "/till/1/stream",
    "/customers",
    "/static/till.js",
    "/health",
    "/s/x",
)


def shown(part: str) -> str:
    (found,) = (block for block in BLOCKS if part in block)
    return found


@dataclass
class Shop:
    """A real station over HTTPS, set up by the guide."""

    folder: Path
    port: int = 0
    hand_out: int = 0

    def set_up(self) -> None:
        keys = MosquittoBroker(self.folder / "keys").folder("s0001.station")
        for name in ("seal.key", "cards.key", "ca.pem", "certificate.pem", "key.pem"):
            shutil.copy(keys / name, self.folder / f"station_{name}")
        command = shown("comptoir certs web").splitlines()[0].removeprefix("comptoir certs ")
        made = self.comptoir(
            "certs", "--directory", str(self.folder / "certificates"), *command.split(), "--to", str(self.web)
        )
        assert "tablets compare: SHA-256" in made
        self.port, self.hand_out = free_port(), free_port()
        text = shown("[checkout.trust]")
        for was, becomes in (
            ("$CREDENTIALS_DIRECTORY/", f"{self.folder}/"),
            ("/var/lib/comptoir/messages", f"{self.folder}/messages"),
            ("/etc/comptoir/web", str(self.web)),
            ("port = 8080", f"port = {self.port}"),
            ("port = 8081", f"port = {self.hand_out}"),
            ('host_names = ["station.local"', f'host_names = ["{PUBLIC_NAME}", "station.local"'),
            ('store = "s0001"\n', f'store = "s0001"\ndatabase_url = "sqlite:///{self.folder}/comptoir.db"\n'),
        ):
            assert was in text
            text = text.replace(was, becomes)
        self.configuration.write_text(
            f"{text}\nport = {free_port()}\n".replace('host = "0.0.0.0"', 'host = "127.0.0.1"')
        )

    @property
    def web(self) -> Path:
        return self.folder / "web"

    @property
    def configuration(self) -> Path:
        return self.folder / "comptoir.toml"

    def comptoir(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "comptoir", *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def station(self) -> Iterator[None]:
        log = (self.folder / "station.log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", "comptoir", "checkout", "--config", str(self.configuration)],
            stdout=log,
            stderr=log,
        )
        try:
            for port in (self.hand_out, self.port):
                wait_for_port(port, process, self.folder / "station.log")
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
            log.close()

    def plain(self, path: str, method: str = "GET") -> tuple[int, bytes]:
        """What the page on plain HTTP answers."""
        connection = HTTPConnection("127.0.0.1", self.hand_out, timeout=20)
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"nothing at port {port}: {log.read_text()}")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = Shop(tmp_path_factory.mktemp("shop"))
    made.set_up()
    with made.station():
        yield made


@contextmanager
def tablet(engine: Playwright, home: Path) -> Iterator[Browser]:
    """A browser with a home of its own; the names of the guide lead to this machine."""
    leads = ", ".join(f"MAP {name} 127.0.0.1" for name in (*NAMES, "bank.example", "10.9.9.9"))
    started = engine.chromium.launch(
        executable_path=CHROMIUM,
        args=[*_SWITCHES, f"--host-resolver-rules={leads}"],
        env={**os.environ, "HOME": str(home)},
    )
    yield started
    started.close()


def trust(home: Path, certificate: Path) -> None:
    """The guide's commands for Chromium on Linux."""
    home.mkdir()
    shutil.copy(certificate, home / "comptoir-ca.crt")
    subprocess.run(
        ["bash", "-euc", shown("certutil -A")],
        cwd=home,
        env={**os.environ, "HOME": str(home)},
        check=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def trusting_home(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tablet")
    status, certificate = shop.plain("/comptoir-ca.crt")
    assert status == 200
    (folder / "taken.crt").write_bytes(certificate)
    trust(folder / "home", folder / "taken.crt")
    return folder / "home"


@pytest.fixture(scope="module")
def trusting(playwright_engine: Playwright, trusting_home: Path) -> Iterator[Browser]:
    with tablet(playwright_engine, trusting_home) as started:
        yield started


@contextmanager
def impostor(name: str, folder: Path) -> Iterator[int]:
    """A web server under another name, with a certificate signed by the station's own authority; its port."""
    (issuing,) = x509.load_pem_x509_certificates((folder / "issuing.pem").read_bytes())
    signing = load_pem_private_key((folder / "issuing.key").read_bytes(), None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = forms.web_certificate(key, (name,), (issuing, signing), SystemClock().now())
    chain = folder / f"{name}.pem"
    chain.write_bytes(pem(leaf) + pem(issuing) + key_pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, chain)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                made, _ = listening.accept()
                with context.wrap_socket(made, server_side=True) as connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi")
            except ssl.SSLError:
                continue  # the browser hung up, as it should
            except OSError:
                if listening.fileno() < 0:
                    return

    threading.Thread(target=serve, daemon=True).start()
    yield int(listening.getsockname()[1])
    listening.close()


def test_with_the_authority_taken_from_the_page_the_till_opens_without_a_warning(
    shop: Shop, trusting: Browser
) -> None:
    # row 197
    context = trusting.new_context(locale="fr-FR")
    for name in NAMES:
        page = context.new_page()
        answer = page.goto(f"https://{name}:{shop.port}/sign-in")
        assert answer is not None
        assert answer.status == 200
        secured = answer.security_details()
        assert secured is not None
        assert "issuing" in str(secured["issuer"])
        assert page.evaluate("window.isSecureContext")
    context.close()


def test_without_it_the_browser_refuses(shop: Shop, playwright_engine: Playwright, tmp_path: Path) -> None:
    # part of row 197
    with tablet(playwright_engine, tmp_path) as stranger:
        page = stranger.new_page()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            page.goto(f"https://station.local:{shop.port}/sign-in")
        page = stranger.new_page()
        page.goto(f"http://192.168.1.10:{shop.hand_out}/")
        expect(page.locator(".checks .chip.no")).to_have_count(2)
        expect(page.locator(".checks .chip.yes")).to_have_count(0)
        shoot(page, "trust-hand-out-before")


@pytest.mark.parametrize("name", ["bank.example", "10.9.9.9"])
def test_what_the_authority_signs_for_another_name_is_refused(
    shop: Shop, trusting: Browser, name: str
) -> None:
    # part of row 197: whoever steals the station can vouch for nobody else
    page = trusting.new_page()
    with impostor("station.local", shop.folder / "certificates" / "web") as port:
        page.goto(f"https://station.local:{port}/")  # the way of the test works
    with (
        impostor(name, shop.folder / "certificates" / "web") as port,
        pytest.raises(Error, match="ERR_CERT_INVALID"),
    ):
        page.goto(f"https://{name}:{port}/")
    page.close()


def test_the_page_says_that_this_tablet_trusts_and_gives_the_steps(shop: Shop, trusting: Browser) -> None:
    # part of row 197
    for language, width in (("fr-FR", 820), ("en-US", 390)):
        context = trusting.new_context(locale=language, viewport={"width": width, "height": 1180})
        page = context.new_page()
        page.goto(f"http://192.168.1.10:{shop.hand_out}/")
        expect(page.locator(".checks .chip.yes")).to_have_count(2)
        assert page.locator("details.platform").count() == 6
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert accessibility_faults(page) == []
        shoot(page, f"trust-hand-out-{width}")
        page.get_by_role("link", name=f"https://station.local:{shop.port}/trusted").click()
        expect(page.locator("h1")).to_have_text(re.compile("confiance|trusts"))
        assert accessibility_faults(page) == []
        shoot(page, f"trust-trusted-{width}")
        context.close()


def test_plain_http_gives_the_authority_and_nothing_of_the_station(shop: Shop) -> None:
    # part of row 197: never plain HTTP off loopback for the staff's pages
    for path in STAFF_PATHS:
        assert shop.plain(path)[0] == 404, path
    for path in ("/", "/comptoir-ca.crt", "/sign-in"):
        assert shop.plain(path, "POST")[0] in (404, 405), path
    status, certificate = shop.plain("/comptoir-ca.crt")
    given = x509.load_der_x509_certificate(certificate)
    root = x509.load_pem_x509_certificate((shop.web / "ca.pem").read_bytes())
    assert (status, given) == (200, root)
    page = shop.plain("/")[1].decode()
    printed = shop.comptoir(
        "certs", "--directory", str(shop.folder / "certificates"), "web", "--to", str(shop.web)
    )
    fingerprint = printed.split("SHA-256 ")[1].strip()
    assert [f"<span>{part}</span>" in page for part in fingerprint.split(":")].count(False) == 0
    assert b"PRIVATE" not in certificate
    # the station's own port answers no plain HTTP at all
    with socket.create_connection(("127.0.0.1", shop.port), 10) as connection:
        connection.sendall(b"GET /sign-in HTTP/1.1\r\nHost: station.local\r\n\r\n")
        assert not connection.recv(100).startswith(b"HTTP")


def test_the_staff_page_shows_the_same_fingerprint_to_print(shop: Shop, trusting: Browser) -> None:
    # part of row 197: the fingerprint on the station's screen and on the printed sheet
    claim = shop.comptoir("owner", "claim", "--config", str(shop.configuration))
    context = trusting.new_context(locale="en-US", viewport={"width": 1180, "height": 820})
    page = context.new_page()
    path = re.search(r"/claim\S*", claim)
    assert path is not None
    page.goto(f"https://station.local:{shop.port}{path.group()}")
    page.fill("[name=display_name]", "Lucie")
    page.fill("[name=login]", "lucie")
    for field in page.locator("[type=password]").all():
        field.fill("une phrase assez longue")
    page.locator("form button").first.click()
    page.goto(f"https://station.local:{shop.port}/tablets")
    expect(page.locator(".hand-out svg")).to_be_visible()
    on_screen = ":".join(page.locator(".fingerprint span").all_inner_texts())
    root = x509.load_pem_x509_certificate((shop.web / "ca.pem").read_bytes())
    assert on_screen == root.fingerprint(hashes.SHA256()).hex(":").upper()
    assert f"http://192.168.1.10:{shop.hand_out}" in page.content()
    assert accessibility_faults(page) == []
    shoot(page, "tablets-1180")
    context.close()


def test_the_hook_of_a_public_certificate_gives_the_station_what_it_reads(shop: Shop, tmp_path: Path) -> None:
    # part of row 197
    web, lineage = tmp_path / "web", tmp_path / "lineage"
    web.mkdir()
    lineage.mkdir()
    both = (shop.web / "server.pem").read_text()
    start = both.index("-----BEGIN PRIVATE KEY")
    (lineage / "fullchain.pem").write_text(both[:start])
    (lineage / "privkey.pem").write_text(both[start:])
    text = (
        shown("take-web-certificate\nset")
        .replace("/etc/comptoir/web", str(web))
        .replace("chgrp comptoir", "ls")
    )
    environment = {**os.environ, "RENEWED_LINEAGE": str(lineage)}
    subprocess.run(["sh", "-c", text], env=environment, check=True, timeout=20, stdout=subprocess.DEVNULL)
    assert [each.name for each in web.iterdir()] == ["server.pem"]
    assert (web / "server.pem").stat().st_mode & 0o007 == 0, "nobody else reads the key"
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(web / "server.pem", web / "server.pem")


@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed")
def test_behind_a_web_server_with_a_public_name_forms_and_streams_are_those_of_the_station(
    shop: Shop, tmp_path: Path
) -> None:
    # part of row 197
    port, folder = free_port(), tmp_path / "caddy"
    text = shown("reverse_proxy")
    for was, becomes in (
        (f"{PUBLIC_NAME} {{", f"{PUBLIC_NAME}:{port} {{"),
        ("127.0.0.1:8080", f"127.0.0.1:{shop.port}"),
        ("/etc/comptoir/web", str(shop.web)),
        ("transport http {", "transport http {\n      tls_server_name station.local"),  # the shop's own names
    ):
        assert was in text
        text = text.replace(was, becomes)
    head = "{\n  admin off\n  auto_https disable_redirects\n  local_certs\n  skip_install_trust\n}\n"
    (tmp_path / "Caddyfile").write_text(head + text)
    log = tmp_path / "caddy.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            ["caddy", "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"],
            env={**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
            stdout=out,
            stderr=out,
        )
    try:
        wait_for_port(port, process, log)
        authority = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        name = f"{PUBLIC_NAME}:{port}"
        end = time.monotonic() + PATIENCE_S
        while not authority.exists() and time.monotonic() < end:
            time.sleep(0.1)
        trusted = ssl.create_default_context(cafile=str(authority))

        def ask(method: str, path: str, **headers: str) -> tuple[int, str]:
            with (
                socket.create_connection(("127.0.0.1", port), 20) as plain,
                trusted.wrap_socket(plain, server_hostname=PUBLIC_NAME) as secured,
            ):
                lines = [
                    f"{method} {path} HTTP/1.1",
                    f"Host: {name}",
                    "Connection: close",
                    "Content-Length: 0",
                ]
                lines += [f"{key.replace('_', '-')}: {value}" for key, value in headers.items()]
                secured.sendall("\r\n".join([*lines, "", ""]).encode())
                answer = b""
                while piece := secured.recv(65536):
                    answer += piece
            return int(answer.split(b" ", 2)[1]), answer.decode()

        status, page = ask("GET", "/sign-in")
        assert status == 200
        assert "strict-transport-security" in page.lower()
        own, _ = ask("POST", "/sign-in", Origin=f"https://{name}")
        assert own in {303, 401, 422}, "the station knows its own form"
        assert ask("POST", "/sign-in", Origin="https://evil.example")[0] == 403
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
