"""Reading the body of a reply within bounds: httpx limits neither its size nor what it unpacks to."""

import zlib
from collections.abc import AsyncIterator

import httpx

from console.g2a.errors import BrokenReply

BODY_LIMIT = 8 * 1024 * 1024
"""Bytes of one reply, on the wire and unpacked. A page is 60 kB; one with a name of a megabyte still passes."""

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


async def read_body(response: httpx.Response) -> bytes:
    """The unpacked body.

    Raises:
        BrokenReply: it is too large, cut off, packed twice, or packed in a way that was not asked for.
        httpx.HTTPError: the connection broke.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        body = await _read_plain(response.aiter_raw())
    elif encoding in ("gzip", "x-gzip"):
        body = await _read_gzip(response.aiter_raw())
    else:
        raise BrokenReply("G2A sent a reply in a packing that was not asked for.")
    if body.startswith(_GZIP_MAGIC):
        raise BrokenReply("G2A sent a reply that is packed twice.")
    return body


async def _read_plain(chunks: AsyncIterator[bytes]) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        _check(size)
        parts.append(chunk)
    return b"".join(parts)


async def _read_gzip(chunks: AsyncIterator[bytes]) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    parts: list[bytes] = []
    size = packed_size = 0
    async for chunk in chunks:
        packed_size += len(chunk)
        _check(packed_size)
        try:
            part = unpacker.decompress(chunk, BODY_LIMIT + 1 - size)
        except zlib.error:
            raise BrokenReply("G2A sent a reply whose packing is damaged.") from None
        size += len(part)
        _check(size)
        parts.append(part)
    if not unpacker.eof:
        raise BrokenReply("G2A sent a packed reply that is cut off.")
    return b"".join(parts)


def _check(size: int) -> None:
    if size > BODY_LIMIT:
        raise BrokenReply(f"G2A sent a reply of more than {BODY_LIMIT // 1024 // 1024} MiB.")
