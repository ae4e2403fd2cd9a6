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
        # An idle connection waits right here, with no more frames and no request kept alive.
        # The reader's limit is that of a head.
        while await _answer(await reader.readuntil(b"\r\n\r\n"), reader, writer):
            pass
        await _linger(reader, writer)
    except Refusal as refusal:
        await _refuse(refusal.status, reader, writer)
    except LimitOverrunError:
        await _refuse(431, reader, writer)
    except (OSError, IncompleteReadError):
        # A client may leave, or reset, whenever it likes.
        pass
    finally:
        writer.close()


async def _answer(head: bytes, reader: StreamReader, writer: StreamWriter) -> bool:
    """Answers one request; false if the connection is to be closed."""
    # Empty lines before a request are skipped, as RFC 9112 asks for.
    head = head.strip(b"\r\n")
    if not head:
        return True
    request = Request(head)
    body = b""
    if request.content_length > 0:
        if request.expects_continue:
            _write(writer, b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(request.content_length)
    response, delay_ms = endpoints.answer(request, body)
    if delay_ms > 0:
        await _sleep(delay_ms / 1000)
    _write(writer, response)
    await writer.drain()
    return request.keep_alive


def _write(writer: StreamWriter, data: bytes) -> None:
    # uvloop raises a RuntimeError on a write after the client has reset the connection.
    if writer.is_closing():
        raise ConnectionResetError
    writer.write(data)


async def _sleep(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        await asyncio.sleep(max(left, _TIMER_SECONDS))


async def _refuse(status: int, reader: StreamReader, writer: StreamWriter) -> None:
    try:
        _write(writer, endpoints.error(status))
        await writer.drain()
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
