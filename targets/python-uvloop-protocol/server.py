"""Serves HTTP/1.1 on uvloop, with a protocol object for each connection."""

import asyncio
import os
import sys

import uvloop

from connection import Connection

# The kernel lowers it to somaxconn.
BACKLOG = 65535


async def serve(host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    connection = Connection
    if probe_port := os.environ.get("PROBE_PORT"):
        import probe
        from counted import CountedConnection

        connection = CountedConnection
        probe.start(loop, host, probe_port, CountedConnection.count)
    server = await loop.create_server(lambda: connection(loop), host, port, backlog=BACKLOG)
    await server.serve_forever()


def main() -> None:
    host = os.environ.get("HOST", "127.0.0.1")
    port = os.environ.get("PORT", "8080")
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535):
        sys.exit(f"python-uvloop-protocol: PORT is not a port number: {port}")
    try:
        uvloop.run(serve(host, int(port)))
    except OSError as error:
        sys.exit(f"python-uvloop-protocol: cannot listen on {host}:{port}: {error.strerror}")


if __name__ == "__main__":
    main()
