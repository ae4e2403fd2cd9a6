"""One client, served by a coroutine: asyncio's streams, read and written in blocking style."""

import asyncio
import time
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader, StreamWriter

import endpoints
from request import Refusal, Request

_LINGER_SECONDS = 1.0

# The loop's timers count whole milliseconds, and may fire up to one too early.
_TIMER_SECONDS = 0.001


async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    try:
        await _serve_requests(reader, writer)
    except Refusal as refusal:
        await _refuse(refusal.status, reader, writer)
    except (OSError, IncompleteReadError):
        # A client may leave, or reset, whenever it likes.
        pass
    finally:
        writer.close()


async def _serve_requests(reader: StreamReader, writer: StreamWriter) -> None:
    while True:
        request = await _read_head(reader)
        body = b""
        if request.content_length > 0:
            if request.expects_continue:
                await _send(writer, b"HTTP/1.1 100 Continue\r\n\r\n")
            body = await reader.readexactly(request.content_length)
        response, delay_ms = endpoints.answer(request, body)
        if delay_ms > 0:
            await _sleep(delay_ms / 1000)
        await _send(writer, response)
        if not request.keep_alive:
            await _linger(reader, writer)
            return


async def _read_head(reader: StreamReader) -> Request:
    while True:
        try:
            # The reader's limit is that of the head.
            head = await reader.readuntil(b"\r\n\r\n")
        except LimitOverrunError:
            raise Refusal(431) from None
        # Empty lines before a request are skipped, as RFC 9112 asks for.
        head = head.strip(b"\r\n")
        if head:
            return Request(head)


async def _send(writer: StreamWriter, response: bytes) -> None:
    # uvloop raises a RuntimeError on a write after the client has reset the connection.
    if writer.is_closing():
        raise ConnectionResetError
    writer.write(response)
    await writer.drain()


async def _sleep(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        await asyncio.sleep(max(left, _TIMER_SECONDS))


async def _refuse(status: int, reader: StreamReader, writer: StreamWriter) -> None:
    try:
        await _send(writer, endpoints.error(status))
    except OSError:
        return
    await _linger(reader, writer)


async def _linger(reader: StreamReader, writer: StreamWriter) -> None:
    """Closing on unread bytes would reset the connection, and the answer might be lost."""
    if writer.is_closing():
        return
    writer.write_eof()
    try:
        await asyncio.wait_for(_read_away(reader), _LINGER_SECONDS)
    except (OSError, asyncio.TimeoutError):
        pass


async def _read_away(reader: StreamReader) -> None:
    while await reader.read(64 * 1024):
        pass
