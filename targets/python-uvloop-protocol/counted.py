"""A connection that is counted, for /probe: protocols are not asyncio tasks."""

import asyncio

from connection import Connection


class CountedConnection(Connection):
    __slots__ = ()

    _open = 0

    @classmethod
    def count(cls) -> int:
        return cls._open

    def connection_made(self, transport: asyncio.Transport) -> None:
        CountedConnection._open += 1
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        CountedConnection._open -= 1
        super().connection_lost(exc)
