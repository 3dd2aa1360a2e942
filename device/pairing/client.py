"""The three calls to a station's door for new devices."""

from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import BaseModel, ValidationError

from device.errors import PairingError
from device.pairing.identity import certificate_der, certificate_request, public_key_der
from messaging.pairing_code import commitment, new_nonce, short_code
from messaging.station.pairing import (
    PairingAnswered,
    PairingLookedAt,
    PairingRequested,
    PairingRevealed,
)
from runtime.ids import new_id

_TIMEOUT_S = 5.0
_LONGEST_ANSWER = 64 * 1024


class StationDoor:
    """One attempt to join one station. One thread.

    Args:
        address: As in ``https://192.168.1.10:8082``.
        key: The device's own.
        model: What the machine is, for the people at the station.
        release: Of this software.
    """

    def __init__(self, address: str, key: ec.EllipticCurvePrivateKey, model: str, release: str) -> None:
        self._key = key
        self._id: UUID = new_id()
        self._nonce = new_nonce()
        self._model = model
        self._release = release
        # Whose certificate this is cannot be known yet. The code that people compare says it, and nothing
        # that goes over this connection is secret.
        self._http = httpx.Client(base_url=address, verify=False, timeout=_TIMEOUT_S, trust_env=False)  # noqa: S501
        self._ca_pem = ""
        self.code = ""
        """What the screen shows, once the station has answered."""
        self.shop = ""
        self.pages: str | None = None
        """Where phones open the pages of whoever answers: no more is known of them than of the connection."""

    def open(self) -> None:
        """Commit, then show what was committed to; the code is known afterwards.

        Raises:
            PairingError: The station does not answer, or takes nobody now.
        """
        public = public_key_der(self._key)
        asked = PairingRequested(
            id=self._id,
            commitment=commitment(self._id, public, self._nonce),
            model=self._model,
            release=self._release,
        )
        first = self._call("/pairing", asked)
        if first.state != "waiting" or first.ca_pem is None or first.station_nonce is None:
            raise PairingError("the station takes no new device now")
        self._ca_pem = first.ca_pem
        self.shop = first.shop
        self.pages = first.pages
        request = certificate_request(self._key)
        second = self._call(
            "/pairing/reveal", PairingRevealed(id=self._id, csr_pem=request, nonce=self._nonce)
        )
        if second.ca_pem != first.ca_pem or second.station_nonce != first.station_nonce:
            raise PairingError("the station changed its mind between two answers")
        self.code = short_code(
            self._id,
            public_key_der=public,
            ca_der=certificate_der(self._ca_pem),
            device_nonce=self._nonce,
            station_nonce=first.station_nonce,
        )

    def look(self) -> PairingAnswered:
        """Whether staff have decided.

        Raises:
            PairingError: The station does not answer, or speaks for another authority than the one whose code
                was shown.
        """
        answer = self._call("/pairing/look", PairingLookedAt(id=self._id, nonce=self._nonce))
        if answer.state == "accepted" and answer.ca_pem != self._ca_pem:
            raise PairingError("the station gave another authority than the one that was compared")
        return answer

    def close(self) -> None:
        self._http.close()

    def _call(self, path: str, body: BaseModel) -> PairingAnswered:
        headers = {"content-type": "application/json"}
        try:
            answer = self._http.post(path, content=body.model_dump_json(), headers=headers)
            if answer.status_code != httpx.codes.OK or len(answer.content) > _LONGEST_ANSWER:
                raise PairingError("the station takes no new device now", status=answer.status_code)
            told = PairingAnswered.model_validate_json(answer.content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PairingError("the station does not answer") from error
        except ValidationError as error:
            raise PairingError("what answers there is no station") from error
        if told.id != self._id:
            raise PairingError("what answers there is no station")
        return told
