"""Answers GET /probe on a port of its own, from a thread that sleeps until somebody asks.

The thread shares the GIL with the loop: while the loop runs Python code, it gets its turn every
5 ms (sys.getswitchinterval) at the earliest, so that the answer takes longer, the busier the loop.
"""

import asyncio
import gc
import json
import platform
import random
import socket
import socketserver
import threading
import time
from bisect import bisect_left
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

_CLIENT_TIMEOUT_SECONDS = 5.0

# One question measures this many lags, at random moments some milliseconds apart, so that they
# do not keep step with the loop; the loop is only woken up while somebody asks.
_SAMPLES = 20
_LONGEST_PAUSE_SECONDS = 0.01

# Longer than this the question does not wait for the loop. What the loop has not run by then
# is counted when it does.
_PATIENCE_SECONDS = 0.5

_BOUNDS_US = [
    bound * scale for scale in (10, 100, 1_000, 10_000, 100_000, 1_000_000) for bound in (1, 2, 5)
]


def start(
    loop: asyncio.AbstractEventLoop,
    host: str,
    port: str,
    connections: Callable[[], int] | None = None,
) -> None:
    """Listens, or ends the process with a line on stderr.

    A server whose work is not in asyncio tasks gives its number of connections instead.
    """
    try:
        server = _Server((host, int(port)), _Handler)
    except (OSError, OverflowError, ValueError) as error:
        raise SystemExit(f"cannot listen for /probe on {host}:{port}: {error}") from None
    server.probe = _Probe(loop, connections)
    threading.Thread(target=_serve, args=(server,), name="probe", daemon=True).start()


def _serve(server: socketserver.TCPServer) -> None:
    # serve_forever() would look twice a second whether it shall end.
    while True:
        server.handle_request()


class _Probe:
    def __init__(
        self, loop: asyncio.AbstractEventLoop, connections: Callable[[], int] | None
    ) -> None:
        self._loop = loop
        self._connections = connections
        self._lags = [0] * (len(_BOUNDS_US) + 1)

    def figures(self) -> dict[str, object]:
        tasks = self._ask_loop()
        figures: dict[str, object] = {
            "runtime": "python",
            "version": platform.python_version(),
            "gauges": {},
            "counters": {"gcCollections": sum(each["collections"] for each in gc.get_stats())},
            "histograms": {"loopLagUs": {"bounds": _BOUNDS_US, "counts": list(self._lags)}},
        }
        if self._connections is not None:
            figures["tasks"] = {"kind": "connections", "count": self._connections()}
        elif tasks is not None:
            figures["tasks"] = {"kind": "asyncio tasks", "count": tasks}
        if tasks is not None:
            figures["gauges"] = {"asyncioTasks": tasks}
        return figures

    def _ask_loop(self) -> int | None:
        """Measures lags, and returns the number of tasks; None if the loop does not get to it."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        for _ in range(_SAMPLES):
            time.sleep(random.uniform(0, _LONGEST_PAUSE_SECONDS))
            ran = threading.Event()
            self._loop.call_soon_threadsafe(self._measure, time.perf_counter(), ran)
            if not ran.wait(max(deadline - time.monotonic(), 0)):
                return None
        counted = threading.Event()
        tasks: list[int] = []
        self._loop.call_soon_threadsafe(self._count_tasks, tasks, counted)
        counted.wait(max(deadline - time.monotonic(), 0))
        return tasks[0] if tasks else None

    def _measure(self, called_at: float, ran: threading.Event) -> None:
        lag_us = (time.perf_counter() - called_at) * 1e6
        self._lags[bisect_left(_BOUNDS_US, lag_us)] += 1
        ran.set()

    def _count_tasks(self, tasks: list[int], counted: threading.Event) -> None:
        # Tasks may come and go in the middle of it anywhere but on the loop's own thread.
        tasks.append(len(asyncio.all_tasks(self._loop)))
        counted.set()


class _Server(socketserver.TCPServer):
    """Not http.server's own, which asks the resolver for the name of its host."""

    # Asking takes a tenth of a second, and a second one who asks waits meanwhile.
    request_queue_size = 16
    allow_reuse_address = True
    probe: _Probe

    def get_request(self) -> tuple[socket.socket, object]:
        try:
            return super().get_request()
        except OSError:
            # Out of descriptors, most likely: they come back as clients leave.
            time.sleep(0.05)
            raise

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is not logged."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _CLIENT_TIMEOUT_SECONDS
    server: _Server

    def do_GET(self) -> None:
        if self.path != "/probe":
            self.send_response_only(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = json.dumps(self.server.probe.figures()).encode()
        self.send_response_only(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Questions are not logged."""
