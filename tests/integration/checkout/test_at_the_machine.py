"""What is done at the station's machine: the owner's claim, a new password, a first shop."""

from pathlib import Path

import pytest

from checkout.assembly import open_database, service_context
from checkout.configuration import BrokerSettings, CheckoutSettings
from checkout.owner_claim import OwnerClaim, issue_owner_claim
from checkout.password_recovery import set_password
from comptoir.certs import Authority
from loyalty.adapters.argon2_hasher import Argon2PasswordHasher
from loyalty.domain.staff import PIN_PERMISSIONS, Permission
from loyalty.domain.why import Refusal, Refused
from loyalty.services.claim import OwnerClaim as ClaimForm
from loyalty.services.claim import claim_owner
from loyalty.services.pin import set_pin, switch_by_pin
from loyalty.services.sign_in import Credentials, SignedIn, session_of, sign_in
from tests.fakes.clock import FakeClock


@pytest.fixture
def settings(tmp_path: Path) -> CheckoutSettings:
    authority = Authority(tmp_path / "certificates")
    authority.create("Test")
    folder = authority.issue_station("s0001.station")
    return CheckoutSettings(
        store="s0001",
        database_url=f"sqlite:///{tmp_path}/comptoir.db",
        broker=BrokerSettings(
            ca_file=folder / "ca.pem",
            certificate_file=folder / "certificate.pem",
            key_file=folder / "key.pem",
        ),
        seal_key_file=folder / "seal.key",
        card_signing_key_file=folder / "cards.key",
        messages_folder=tmp_path / "messages",
    )


def test_the_first_owner_claims_once_and_recovers_a_password_at_the_machine(
    settings: CheckoutSettings, clock: FakeClock
) -> None:
    # row 213
    first = issue_owner_claim(settings, clock)
    second = issue_owner_claim(settings, clock)
    assert isinstance(first, OwnerClaim)
    assert isinstance(second, OwnerClaim)
    assert second.address == f"http://127.0.0.1:8080/claim?token={second.token}"
    ctx = service_context(settings, clock)
    database = open_database(settings, ctx)
    hasher = Argon2PasswordHasher()

    def claim(token: str) -> object:
        form = ClaimForm(token, "zoe", "Zoé", "une longue phrase")
        return claim_owner(database.unit_of_work, ctx, hasher, form)

    def enter(password: str) -> SignedIn | Refused:
        return sign_in(database.unit_of_work, ctx, hasher, Credentials("zoe", password, "test"))

    assert isinstance(claim(first.token), Refused), "a newer claim voids the earlier one"
    assert not isinstance(claim(second.token), Refused)
    assert isinstance(claim(second.token), Refused), "it works once"
    again = issue_owner_claim(settings, clock)
    assert isinstance(again, Refused)
    assert again.reason is Refusal.CLAIM_ALREADY_MADE

    for _ in range(5):
        enter("vergessen")
    assert isinstance(enter("une longue phrase"), Refused), "locked after five wrong guesses"
    assert isinstance(set_password(settings, "zoe", "kurz", clock), Refused)
    assert isinstance(set_password(settings, "nobody", "une autre phrase", clock), Refused)
    assert set_password(settings, "Zoe", "une autre phrase", clock) is None
    assert isinstance(enter("une longue phrase"), Refused)
    entered = enter("une autre phrase")
    assert isinstance(entered, SignedIn)

    with database.reading() as unit:
        found = session_of(unit, ctx, entered.token)
    assert found is not None
    zoe = found[1]
    assert set_pin(database.unit_of_work, ctx, hasher, zoe, password="une autre phrase", pin="2580") is None

    def take_over(pin: str) -> SignedIn | Refused:
        session = entered.session.id
        return switch_by_pin(database.unit_of_work, ctx, hasher, session_id=session, staff_id=zoe.id, pin=pin)

    for _ in range(5):
        take_over("9999")
    assert take_over("2580") == Refused(Refusal.PIN_LOCKED)
    assert not PIN_PERMISSIONS & {
        Permission.EXPORT_CUSTOMERS,
        Permission.MANAGE_STAFF,
        Permission.ADJUST_POINTS,
    }
    database.close()


def test_an_empty_database_gets_a_shop_and_keeps_it(settings: CheckoutSettings, clock: FakeClock) -> None:
    ctx = service_context(settings, clock)
    for _ in range(2):
        database = open_database(settings, ctx)
        with database.reading() as unit:
            shop = unit.shop.settings()
        database.close()
        assert shop is not None
        assert (shop.store, shop.is_demo) == ("s0001", False)
