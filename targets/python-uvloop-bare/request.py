"""The head of an HTTP/1.1 request, parsed."""

import re

MAX_HEAD_BYTES = 16 * 1024
MAX_BODY_BYTES = 4 * 1024 * 1024

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"

# Two passes of the regular expression engine cost less than a loop over the fields in Python: the
# first takes the request line apart and checks the syntax of all fields, the second finds the few
# fields that matter here.
_HEAD = re.compile(
    rb"(%b) ([^ \r\n]+) HTTP/1\.([0-9])((?:\r\n%b:[^\r\n]*)*)" % (_TOKEN, _TOKEN)
)
_FIELDS = re.compile(
    rb"\r\n(connection|content-length|content-type|expect|transfer-encoding):[ \t]*([^\r\n]*)",
    re.IGNORECASE,
)


class Refusal(Exception):
    """A request that is answered with an error, after which the connection ends."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Request:
    __slots__ = (
        "content_length",
        "content_type",
        "expects_continue",
        "keep_alive",
        "method",
        "path",
    )

    def __init__(self, head: bytes) -> None:
        """Parses a head, which comes without the empty line at its end."""
        match = _HEAD.fullmatch(head)
        if match is None:
            raise Refusal(400)
        self.method, target, minor, fields = match.groups()
        self.path = target.partition(b"?")[0] if b"?" in target else target
        self.keep_alive = minor != b"0"
        self.content_length = 0
        self.content_type = b""
        self.expects_continue = False
        found = _FIELDS.findall(fields)
        if found:
            self._take(found)

    def _take(self, fields: list[tuple[bytes, bytes]]) -> None:
        length = None
        encoded = False
        for name, value in fields:
            name = name.lower()
            value = value.rstrip(b" \t")
            if name == b"connection":
                value = value.lower()
                if value != b"keep-alive" and b"close" in value.replace(b" ", b"").split(b","):
                    self.keep_alive = False
            elif name == b"content-length":
                # isdigit() of bytes knows the ten ASCII digits only, and no sign.
                if not value.isdigit() or (length is not None and length != value):
                    raise Refusal(400)
                length = value
            elif name == b"content-type":
                self.content_type = value
            elif name == b"expect":
                self.expects_continue = value.lower() == b"100-continue"
            else:
                encoded = True
        if encoded:
            # Both framings at once are how requests are smuggled; one is merely not supported.
            raise Refusal(411 if length is None else 400)
        if length is not None:
            # Ten digits are above any limit, and int() refuses thousands of them.
            if len(length.lstrip(b"0")) > 10 or int(length) > MAX_BODY_BYTES:
                raise Refusal(413)
            self.content_length = int(length)
