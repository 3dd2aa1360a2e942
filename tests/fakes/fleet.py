"""A release desk in a folder: keys, repository, wheels made on the spot, and a real web server on loopback."""

import base64
import contextlib
import hashlib
import http.server
import platform
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from fleet.documents.release import Health, Needs, Release
from fleet.documents.rollout import Rollout
from fleet.signing.build import Recipe, build_release
from fleet.signing.keys import KeyRing, create_all
from fleet.signing.publish import add_blobs, publish, publish_rollout, sign_release
from fleet.signing.repository import Repository
from runtime.clock import Clock

ROOT = Path(__file__).resolve().parents[2]
HERE = (platform.machine(), f"{sys.version_info.major}.{sys.version_info.minor}")
LITTLE = Needs(free_mb=1)
QUICK = Health(settle_s=0, timeout_s=5, checks=("process",))


def make_wheel(folder: Path, project: str, version: str, files: Mapping[str, str]) -> Path:
    """A pure wheel of these files."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{project}-{version}-py3-none-any.whl"
    info = f"{project}-{version}.dist-info"
    whole = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = f"{info}/RECORD"
    lines = [f"{name},sha256={_digest(text)},{len(text.encode())}" for name, text in whole.items()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**whole, record: "\n".join([*lines, f"{record},,"]) + "\n"}.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return path


def source_wheel(
    folder: Path, version: str, *, extra: str = "", program: Path = ROOT, python: str = HERE[1]
) -> Path:
    """A wheel of the product that runs from a source tree and its environment: small, and the real code.

    ``extra`` is run before anything else is imported, so that a release can be broken on purpose.
    """
    site = program / ".venv" / "lib" / f"python{python}" / "site-packages"
    start = f"import sys; sys.path[:0] = [{str(program)!r}]; sys.path.append({str(site)!r})"
    files = {"comptoir_source.pth": start + "\n"}
    if extra:
        files["comptoir_broken.py"] = extra
        files["comptoir_source.pth"] += "import comptoir_broken\n"
    return make_wheel(folder, "comptoir", version, files)


class ReleaseDesk:
    """Makes, signs and publishes, as the tool does.

    Args:
        folder: Empty.
        clock: Dates the signatures.
        machine: Architecture and Python that the releases are for.
    """

    def __init__(self, folder: Path, clock: Clock, machine: tuple[str, str] = HERE) -> None:
        self.folder = folder
        self.machine = machine
        self.clock = clock
        self.offline, self.online = folder / "offline", folder / "online"
        self.ring = KeyRing(*create_all(self.offline, self.online))
        self.repository = Repository(folder / "repository", clock)
        self.repository.create(self.ring)
        self.first_root = (self.repository.metadata / "1.root.json").read_bytes()
        self.number = 0
        self._seq = 0

    def release(
        self,
        release_id: str,
        *,
        wheels: Path | None = None,
        health: Health = QUICK,
        needs: Needs = LITTLE,
        min_seq: int = 0,
    ) -> Release:
        """Build, sign and publish one."""
        folder = self.folder / "built" / release_id
        if wheels is None:
            wheels = folder / "wheels"
            source_wheel(wheels, release_id)
        self._seq += 1
        recipe = Recipe(
            id=release_id,
            seq=self._seq,
            min_seq=min_seq,
            wheels=wheels,
            lock=None,
            machines=[self.machine],
            health=health,
            needs=needs,
        )
        release = build_release(recipe, folder, self.clock)
        add_blobs(self.repository, release, folder / "blobs")
        sign_release(self.repository, release, self.ring)
        publish(self.repository, self.ring)
        return release

    def roll_out(self, release_id: str | None, *, percent: float = 100, **more: object) -> Rollout:
        """Tell the channel ``stable`` what to run, at once."""
        rollout = self.roll_out_document(release_id, percent=percent, **more)
        publish_rollout(self.repository, rollout, self.ring)
        return rollout

    def roll_out_document(self, release_id: str | None, *, percent: float = 100, **more: object) -> Rollout:
        """The next document, not signed."""
        self.number += 1
        fields: dict[str, object] = {
            "channel": "stable",
            "number": self.number,
            "id": f"roll-{self.number}",
            "signed_at_s": int(self.clock.now().timestamp()),
            "release": release_id,
            "salt": f"roll-{self.number}",
            "percent": float(percent),
            "state": "running",
            "urgent": True,
            **more,
        }
        return Rollout.model_validate(fields)


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """A plain web server over a folder; its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            return

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_words: object) -> None:
            return  # a device hangs up on what is too long

    server = Server(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
