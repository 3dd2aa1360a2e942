"""What the trusted keys say now: The Update Framework's client over our own reader.

The client checks signatures, versions, dates and lengths. It syncs nothing and forgets an attacker's
rollback when its cache is lost, so the first root comes from the machine's image at every start and the
floor is kept elsewhere (``fleet.agent.floor``).
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from tuf.api.exceptions import DownloadError, DownloadHTTPError, LengthOrHashMismatchError, RepositoryError
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from fleet.agent.http import WebServer
from fleet.documents.release import Release, release_path
from fleet.documents.rollout import Rollout, rollout_path
from fleet.errors import FetchError, UntrustedError

_LONGEST_DOCUMENT = 1_000_000

DocumentT = TypeVar("DocumentT", bound=BaseModel)


@dataclass(frozen=True)
class SignedRelease:
    """A manifest and the bytes that were signed."""

    release: Release
    data: bytes


class SignedSource:
    """Verified documents of one repository.

    Args:
        server: Serves ``metadata/`` and ``targets/``.
        cache: Folder for verified metadata; one process only.
        first_root: Bytes of the root that the machine's image carries.
    """

    def __init__(self, server: WebServer, cache: Path, first_root: bytes) -> None:
        self._server = server
        self._cache = cache
        self._first_root = first_root

    def look(self) -> "Look":
        """Refresh, and answer questions about that one state of the repository.

        Raises:
            FetchError: The server could not be read.
            UntrustedError: What it served does not verify, or is out of date.
        """
        self._cache.mkdir(parents=True, exist_ok=True)
        config = UpdaterConfig(max_root_rotations=64, targets_max_length=_LONGEST_DOCUMENT)
        base = f"{self._server.base}/metadata/"
        with _told_apart():
            updater = Updater(
                str(self._cache), base, fetcher=_Fetcher(self._server), config=config,
                bootstrap=self._first_root,
            )  # fmt: skip
            updater.refresh()
        return Look(updater, self._server, self._cache / "documents")


class Look:
    """One verified state of the repository.

    Args:
        updater: Holds the verified metadata.
        server: Serves the documents.
        kept: Folder of the last document of each kind, so that a look without news fetches none.
    """

    def __init__(self, updater: Updater, server: WebServer, kept: Path) -> None:
        self._updater = updater
        self._server = server
        self._kept = kept

    def rollout(self, channel: str) -> Rollout | None:
        """The channel's rollout; None where there is none.

        Raises:
            FetchError: It could not be read.
            UntrustedError: It does not verify.
        """
        found, _ = self._parsed(rollout_path(channel), Rollout)
        if found is not None and found.channel != channel:
            raise UntrustedError(f"the rollout is of the channel {found.channel}")
        return found

    def release(self, release_id: str) -> SignedRelease | None:
        """A release's manifest; None where it is not signed, or no longer.

        Raises:
            FetchError: It could not be read.
            UntrustedError: It does not verify.
        """
        found, data = self._parsed(release_path(release_id), Release)
        if found is None:
            return None
        if found.id != release_id:
            raise UntrustedError(f"the manifest is of the release {found.id}")
        return SignedRelease(found, data)

    def _parsed(self, path: str, model: type[DocumentT]) -> tuple[DocumentT | None, bytes]:
        """The document and the bytes that were signed; None where there is none."""
        data = self._document(path)
        if data is None:
            return None, b""
        try:
            return model.model_validate_json(data), data
        except ValidationError as error:
            fault = error.errors()[0]["msg"]
            raise UntrustedError(f"the signed {model.__name__.lower()} cannot be read: {fault}") from error

    def _document(self, path: str) -> bytes | None:
        with _told_apart():
            target = self._updater.get_targetinfo(path)
        if target is None:
            return None
        if target.length > _LONGEST_DOCUMENT:
            raise UntrustedError(f"{path} is too long")
        folder, _, name = path.rpartition("/")
        kept = self._kept / f"{folder}.json"
        with contextlib.suppress(OSError, LengthOrHashMismatchError):
            data = kept.read_bytes()
            target.verify_length_and_hashes(data)
            return data
        data = b""
        for piece in self._server.read(f"targets/{folder}/{target.hashes['sha256']}.{name}"):
            data += piece
            if len(data) > target.length:
                break
        with _told_apart():
            target.verify_length_and_hashes(data)
        # What is lost or half written does not verify, and is fetched again.
        with contextlib.suppress(OSError):
            self._kept.mkdir(exist_ok=True)
            kept.write_bytes(data)
        return data


class _Fetcher(FetcherInterface):
    """Lets the client read through our reader."""

    def __init__(self, server: WebServer) -> None:
        self._server = server

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            yield from self._server.read(url)
        except FetchError as error:
            status = error.fields.get("status")
            if isinstance(status, int):
                raise DownloadHTTPError(error.message, status) from error
            raise DownloadError(error.message) from error


@contextlib.contextmanager
def _told_apart() -> Iterator[None]:
    """The client's errors as ours: could not be read, or must not be believed."""
    try:
        yield
    except RepositoryError as error:
        raise UntrustedError(f"{type(error).__name__}: {error}"[:300]) from error
    except DownloadError as error:
        raise FetchError(f"{type(error).__name__}: {error}"[:300]) from error
    except OSError as error:
        raise FetchError(f"the metadata cannot be kept: {error}"[:300]) from error
