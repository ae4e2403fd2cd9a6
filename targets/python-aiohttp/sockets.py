"""The WebSockets of the contract: one that echoes, and a room that passes messages on."""

import asyncio

from aiohttp import WSMessage, WSMsgType, web

MAX_MESSAGE_BYTES = 4 * 1024 * 1024

# So many messages a member of the room may be behind before it is let go.
_MOST_WAITING = 256

routes = web.RouteTableDef()


@routes.get("/ws")
async def echo(request: web.Request) -> web.WebSocketResponse:
    socket = await _open(request)
    async for message in socket:
        await _send(socket, message)
    return socket


@routes.get("/room")
async def room(request: web.Request) -> web.WebSocketResponse:
    member = _Member(await _open(request), request.transport)
    # It writes by itself, so that one who does not read holds up no other.
    writer = asyncio.create_task(member.write())
    _members.add(member)
    try:
        async for message in member.socket:
            for other in _members:
                if other is not member:
                    other.pass_on(message)
    finally:
        _members.remove(member)
        writer.cancel()
    return member.socket


class _Member:
    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None
    ) -> None:
        self.socket = socket
        self._transport = transport
        self._waiting: asyncio.Queue[WSMessage] = asyncio.Queue(_MOST_WAITING)

    def pass_on(self, message: WSMessage) -> None:
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._let_go()

    async def write(self) -> None:
        try:
            while True:
                await _send(self.socket, await self._waiting.get())
        except ConnectionError:
            self._let_go()

    def _let_go(self) -> None:
        """Its reader then leaves the room."""
        if self._transport is not None:
            self._transport.abort()


_members: set[_Member] = set()


async def _open(request: web.Request) -> web.WebSocketResponse:
    # Other servers do not compress either.
    socket = web.WebSocketResponse(max_msg_size=MAX_MESSAGE_BYTES, compress=False)
    await socket.prepare(request)
    return socket


async def _send(socket: web.WebSocketResponse, message: WSMessage) -> None:
    if message.type is WSMsgType.TEXT:
        await socket.send_str(message.data)
    elif message.type is WSMsgType.BINARY:
        await socket.send_bytes(message.data)
