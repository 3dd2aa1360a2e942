"""A process's figures in the text form of Prometheus, at an address of this machine alone."""

import threading
import time
from collections.abc import Callable, Iterable
from http.server import ThreadingHTTPServer
from typing import ClassVar

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import MetricsHandler
from prometheus_client.metrics_core import Metric

from runtime.errors import ComptoirError
from runtime.figures import Figure, FiguresSettings, memory_bytes

_HOST = "127.0.0.1"
_QUIET_S = 5.0


class FiguresError(ComptoirError):
    """The address for figures cannot be had."""

    code: ClassVar[str] = "figures"


class FiguresDoor:
    """Serves from :meth:`start` to :meth:`stop`; a reading has a thread of its own.

    Args:
        settings: See :class:`FiguresSettings`.
        collect: What is so now; any thread.
    """

    def __init__(self, settings: FiguresSettings, collect: Callable[[], Iterable[Figure]]) -> None:
        self._port = settings.port
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Collector(collect))
        self._server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        """The port that was taken; 0 before the start."""
        return self._server.server_address[1] if self._server is not None else 0

    def start(self) -> None:
        """Listen.

        Raises:
            FiguresError: The port cannot be had.
        """
        try:
            self._server = ThreadingHTTPServer((_HOST, self._port), _Handler.factory(self._registry))
        except OSError as error:
            raise FiguresError(f"cannot listen on port {self._port} for figures: {error.strerror}") from error
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, args=(0.5,), name="address of figures", daemon=True
        ).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class _Collector:
    def __init__(self, collect: Callable[[], Iterable[Figure]]) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        families: dict[str, Metric] = {}
        for each in (*self._collect(), *_own()):
            family = families.get(each.name)
            if family is None:
                kind = CounterMetricFamily if each.counts else GaugeMetricFamily
                names = [name for name, _ in each.labels]
                family = families[each.name] = kind(f"comptoir_{each.name}", each.about, labels=names)
            family.add_metric([value for _, value in each.labels], each.value)  # type: ignore[attr-defined]
        return families.values()


class _Handler(MetricsHandler):
    """The library's, at one address only and never kept by whoever is between."""

    timeout = _QUIET_S

    def do_GET(self) -> None:  # noqa: N802 - the base class names it so
        if self.path == "/metrics":
            super().do_GET()
        else:
            self.send_error(404)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def _own() -> Iterable[Figure]:
    yield Figure("process_memory_bytes", "What the process holds in memory.", memory_bytes())
    yield Figure("process_cpu_seconds", "Processor time it used.", time.process_time(), counts=True)
    yield Figure("process_threads", "Threads of it.", threading.active_count())
