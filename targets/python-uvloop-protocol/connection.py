"""One client, served by callbacks: asyncio's protocol interface."""

import asyncio
import time

import endpoints
from request import MAX_HEAD_BYTES, Refusal, Request

_LINGER_SECONDS = 1.0

# The loop's timers count whole milliseconds, and may fire up to one too early.
_TIMER_SECONDS = 0.001

# What a client may send ahead while an earlier request waits, before it has to wait as well.
_MAX_AHEAD_BYTES = 64 * 1024


class Connection(asyncio.Protocol):
    __slots__ = (
        "_closing",
        "_eof",
        "_input",
        "_loop",
        "_request",
        "_scanned",
        "_timer",
        "_transport",
        "_writing_paused",
    )

    _transport: asyncio.Transport

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        # Received and not yet consumed.
        self._input: bytes | bytearray = b""
        # How much of it is known not to hold the end of a head.
        self._scanned = 0
        # Parsed, its body still to come.
        self._request: Request | None = None
        # Runs while /sleep waits, or the connection lingers.
        self._timer: asyncio.TimerHandle | None = None
        self._writing_paused = False
        self._eof = False
        self._closing = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def data_received(self, data: bytes) -> None:
        if self._closing:
            return
        if not self._input:
            # The usual case: whole requests, parsed where they are.
            self._input = data
        else:
            if not isinstance(self._input, bytearray):
                self._input = bytearray(self._input)
            self._input += data
        if not self._is_waiting():
            self._serve()
        elif len(self._input) > _MAX_AHEAD_BYTES:
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        # A client that has half-closed still gets the answers it waits for.
        self._eof = True
        return not self._closing and self._is_waiting()

    def pause_writing(self) -> None:
        self._writing_paused = True

    def resume_writing(self) -> None:
        self._writing_paused = False
        self._resume()

    def _is_waiting(self) -> bool:
        return self._timer is not None or self._writing_paused

    def _resume(self) -> None:
        if self._closing or self._is_waiting():
            return
        self._transport.resume_reading()
        self._serve()
        if self._eof and not self._closing and not self._is_waiting():
            self._close(lingering=False)

    def _serve(self) -> None:
        """Answers the requests that have come in whole, until one has to wait."""
        data = self._input
        at = 0
        try:
            while not self._closing and not self._is_waiting():
                request = self._request
                if request is None:
                    end = data.find(b"\r\n\r\n", max(at, self._scanned))
                    if (len(data) if end < 0 else end) - at > MAX_HEAD_BYTES:
                        raise Refusal(431)
                    if end < 0:
                        self._scanned = max(len(data) - 3, at)
                        break
                    # Empty lines before a request are skipped, as RFC 9112 asks for.
                    head = bytes(data[at:end]).lstrip(b"\r\n")
                    at = end + 4
                    if not head:
                        continue
                    request = Request(head)
                end = at + request.content_length
                if end > len(data):
                    if self._request is None and request.expects_continue:
                        self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                    self._request = request
                    break
                self._request = None
                body = bytes(data[at:end])
                at = end
                self._answer(request, body, more=at < len(data))
        except Refusal as refusal:
            self._transport.write(endpoints.error(refusal.status))
            self._close(lingering=True)
        if at > 0:
            self._input = data[at:]
            self._scanned = max(self._scanned - at, 0)

    def _answer(self, request: Request, body: bytes, more: bool) -> None:
        response, delay_ms = endpoints.answer(request, body)
        if delay_ms == 0:
            self._send(response, request.keep_alive, more)
            return
        deadline = time.monotonic() + delay_ms / 1000
        self._timer = self._loop.call_later(
            delay_ms / 1000, self._wake, deadline, response, request.keep_alive
        )

    def _wake(self, deadline: float, response: bytes, keep_alive: bool) -> None:
        left = deadline - time.monotonic()
        if left > 0:
            self._timer = self._loop.call_later(
                max(left, _TIMER_SECONDS), self._wake, deadline, response, keep_alive
            )
            return
        self._timer = None
        self._send(response, keep_alive, more=len(self._input) > 0)
        self._resume()

    def _send(self, response: bytes, keep_alive: bool, more: bool) -> None:
        self._transport.write(response)
        if not keep_alive:
            self._close(lingering=more)

    def _close(self, lingering: bool) -> None:
        self._closing = True
        if lingering and not self._eof:
            # Closing on unread bytes would reset the connection, and the answer might be lost.
            self._transport.write_eof()
            self._transport.resume_reading()
            self._timer = self._loop.call_later(_LINGER_SECONDS, self._transport.abort)
        else:
            self._transport.close()
