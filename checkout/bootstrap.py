"""``comptoir checkout``: the station's process."""

import contextlib
import logging
import threading
from pathlib import Path
from typing import Any

import uvicorn

from checkout.assembly import Assembly, assemble
from checkout.closed_config import closed_config
from checkout.configuration import CheckoutSettings
from checkout.errors import PublicDoorError, SideDoorError
from checkout.trust.renewal import CertificateWatch
from checkout.web.app import behind_door, create_app
from checkout.web.context import CodeReader
from checkout.writer import Priority
from loyalty.errors import StorageError
from runtime.config import EX_CONFIG
from runtime.errors import ComptoirError, ConfigurationError
from runtime.interpreter import answer_fast
from runtime.lifecycle import Worker, stop_signals
from runtime.logs import set_up_logs
from runtime.notify import ServiceNotifier, watchdog_interval_s

_log = logging.getLogger(__name__)

_GRACE_S = 5
_ALIVE_EVERY_S = 5.0


class _Server(uvicorn.Server):
    """Uvicorn that says when it serves, and ends the live streams before it waits for them."""

    def __init__(self, config: uvicorn.Config, assembly: Assembly, settings: CheckoutSettings) -> None:
        super().__init__(config)
        self._assembly = assembly
        self._settings = settings

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.should_exit:
            return
        port = self.servers[0].sockets[0].getsockname()[1]
        if self._settings.port_file is not None:
            _write_whole(self._settings.port_file, f"{port}\n")
        ServiceNotifier().ready()
        _log.info("the station serves", extra={"port": port})

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        ServiceNotifier().stopping()
        self._assembly.station.feeds.close_all()
        await super().shutdown(sockets=sockets)


def run(settings: CheckoutSettings, *, read_codes: CodeReader | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the exit status: 0, 1 when a part died, 78 for bad configuration.

    ``read_codes`` reads photos that are taken at the till; without it the till offers none.
    """
    set_up_logs()
    died = threading.Event()
    server: _Server | None = None

    def on_death(name: str) -> None:
        _log.critical("a part of the station died; the process ends", extra={"part": name})
        died.set()
        if server is not None:
            server.should_exit = True

    try:
        assembly = assemble(settings, on_death=on_death, read_codes=read_codes)
    except StorageError as error:  # it may be there in a moment: systemd tries again
        _log.critical("the station cannot start", extra={"code": error.code, "detail": error.message})
        return 1
    except ComptoirError as error:
        _log.critical("the station cannot start", extra={"code": error.code, "detail": error.message})
        return EX_CONFIG
    server = _Server(_uvicorn_config(settings, assembly), assembly, settings)
    answer_fast()
    try:
        return _serve(server, assembly, died)
    finally:
        assembly.database.close()


def _serve(server: _Server, assembly: Assembly, died: threading.Event) -> int:
    try:
        watch = _certificate_watch(server.config)
        assembly.station.start()
        for door in assembly.side_doors:
            door.start()
    except ComptoirError as error:
        _log.critical("the station cannot start", extra={"code": error.code, "detail": error.message})
        assembly.station.stop()
        # A port that is taken may be free in a moment: systemd tries again.
        return 1 if isinstance(error, PublicDoorError | SideDoorError) else EX_CONFIG
    if watch is not None:
        watch.start()
    feeder = Worker("watchdog", lambda stopping: _feed_watchdog(assembly, stopping)).start()
    try:
        # Uvicorn raises the signal that ended it once more; with our own handlers that is no sudden death.
        with stop_signals():
            server.run()
    finally:
        feeder.stop()
        if watch is not None:
            watch.stop()
        for door in assembly.side_doors:
            door.stop()
        assembly.station.stop()
    return 1 if died.is_set() or not server.started else 0


def _uvicorn_config(settings: CheckoutSettings, assembly: Assembly) -> uvicorn.Config:
    app = create_app(assembly.web)
    return closed_config(
        behind_door(app, assembly.web, (settings.host, *settings.host_names)),
        settings.tls_certificate_file,
        settings.tls_key_file,
        host=settings.host,
        port=settings.port,
        timeout_graceful_shutdown=_GRACE_S,
        timeout_keep_alive=15,
        limit_concurrency=200,
    )


def _certificate_watch(config: uvicorn.Config) -> Worker | None:
    """Takes up a certificate that was renewed meanwhile; None without TLS. Not started yet.

    Raises:
        ConfigurationError: Certificate or key cannot be used.
    """
    try:
        config.load()
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ConfigurationError(f"certificate or key of the station's pages: {error}") from error
    if config.ssl is None or config.ssl_certfile is None or config.ssl_keyfile is None:
        return None
    watch = CertificateWatch(config.ssl, Path(config.ssl_certfile), Path(config.ssl_keyfile))
    return Worker("certificates", watch.run)


def _write_whole(path: Path, text: str) -> None:
    """Nobody who waits for the file finds it empty."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="ascii")
    part.replace(path)


def _feed_watchdog(assembly: Assembly, stopping: threading.Event) -> None:
    """Tells systemd that we live for as long as the writer ends what it works on, however much waits."""
    notifier = ServiceNotifier()
    interval_s = watchdog_interval_s() or _ALIVE_EVERY_S
    while not stopping.wait(interval_s):
        with contextlib.suppress(ComptoirError):
            assembly.station.writer.run(Priority.SIGN_OF_LIFE, notifier.alive)
