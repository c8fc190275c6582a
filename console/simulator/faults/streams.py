"""Faults in the transfer: bodies that never end, bodies that explode, connections that break."""

import asyncio
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from console.simulator.faults.occasion import Occasion
from console.simulator.messages import Reply, Stream, Wire

HUGE_BODY_BYTES = 1 << 30
_BLOCK = b" " * (1 << 20)
_BLOCKS = HUGE_BODY_BYTES // len(_BLOCK)
_BEFORE = b'{"total":1,"page":1,"docs":['
_AFTER = b"]}"
_SECONDS_A_BYTE = 1

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_RAW_DEFLATE = -zlib.MAX_WBITS

StreamFault = Callable[[Reply, Occasion], Stream]


def _reset(_reply: Reply, _: Occasion) -> Stream:
    """Break the connection off before a byte is sent."""

    async def stream(wire: Wire) -> None:
        wire.reset()

    return stream


def _close(reply: Reply, _: Occasion) -> Stream:
    """Close the connection in the middle of the body."""

    async def stream(wire: Wire) -> None:
        await wire.write(reply.head() + reply.body[: len(reply.body) // 2])
        wire.close()

    return stream


def _slow_body(reply: Reply, occasion: Occasion) -> Stream:
    """Send the head at once and the body byte by byte."""

    async def stream(wire: Wire) -> None:
        await wire.write(reply.head(close=True))
        for place in range(len(reply.body)):
            await asyncio.sleep(occasion.lasts(_SECONDS_A_BYTE))
            await wire.write(reply.body[place : place + 1])

    return stream


def _huge_body(_reply: Reply, _: Occasion) -> Stream:
    """Send a valid page with a gigabyte of spaces in it, of which never more than a block is in memory."""

    async def stream(wire: Wire) -> None:
        await wire.write(Reply(200).head(close=True, length=None))
        for block in (_BEFORE, *[_BLOCK] * _BLOCKS, _AFTER, b""):
            await wire.write(b"%x\r\n%b\r\n" % (len(block), block))

    return stream


def _gzip_bomb(_reply: Reply, _: Occasion) -> Stream:
    """Send a megabyte that unpacks to the same gigabyte."""

    async def stream(wire: Wire) -> None:
        packed = await asyncio.to_thread(_bomb)
        await wire.write(Reply(200, packed, headers=((b"Content-Encoding", b"gzip"),)).head(close=True) + packed)

    return stream


@cache
def _bomb() -> bytes:
    """Build the bomb. After a full flush the packer has forgotten everything, so one packed block repeats."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    before = packer.compress(_BEFORE) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(_BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    after = packer.compress(_AFTER) + packer.flush(zlib.Z_FINISH)
    check = zlib.crc32(_BEFORE)
    for _ in range(_BLOCKS):
        check = zlib.crc32(_BLOCK, check)
    check = zlib.crc32(_AFTER, check)
    size = (len(_BEFORE) + HUGE_BODY_BYTES + len(_AFTER)) % (1 << 32)
    return b"".join((_GZIP_HEADER, before, block * _BLOCKS, after, struct.pack("<II", check, size)))


STREAM_FAULTS: Mapping[str, StreamFault] = {
    "reset": _reset,
    "close": _close,
    "slow-body": _slow_body,
    "huge-body": _huge_body,
    "gzip-bomb": _gzip_bomb,
}
"""The faults of this kind, by name."""


def streamed(reply: Reply, fault: StreamFault, occasion: Occasion) -> Reply:
    """Return the reply as the fault will write it."""
    return replace(reply, stream=fault(reply, occasion))
