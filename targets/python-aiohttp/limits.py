"""What aiohttp would do otherwise with heads that are too large, and with malformed ones."""

import logging
from collections.abc import Awaitable, Callable
from itertools import chain

from aiohttp import http_exceptions, web

MAX_HEAD_BYTES = 16 * 1024

# aiohttp limits each line and the number of fields, not their sum, and refuses with 400. Its own
# limits are therefore above those of the contract, and only end what never ends by itself.
MAX_LINE_BYTES = 2 * MAX_HEAD_BYTES
MAX_FIELDS = 2048

# ": " and the end of the line, which aiohttp does not keep.
_SEPARATOR_BYTES = 4


@web.middleware
async def check_head(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    fields = request.raw_headers
    size = (
        sum(map(len, chain.from_iterable(fields)))
        + len(request.raw_path)
        + _SEPARATOR_BYTES * len(fields)
    )
    if size > MAX_HEAD_BYTES:
        return _refusal(431)
    if request.version.major != 1:
        # A request line without a version passes for HTTP/0.9.
        return _refusal(400)
    return await handler(request)


def _refusal(status: int) -> web.Response:
    response = web.Response(status=status)
    response.force_close()
    return response


def is_own_fault(record: logging.LogRecord) -> bool:
    """A log filter: garbage from a client is answered with 400, and is nothing to log."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, http_exceptions.HttpProcessingError)
