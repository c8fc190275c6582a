"""A server that gives every request the same answer: for what the simulator of the API would never say."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast

_END_SECONDS = 10.0

Answer = Callable[[bytes], bytes]
"""Makes the reply of the request, both as they are on the wire."""


def ok(body: bytes, status: str = "200 OK") -> bytes:
    """A reply with this body."""
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status.encode(), len(body), body)


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """A server on loopback that gives this answer to everything; its address."""

    serving: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(cast("asyncio.Task[None]", asyncio.current_task()))
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"), 0
                )
                writer.write(answer(head + await reader.readexactly(size)))
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"
        await asyncio.wait_for(asyncio.gather(*serving), _END_SECONDS)  # who asked has hung up: that must be noticed
