"""The handlers, one for each endpoint of the contract."""

import asyncio
import time

from aiohttp import web

MAX_BODY_BYTES = 4 * 1024 * 1024
MAX_SLEEP_MILLISECONDS = 60_000
MAX_CPU_ROUNDS = 10_000_000
MAX_EVENTS = 10_000
MAX_EVENT_PACE_MILLISECONDS = 60_000

# The loop's timers count whole milliseconds, and may fire up to one too early.
_TIMER_SECONDS = 0.001

routes = web.RouteTableDef()


@routes.get("/plaintext")
async def plaintext(_request: web.Request) -> web.Response:
    return web.Response(text="Hello, World!")


@routes.get("/json")
async def json(_request: web.Request) -> web.Response:
    return web.json_response({"message": "Hello, World!"})


@routes.post("/echo")
async def echo(request: web.Request) -> web.Response:
    if (request.content_length or 0) > MAX_BODY_BYTES:
        # Without this, aiohttp would read up to its limit first.
        raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, request.content_length)
    body = await request.read()
    content_type = request.headers.get("Content-Type", "application/octet-stream")
    return web.Response(body=body, headers={"Content-Type": content_type})


@routes.get("/sleep/{ms}")
async def sleep(request: web.Request) -> web.Response:
    milliseconds = _number(request.match_info["ms"], MAX_SLEEP_MILLISECONDS)
    await _sleep_until(time.monotonic() + milliseconds / 1000)
    return web.Response(text="slept")


@routes.get("/cpu/{n}")
async def cpu(request: web.Request) -> web.Response:
    x = 1
    for _ in range(_number(request.match_info["n"], MAX_CPU_ROUNDS)):
        x = (x * 1664525 + 1013904223) & 0xFFFFFFFF
    return web.Response(text=str(x))


@routes.get("/users/{id}")
async def user(request: web.Request) -> web.Response:
    user_id = request.match_info["id"]
    return web.json_response({"id": user_id, "name": f"user {user_id}"})


@routes.get("/health")
async def health(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


@routes.get("/events/{n}")
@routes.get("/events/{n}/{ms}")
async def events(request: web.Request) -> web.StreamResponse:
    count = _number(request.match_info["n"], MAX_EVENTS)
    pace = _number(request.match_info.get("ms", "0"), MAX_EVENT_PACE_MILLISECONDS) / 1000
    if count == 0:
        raise web.HTTPBadRequest
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    start = time.monotonic()
    for k in range(count):
        await _sleep_until(start + k * pace)
        await response.write(b"id: %d\ndata: Hello, World!\n\n" % (k + 1))
    await response.write_eof()
    return response


async def _sleep_until(deadline: float) -> None:
    while (left := deadline - time.monotonic()) > 0:
        await asyncio.sleep(max(left, _TIMER_SECONDS))


def _number(digits: str, maximum: int) -> int:
    # isdigit() alone takes the digits of every script, and int() refuses thousands of them.
    if digits.isascii() and digits.isdigit() and len(digits.lstrip("0")) <= 10:
        number = int(digits)
        if number <= maximum:
            return number
    raise web.HTTPBadRequest
