"""One TOML file per machine, one section per process, read once into frozen typed models.

An unknown key is an error that names the nearest known one; a secret comes from a file (or a systemd
credential) and never prints. Architecture §3.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from runtime.errors import ConfigurationError

EX_CONFIG = 78
"""Exit status for bad configuration (sysexits.h); the units do not restart on it."""

DEFAULT_PATH = Path("/etc/comptoir/comptoir.toml")


class Section(BaseModel):
    """Base of all configuration sections: frozen, no unknown keys, defaults checked too."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def _absolute(value: object) -> object:
    if isinstance(value, str) and value.startswith("$CREDENTIALS_DIRECTORY/"):
        base = os.environ.get("CREDENTIALS_DIRECTORY", "/run/credentials/none")
        return Path(base) / value.removeprefix("$CREDENTIALS_DIRECTORY/")
    return value


ConfiguredPath = Annotated[Path, BeforeValidator(_absolute)]
"""A path; ``$CREDENTIALS_DIRECTORY/name`` stands for a systemd credential of the service."""

SectionT = TypeVar("SectionT", bound=Section)


def has_section(path: Path, name: str) -> bool:
    """Whether the file has this section; False also for a file that cannot be read."""
    try:
        return name in tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False


def load_section(
    path: Path, name: str, model: type[SectionT], *, given: Mapping[str, object] | None = None
) -> SectionT:
    """The section ``name`` of the file as ``model``.

    Relative paths in the file stay relative to the working directory. ``given`` stands where the file says
    nothing.

    Raises:
        ConfigurationError: The file cannot be read or parsed, the section is missing, or a key or a
            value is wrong.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}") from error
    if name not in document:
        raise ConfigurationError(f"{path} has no section [{name}]")
    try:
        return model.model_validate({**(given or {}), **document[name]})
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {_explain(error, name, model)}") from error


def read_secret(path: Path) -> str:
    """The one line of text a secret file holds.

    Raises:
        ConfigurationError: The file cannot be read or is empty.
    """
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"cannot read the secret {path}: {error.strerror}") from error
    if not secret:
        raise ConfigurationError(f"the secret {path} is empty")
    return secret


def _explain(error: ValidationError, name: str, model: type[BaseModel]) -> str:
    parts = []
    for fault in error.errors(include_input=False, include_url=False):
        where = ".".join(str(step) for step in (name, *fault["loc"]))
        if fault["type"] == "extra_forbidden":
            near = difflib.get_close_matches(str(fault["loc"][-1]), _known(model, fault["loc"][:-1]), n=1)
            parts.append(f"unknown key {where}" + (f"; did you mean {near[0]}?" if near else ""))
        else:
            parts.append(f"{where}: {fault['msg']}")
    return "; ".join(parts)


def _known(model: type[BaseModel], steps: tuple[int | str, ...]) -> list[str]:
    for step in steps:
        field = model.model_fields.get(str(step))
        inner = getattr(field, "annotation", None)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return list(model.model_fields)
