"""A request as it was read from a connection, and a reply as it will be written to one."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import msgspec

JSON = b"application/json"
HTML = b"text/html; charset=utf-8"

CONTROL_PREFIX = "/_control/"

Headers = tuple[tuple[bytes, bytes], ...]

_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Request:
    """A complete request."""

    method: bytes
    path: str
    query: str
    headers: Mapping[bytes, bytes]
    """By lower-case name; of a header given twice the last."""
    body: bytes
    keep_alive: bool

    @property
    def control(self) -> bool:
        """Whether it is for the simulator itself and not for the API; such requests are not counted."""
        return self.path.startswith(CONTROL_PREFIX)


class Wire(Protocol):
    """A connection, for replies that are more than a head and a body."""

    async def write(self, data: bytes) -> None:
        """Send bytes, and wait while the client does not read.

        Raises:
            ConnectionError: the client is gone.
        """

    def close(self) -> None:
        """Send what is written and close the connection."""

    def reset(self) -> None:
        """Break the connection off at once, so that the client sees a reset."""


Stream = Callable[[Wire], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: normally a status, headers and a body."""

    status: int
    body: bytes = b""
    content_type: bytes = JSON
    headers: Headers = ()
    delay: float = 0
    """Seconds from the request to the first byte."""
    stream: Stream | None = None
    """Writes everything itself, the head included; the connection is closed afterwards."""

    def head(self, *, close: bool = False, length: int | None = -1) -> bytes:
        """Return status line and headers.

        Args:
            close: say that the connection ends with this reply.
            length: the length to declare; -1 is the body's, None declares chunks instead.
        """
        declared = len(self.body) if length == -1 else length
        framing = b"Transfer-Encoding: chunked" if declared is None else b"Content-Length: %d" % declared
        extra = b"".join(b"%b: %b\r\n" % header for header in self.headers)
        return b"HTTP/1.1 %d %b\r\nContent-Type: %b\r\n%b\r\n%b%b\r\n" % (
            self.status,
            _REASONS.get(self.status, b"Unknown"),
            self.content_type,
            framing,
            extra,
            b"Connection: close\r\n" if close else b"",
        )


def error_reply(status: int, code: str, message: str, headers: Headers = ()) -> Reply:
    """Return an error with the body that the API gives to all of them."""
    body = msgspec.json.encode({"status": "ERROR", "message": message, "code": code})
    return Reply(status, body, headers=headers)


def json_reply(value: object, status: int = 200) -> Reply:
    """Return `value` as JSON."""
    return Reply(status, msgspec.json.encode(value))


def html_reply(status: int, title: str) -> Reply:
    """Return a page such as a web server or a proxy makes."""
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Reply(status, page.encode(), HTML)
