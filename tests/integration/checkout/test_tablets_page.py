"""The staff's page about tablets: what it shows before there is a certificate, with one, and with an old one."""

from dataclasses import replace
from pathlib import Path

from checkout.trust.facts import TrustFiles
from comptoir.web_authority import WebAuthority
from loyalty.domain.staff import Permission
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk


def test_it_tells_how_to_begin_then_what_to_compare_then_that_a_renewal_is_overdue(
    counter: Counter, tmp_path: Path
) -> None:
    # part of row 197
    async def look(*texts: str) -> str:
        async with desk(counter) as owner:
            page = await owner.page("/tablets")
            assert all(text in page for text in texts), page
            return page

    run(look("open on its own machine alone", "comptoir certs web station.local 192.168.1.10"))
    authority = WebAuthority(tmp_path / "web", tmp_path / "handed", counter.clock)
    made = authority.ensure(("station.local", "192.168.1.10"), label="Maison Lumen")
    handed = tmp_path / "handed"
    counter.web = replace(counter.web, trust=TrustFiles(handed / "ca.pem", handed / "server.pem", 8080, 8081))
    pairs = [f"<span>{pair}</span>" for pair in made.fingerprint.split(":")]
    run(look("http://192.168.1.10:8081", "https://station.local:8080", "“Maison Lumen” vouches", *pairs))
    counter.clock.advance(66 * 86_400)
    run(look("should have been renewed by now", "systemctl start comptoir-web-certificate"))
    authority.ensure()

    async def renewed() -> None:
        async with desk(counter) as owner:
            assert "should have been renewed" not in await owner.page("/tablets")

    run(renewed())


def test_only_who_keeps_devices_sees_it(counter: Counter) -> None:
    add_staff(counter, "vera", Permission.SELL)

    async def visit() -> None:
        async with desk(counter, "vera") as seller:
            assert (await seller.get("/tablets")).status_code == 403

    run(visit())
