"""What the server answers: the endpoints of the contract."""

import json

from request import Request

MAX_SLEEP_MILLISECONDS = 60_000
MAX_CPU_ROUNDS = 10_000_000

TEXT = b"text/plain"
JSON = b"application/json"

_REASONS = {
    400: b"Bad Request",
    404: b"Not Found",
    405: b"Method Not Allowed",
    411: b"Length Required",
    413: b"Content Too Large",
    431: b"Request Header Fields Too Large",
}

_to_json = json.JSONEncoder(separators=(",", ":")).encode


def answer(request: Request, body: bytes) -> tuple[bytes, int]:
    """The whole response, and the milliseconds to wait before it is sent."""
    endpoint = _FIXED.get(request.path)
    if endpoint is not None:
        method, respond = endpoint
        if request.method != method:
            return error(405, request.keep_alive), 0
        return respond(request, body), 0
    prefix, _, parameter = request.path[1:].partition(b"/")
    endpoint = _WITH_PARAMETER.get(prefix)
    if endpoint is None or not parameter:
        return error(404, request.keep_alive), 0
    if request.method != b"GET":
        return error(405, request.keep_alive), 0
    return endpoint(request, parameter)


def error(status: int, keep_alive: bool = False) -> bytes:
    close = b"" if keep_alive else b"Connection: close\r\n"
    return b"HTTP/1.1 %d %b\r\nContent-Length: 0\r\n%b\r\n" % (status, _REASONS[status], close)


def _ok(request: Request, content_type: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n%b\r\n%b" % (
        content_type,
        len(body),
        b"" if request.keep_alive else b"Connection: close\r\n",
        body,
    )


def _plaintext(request: Request, _body: bytes) -> bytes:
    return _ok(request, TEXT, b"Hello, World!")


def _json(request: Request, _body: bytes) -> bytes:
    return _ok(request, JSON, _to_json({"message": "Hello, World!"}).encode())


def _echo(request: Request, body: bytes) -> bytes:
    return _ok(request, request.content_type or b"application/octet-stream", body)


def _health(request: Request, _body: bytes) -> bytes:
    return _ok(request, TEXT, b"ok")


def _sleep(request: Request, parameter: bytes) -> tuple[bytes, int]:
    milliseconds = _number(parameter, MAX_SLEEP_MILLISECONDS)
    if milliseconds is None:
        return error(400, request.keep_alive), 0
    return _ok(request, TEXT, b"slept"), milliseconds


def _cpu(request: Request, parameter: bytes) -> tuple[bytes, int]:
    rounds = _number(parameter, MAX_CPU_ROUNDS)
    if rounds is None:
        return error(400, request.keep_alive), 0
    x = 1
    for _ in range(rounds):
        x = (x * 1664525 + 1013904223) & 0xFFFFFFFF
    return _ok(request, TEXT, b"%d" % x), 0


def _user(request: Request, parameter: bytes) -> tuple[bytes, int]:
    user_id = parameter.decode("latin-1")
    user = {"id": user_id, "name": f"user {user_id}"}
    return _ok(request, JSON, _to_json(user).encode()), 0


def _number(digits: bytes, maximum: int) -> int | None:
    if not digits.isdigit() or len(digits.lstrip(b"0")) > 10:
        return None
    number = int(digits)
    return number if number <= maximum else None


_FIXED = {
    b"/plaintext": (b"GET", _plaintext),
    b"/json": (b"GET", _json),
    b"/echo": (b"POST", _echo),
    b"/health": (b"GET", _health),
}

_WITH_PARAMETER = {
    b"sleep": _sleep,
    b"cpu": _cpu,
    b"users": _user,
}
