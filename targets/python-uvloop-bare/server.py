"""Serves HTTP/1.1 on uvloop, with a coroutine for each connection."""

import asyncio
import os
import sys

import uvloop

import connection
from request import MAX_HEAD_BYTES

# The kernel lowers it to somaxconn.
BACKLOG = 65535


async def serve(host: str, port: int) -> None:
    server = await asyncio.start_server(
        connection.serve, host, port, limit=MAX_HEAD_BYTES, backlog=BACKLOG
    )
    if probe_port := os.environ.get("PROBE_PORT"):
        import probe

        probe.start(asyncio.get_running_loop(), host, probe_port)
    await server.serve_forever()


def main() -> None:
    host = os.environ.get("HOST", "127.0.0.1")
    port = os.environ.get("PORT", "8080")
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535):
        sys.exit(f"python-uvloop-bare: PORT is not a port number: {port}")
    try:
        uvloop.run(serve(host, int(port)))
    except OSError as error:
        sys.exit(f"python-uvloop-bare: cannot listen on {host}:{port}: {error.strerror}")


if __name__ == "__main__":
    main()
