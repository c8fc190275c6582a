"""One connection: reads requests with httptools, answers them one after the other, in order."""

import asyncio
import logging
import socket
import struct
from collections import deque
from collections.abc import Callable
from functools import partial

import httptools

from console.simulator.counters import Counters
from console.simulator.messages import Reply, Request, error_reply

log = logging.getLogger(__name__)

_LARGEST_BODY = 1 << 20
_LONGEST_QUEUE = 64
_NO_LINGER = struct.pack("ii", 1, 0)

Handler = Callable[[Request], Reply]


class Connection(asyncio.Protocol):
    """The server's end of a connection. It is also the `Wire` that streamed replies write to."""

    def __init__(self, handle: Handler, counters: Counters, peers: "set[Connection]") -> None:
        self._handle = handle
        self._counters = counters
        self._peers = peers
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._queue: deque[Request] = deque()
        self._delivery: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._closed = asyncio.Event()
        self._malformed = False
        self._last = False
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body = b""

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._peers.add(self)
        self._counters.connections += 1

    def connection_lost(self, _exc: Exception | None) -> None:
        """Drop what was not answered yet.

        A client that closes only its own end and still wants an answer looks like one that gave up, and is far rarer:
        with its end the whole connection ends.
        """
        self._peers.discard(self)
        for request in self._queue:
            self._settled(request)
        self._queue.clear()
        self._transport = None
        self._writable.set()
        self._closed.set()
        if self._delivery is not None:
            self._delivery.cancel()

    def data_received(self, data: bytes) -> None:
        """Read requests and answer as many as can be answered at once."""
        if self._malformed or self._last:
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._malformed = True
        self._pump()

    def pause_writing(self) -> None:
        """Stop: the client does not read as fast as it asks."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._writable.set()
        self._pump()

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Forget the message before."""
        self._url = b""
        self._headers = {}
        self._body = b""

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._headers[name.lower()] = value

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body; no request to this API has a large one."""
        self._body += body
        if len(self._body) > _LARGEST_BODY:
            self._malformed = True
            self._body = b""

    def on_message_complete(self) -> None:
        """Put the request in the queue."""
        if self._malformed or self._last:
            return
        path, _, query = self._url.decode("latin-1").partition("?")
        keep_alive = self._parser.should_keep_alive()
        request = Request(self._parser.get_method(), path, query, self._headers, self._body, keep_alive)
        self._queue.append(request)
        if not request.control:
            self._counters.received()
        self._last = not keep_alive
        if len(self._queue) > _LONGEST_QUEUE and self._transport is not None:
            self._transport.pause_reading()

    # What a streamed reply calls.

    async def write(self, data: bytes) -> None:
        """Send bytes, and wait while the client does not read."""
        await self._writable.wait()
        if not self._open():
            raise ConnectionResetError("the client is gone")
        self._send(data)

    def close(self) -> None:
        """Send what is written and close."""
        if self._transport is not None:
            self._transport.close()

    def reset(self) -> None:
        """Break off with a reset instead of an orderly end."""
        if self._transport is not None:
            sock = self._transport.get_extra_info("socket")
            if sock is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self._transport.abort()

    async def stop(self) -> None:
        """Break off whatever is going on, and wait until it has ended."""
        delivery = self._delivery
        if self._transport is not None:
            self._transport.abort()
        await self._closed.wait()
        if delivery is not None:
            await asyncio.wait([delivery])

    # The rest is private.

    def _pump(self) -> None:
        """Answer queued requests in order, until one takes time or the client stops reading."""
        while self._queue and self._delivery is None and self._writable.is_set() and self._open():
            request = self._queue.popleft()
            reply = self._answer(request)
            if reply.delay or reply.stream is not None:
                self._delivery = asyncio.get_running_loop().create_task(self._deliver(reply))
                self._delivery.add_done_callback(partial(self._delivered, request, reply))
            else:
                self._finish(request, reply)
        if self._transport is None or self._queue or self._delivery is not None:
            return
        if self._malformed:
            self._send_reply(error_reply(400, "BR01", "Invalid request"), close=True)
        elif self._last:
            self._transport.close()
        else:
            self._transport.resume_reading()

    def _open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def _answer(self, request: Request) -> Reply:
        try:
            return self._handle(request)
        except Exception:
            log.exception("the simulator failed on %s", request.path)
            return error_reply(500, "ERR99", "The simulator failed")

    async def _deliver(self, reply: Reply) -> None:
        """Wait as long as the reply takes, or write it as a stream."""
        if reply.delay:
            await asyncio.sleep(reply.delay)
        if reply.stream is not None:
            self._last = True
            await reply.stream(self)

    def _delivered(self, request: Request, reply: Reply, delivery: asyncio.Task[None]) -> None:
        """Finish a reply that took time; also called when the connection was lost meanwhile."""
        self._delivery = None
        error = None if delivery.cancelled() else delivery.exception()
        if error is not None and not isinstance(error, OSError):
            log.error("the simulator failed on %s", request.path, exc_info=error)
        if reply.stream is not None:
            self._settled(request)
            self.close()
        else:
            self._finish(request, reply)
        self._pump()

    def _finish(self, request: Request, reply: Reply) -> None:
        self._settled(request)
        self._send_reply(reply, close=not request.keep_alive, bodyless=request.method == b"HEAD")

    def _settled(self, request: Request) -> None:
        if not request.control:
            self._counters.settled()

    def _send_reply(self, reply: Reply, *, close: bool, bodyless: bool = False) -> None:
        self._send(reply.head(close=close) + (b"" if bodyless else reply.body))
        if close:
            self.close()

    def _send(self, data: bytes) -> None:
        if self._transport is not None and self._open():
            self._counters.bytes_sent += len(data)
            self._transport.write(data)
