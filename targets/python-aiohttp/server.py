"""Serves HTTP/1.1 and WebSockets with aiohttp on uvloop."""

import asyncio
import logging
import os
import sys

import uvloop
from aiohttp import web

import endpoints
import limits
import sockets

# The kernel lowers it to somaxconn.
BACKLOG = 65535

# aiohttp knows no unlimited one: 0 would close connections at once.
KEEPALIVE_SECONDS = 10 * 365 * 24 * 3600


def application() -> web.Application:
    app = web.Application(
        middlewares=[limits.check_head], client_max_size=endpoints.MAX_BODY_BYTES
    )
    app.add_routes(endpoints.routes)
    app.add_routes(sockets.routes)
    if os.environ.get("PROBE_PORT"):
        app.on_startup.append(start_probe)
    return app


async def start_probe(_app: web.Application) -> None:
    import probe

    host = os.environ.get("HOST", "127.0.0.1")
    probe.start(asyncio.get_running_loop(), host, os.environ["PROBE_PORT"])


def main() -> None:
    host = os.environ.get("HOST", "127.0.0.1")
    port = os.environ.get("PORT", "8080")
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535):
        sys.exit(f"python-aiohttp: PORT is not a port number: {port}")
    logging.getLogger("aiohttp.server").addFilter(limits.is_own_fault)
    try:
        web.run_app(
            application(),
            host=host,
            port=int(port),
            loop=uvloop.new_event_loop(),
            backlog=BACKLOG,
            print=None,
            access_log=None,
            # SIGTERM then ends the process at once, whatever is connected.
            handle_signals=False,
            # A client that leaves during /sleep takes its handler with it.
            handler_cancellation=True,
            keepalive_timeout=KEEPALIVE_SECONDS,
            tcp_keepalive=False,
            lingering_time=1.0,
            # A body is echoed as it came.
            auto_decompress=False,
            max_line_size=limits.MAX_LINE_BYTES,
            max_field_size=limits.MAX_LINE_BYTES,
            max_headers=limits.MAX_FIELDS,
        )
    except OSError as error:
        sys.exit(f"python-aiohttp: cannot listen on {host}:{port}: {error.strerror}")


if __name__ == "__main__":
    main()
