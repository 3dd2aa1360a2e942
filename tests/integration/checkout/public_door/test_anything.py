"""No token, form or header breaks the door; it opens, closes and says what is wrong at the start."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout.errors import PublicDoorError
from checkout.public.listener import PublicListener
from checkout.public.settings import PublicSettings
from runtime.errors import ConfigurationError
from tests.fakes.tls import loopback_certificate
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.outside import HOST, Outside, public_door, status_path
from tests.integration.checkout.public_door.members_outside import CAMILLE, consents

# --- anything at all --------------------------------------------------------------------------------

tokens = st.one_of(
    st.text(min_size=1, max_size=120),
    st.sampled_from(["..", "%00", "%2e%2e%2f", "x" * 43, "\u202e", "' OR 1=1 --", "a/b/c/d"]),
)


bodies = st.one_of(st.binary(max_size=200), st.just(b"a=" + b"%" * 100), st.just(b"\x00" * 50))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(["/s/", "/o/", "/static/", "/"]),
    token=tokens,
    choice=st.sampled_from(["", "/stop", "/start", "/not-me", "/no-advertising", "/code", "/else"]),
    method=st.sampled_from(["GET", "POST"]),
    body=bodies,
)
def test_no_token_and_no_form_breaks_the_door_or_changes_anything(
    phone: Outside, start: str, token: str, choice: str, method: str, body: bytes
) -> None:
    # row 196
    path = start + quote(token.encode("utf-8", "replace"), safe="/%'") + choice
    answer = phone.request(method, path, content=body if method == "POST" else None)
    assert answer.status_code in {403, 404, 405, 422}, answer.status_code


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=bodies, choice=st.sampled_from(["stop", "start", "no-advertising"]), language=st.text(max_size=20)
)
def test_what_a_form_holds_does_not_matter(
    counter: Counter, phone: Outside, body: bytes, choice: str, language: str
) -> None:
    path = status_path(counter)
    wanted = language.encode("utf-8", "replace").decode()
    answer = phone.post(f"{path}/{choice}", content=body, params={"language": wanted})
    assert answer.status_code == 200
    assert counter.balance(CAMILLE) == 34


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    languages=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80),
    query=st.binary(max_size=60),
    page=st.sampled_from(["", "/code", "/not-me"]),
)
def test_whatever_a_phone_says_of_itself_the_page_comes_and_changes_nothing(
    counter: Counter, phone: Outside, languages: str, query: bytes, page: str
) -> None:
    # part of row 127
    before = consents(counter)
    path = f"{status_path(counter)}{page}?language={quote(query)}"
    answer = phone.get(path, headers={"accept-language": languages.strip()})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    assert consents(counter) == before


# --- start and stop ---------------------------------------------------------------------------------


def test_the_door_opens_and_closes_and_its_port_is_free_again(counter: Counter, tmp_path: Path) -> None:
    # row 196
    with public_door(counter, tmp_path, port_file=str(tmp_path / "port")) as door:
        port = door.port
        assert (tmp_path / "port").read_text() == f"{port}\n"
        assert door.is_alive
        with pytest.raises(PublicDoorError):
            PublicListener(
                PublicSettings.model_validate({"port": port, "proxies": ["127.0.0.1"]}),
                f"https://{HOST}",
                counter.web,
            ).start()
    assert not door.is_alive
    with public_door(counter, tmp_path, port=port) as again, Outside(again) as phone:
        assert phone.get("/probe").json()["door"] == again.door_id


def test_a_certificate_that_cannot_be_read_is_said_at_the_start(counter: Counter, tmp_path: Path) -> None:
    (tmp_path / "tls.pem").write_text("no certificate")
    chosen = PublicSettings.model_validate(
        {
            "port": 0,
            "tls_certificate_file": str(tmp_path / "tls.pem"),
            "tls_key_file": str(tmp_path / "tls.pem"),
        }
    )
    with pytest.raises(ConfigurationError):
        PublicListener(chosen, f"https://{HOST}", counter.web).start()


def test_the_address_of_a_tunnel_may_come_after_the_station(counter: Counter, tmp_path: Path) -> None:
    # row 196
    certificate, key = loopback_certificate(tmp_path)
    tls = {"tls_certificate_file": str(certificate), "tls_key_file": str(key)}
    with public_door(counter, tmp_path, host="192.0.2.55", **tls) as door:
        assert door.is_alive
