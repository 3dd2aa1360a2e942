"""Section [checkout.public]: plain HTTP only on loopback, and only behind a proxy that is named."""

import pytest
from pydantic import ValidationError

from checkout.public.settings import PublicSettings

TLS = {"tls_certificate_file": "tls.pem", "tls_key_file": "tls.key"}


def test_plain_http_on_loopback_needs_a_stated_proxy() -> None:
    # row 196
    with pytest.raises(ValidationError, match="needs a TLS proxy"):
        PublicSettings.model_validate({})
    assert PublicSettings.model_validate({"proxies": ["127.0.0.1"]}).host == "127.0.0.1"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "10.7.0.2"])
def test_plain_http_elsewhere_is_refused_and_tls_is_not(host: str) -> None:
    # row 196
    with pytest.raises(ValidationError, match="plain HTTP on"):
        PublicSettings.model_validate({"host": host, "proxies": ["127.0.0.1"]})
    assert PublicSettings.model_validate({"host": host, **TLS}).host == host


@pytest.mark.parametrize(
    "wrong",
    [
        {"tls_key_file": "tls.key"},
        {"host": "station.lan", **TLS},
        {"proxies": ["proxy.lan"]},
        {"requests_a_minute": 0, **TLS},
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PublicSettings.model_validate(wrong)
