"""A real PostgreSQL cluster of the tests' own: in a temporary folder, on a Unix socket, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from loyalty.adapters.sql.migrate import migrate

_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: place.parent.name, reverse=True)


def postgresql_binaries() -> Path | None:
    """Where ``initdb`` and ``postgres`` are; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    places = [*_PLACES, *([Path(found).resolve().parent] if found else [])]
    return next((place for place in places if (place / "initdb").exists()), None)


def _name_of(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


class PostgresqlCluster:
    """A running server. ``fsync`` is off: nothing in it outlives the tests."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries = binaries
        self._folder = folder
        self._data = folder / "data"
        self._databases = 0
        self._template: str | None = None

    def start(self) -> None:
        user = _unprivileged_user()
        if user is not None:
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", str(self._data), "-U", "comptoir", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories={self._folder} -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self._data), "-w", "-o", options, "-l", str(self._folder / "log"), "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

    def new_database(self) -> str:
        """The URL of a fresh empty database."""
        return self._created("")

    def _created(self, how: str) -> str:
        self._databases += 1
        name = f"test{self._databases}"
        with self._admin() as admin:
            admin.execute(f"CREATE DATABASE {name} {how}")  # type: ignore[arg-type]
        return f"postgresql+psycopg://comptoir@/{name}?host={self._folder}"

    def new_migrated_database(self) -> str:
        """The URL of a fresh database at the current schema, copied from one that was migrated once."""
        if self._template is None:
            url = self.new_database()
            migrate(url)
            self._template = _name_of(url)
        return self._created(f"TEMPLATE {self._template}")

    def copy_of(self, url: str) -> str:
        """The URL of a copy of a database that nobody is connected to."""
        return self._created(f"TEMPLATE {_name_of(url)}")

    def fill(self, url: str) -> None:
        """Bring a fresh database to the current schema, as migrating it would."""
        full, name = _name_of(self.new_migrated_database()), _name_of(url)
        with self._admin() as admin:
            admin.execute(f"DROP DATABASE {name}")  # type: ignore[arg-type]
            admin.execute(f"ALTER DATABASE {full} RENAME TO {name}")  # type: ignore[arg-type]

    def _admin(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host=str(self._folder), user="comptoir", dbname="postgres", autocommit=True)

    def _run(self, program: str, *arguments: str) -> None:
        user = _unprivileged_user()
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server inherits it: a pipe would never end
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
            **({"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user is not None else {}),  # type: ignore[call-overload]
        )
        if done.returncode != 0:
            log = self._folder / "log"
            detail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise RuntimeError(f"{program} ended with {done.returncode}\n{detail}")


@contextmanager
def running_cluster(binaries: Path) -> Iterator[PostgresqlCluster]:
    """A cluster in a short path: a Unix socket's name has at most 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    cluster = PostgresqlCluster(binaries, folder)
    try:
        cluster.start()
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; None where we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None
