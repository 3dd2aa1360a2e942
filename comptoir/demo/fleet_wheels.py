"""Wheels of the demo's releases: the product from this source tree, libraries as they are installed here.

Made without a network. A real release takes the locked wheels of ``requirements/run.txt`` instead.
"""

import base64
import hashlib
import zipfile
from importlib import metadata
from pathlib import Path

from comptoir.demo.supervisor import DemoError

_SOURCE = Path(__file__).resolve().parents[2]
_PACKAGES = ("runtime", "messaging", "codes", "loyalty", "fleet", "device", "checkout", "kiosk", "comptoir")
_OF_INSTALLERS = (".pyc", "/RECORD", "/INSTALLER", "/REQUESTED", "/direct_url.json")
_DATA = (".py", ".po", ".html", ".css", ".js", ".svg", ".txt", ".kv")
LIBRARIES = (
    "annotated-types", "cffi", "cryptography", "numpy", "paho-mqtt", "pillow", "pycparser", "pydantic",
    "pydantic-core", "pyzbar", "sdnotify", "securesystemslib", "segno", "tuf", "typing-extensions",
    "typing-inspection", "urllib3", "uuid-utils", "zxing-cpp",
)  # fmt: skip
"""What a headless scanner and its update agent import."""

BROKEN = """

def _read_nothing(*_words: object, **_names: object) -> list[object]:
    return []


ZxingReader.read = _read_nothing
"""
"""A fault that no start shows: the process runs, the decoder reads nothing."""


def library_wheels(folder: Path) -> None:
    """The libraries, packed again from the running environment.

    Raises:
        DemoError: One is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in LIBRARIES:
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError as error:
            raise DemoError(f"{name} is not installed; make setup-run installs it") from error
        _repack(found, folder)


def product_wheel(folder: Path, version: str, *, is_broken: bool = False) -> None:
    """The product as this version; a broken one reads no code."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, bytes] = {}
    for package in _PACKAGES:
        for path in sorted((_SOURCE / package).rglob("*")):
            if path.is_file() and path.suffix in _DATA:
                files[path.relative_to(_SOURCE).as_posix()] = path.read_bytes()
    if is_broken:
        files["device/decoding/zxing.py"] += BROKEN.encode()
    info = f"comptoir-{version}.dist-info"
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: comptoir\nVersion: {version}\n".encode()
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: comptoir\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    _write(folder / f"comptoir-{version}-py3-none-any.whl", files, info)


def _repack(found: metadata.Distribution, folder: Path) -> None:
    lines = (found.read_text("WHEEL") or "").splitlines()
    tags = [line.partition(": ")[2] for line in lines if line.startswith("Tag: ")]
    if not tags or found.files is None:
        raise DemoError(f"{found.name} was not installed from a wheel")
    files: dict[str, bytes] = {}
    info = ""
    for entry in found.files:
        name = entry.as_posix()
        if name.startswith("..") or name.endswith(_OF_INSTALLERS):
            continue
        if name.endswith(".dist-info/METADATA"):
            info = name.partition("/")[0]
        files[name] = Path(str(found.locate_file(entry))).read_bytes()
    pythons, abis, platforms = (
        ".".join(dict.fromkeys(tag.split("-")[at] for tag in tags)) for at in range(3)
    )
    project, version = info.removesuffix(".dist-info").rsplit("-", 1)
    _write(folder / f"{project}-{version}-{pythons}-{abis}-{platforms}.whl", files, info)


def _write(path: Path, files: dict[str, bytes], info: str) -> None:
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()]
    record = f"{info}/RECORD"
    whole = {**files, record: "\n".join([*lines, f"{record},,"]).encode() + b"\n"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in whole.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode("ascii").rstrip("=")
