"""Reading the body of a reply: whole or not at all, within bounds of memory, over a real connection."""

import asyncio
import gzip
import tracemalloc
import zlib

import pytest

from console.g2a import body
from console.g2a.client import G2AClient
from console.g2a.errors import BrokenReply, TimedOut, Unreachable
from tests.unit.g2a.conftest import Connect
from tests.unit.g2a.server import Answer, packed, page, reply

MIB = 1024 * 1024
PAGE = page({"id": "1", "name": "A game"}, total=93)


async def names(client: G2AClient) -> list[str | None]:
    """The ids on page 1."""
    return [raw.id for raw in (await client.fetch_page(1)).products]


def chunked(*chunks: bytes) -> bytes:
    """A whole reply in chunks."""
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body


@pytest.mark.parametrize(
    "answer",
    [
        reply(PAGE),
        reply(PAGE, content_encoding="identity"),
        reply(PAGE, content_encoding="  "),
        packed(PAGE),
        reply(gzip.compress(PAGE), content_encoding="x-GZIP"),
        chunked(PAGE[:10], PAGE[10:11], PAGE[11:]),
        b"HTTP/1.0 200 OK\r\n\r\n",
    ],
    ids=["plain", "identity", "blank", "gzip", "x-gzip", "chunked", "closed"],
)
async def test_a_page_arrives_whole_however_it_is_sent(connect: Connect, answer: bytes) -> None:
    if answer.endswith(b"\r\n\r\n"):  # a body that ends with the connection

        async def until_closed(writer: asyncio.StreamWriter) -> None:
            writer.write(answer + PAGE)
            await writer.drain()

        client, _ = await connect(until_closed)
    else:
        client, _ = await connect(answer)
    assert await names(client) == ["1"]


async def test_gzip_in_many_pieces_is_put_together(connect: Connect) -> None:
    whole = gzip.compress(PAGE)
    pieces = [whole[place : place + 1] for place in range(len(whole))]
    client, server = await connect(
        chunked(*pieces).replace(b"\r\nTransfer", b"\r\nContent-Encoding: gzip\r\nTransfer", 1)
    )
    assert await names(client) == ["1"]
    assert server.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply(b"x", content_encoding="br"), "a packing that was not asked for"),
        (reply(b"x", content_encoding="gzip, gzip"), "a packing that was not asked for"),
        (reply(zlib.compress(PAGE), content_encoding="deflate"), "a packing that was not asked for"),
        (packed(gzip.compress(PAGE)), "a reply that is packed twice"),
        (reply(gzip.compress(PAGE)), "a reply that is packed twice"),
        (reply(gzip.compress(PAGE)[:-9], content_encoding="gzip"), "a packed reply that is cut off"),
        (reply(b"", content_encoding="gzip"), "a packed reply that is cut off"),
        (reply(b"not packed at all", content_encoding="gzip"), "a reply whose packing is damaged"),
        (reply(gzip.compress(PAGE)[:20] + b"\x00" * 20, content_encoding="gzip"), "packing is damaged"),
    ],
    ids=["br", "twice", "deflate", "in itself", "untold", "cut", "empty", "unpacked", "damaged"],
)
async def test_a_body_that_cannot_be_unpacked_is_a_broken_reply(connect: Connect, answer: bytes, said: str) -> None:
    client, _ = await connect(answer, reply(PAGE))
    with pytest.raises(BrokenReply, match=said):
        await client.fetch_page(1)
    assert await names(client) == ["1"], "the next try fares better"


def of_size(size: int) -> bytes:
    """A page of exactly that many bytes."""
    return PAGE + b" " * (size - len(PAGE))


@pytest.mark.parametrize("send", [reply, packed])
async def test_a_body_of_the_limit_is_read_and_one_byte_more_is_not(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, send: "type[bytes]"
) -> None:
    monkeypatch.setattr(body, "BODY_LIMIT", 10_000)
    client, _ = await connect(send(of_size(10_000)), send(of_size(10_001)))
    assert await names(client) == ["1"]
    with pytest.raises(BrokenReply, match="a reply of more than"):
        await client.fetch_page(1)


def gzip_bomb(mib: int) -> bytes:
    """Many MiB of nothing, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    nothing = bytes(MIB)
    return b"".join([*(packer.compress(nothing) for _ in range(mib)), packer.flush()])


async def test_a_gzip_bomb_is_not_unpacked_beyond_the_limit(connect: Connect) -> None:
    client, _ = await connect(reply(gzip_bomb(96), content_encoding="gzip"))
    tracemalloc.start()
    try:
        with pytest.raises(BrokenReply, match="a reply of more than 8 MiB"):
            await client.fetch_page(1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * MIB


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_a_body_without_end_is_left_at_the_limit(connect: Connect, encoding: str) -> None:
    noise = zlib.compressobj(0, zlib.DEFLATED, 31)  # level 0: as large packed as unpacked
    sent = 0
    gave_up = asyncio.Event()

    async def pour(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n".encode())
        try:
            while sent < 1024 * MIB:
                chunk = bytes(MIB) if encoding == "identity" else noise.compress(bytes(MIB))
                writer.write(chunk)
                sent += len(chunk)
                await writer.drain()
        except ConnectionError:
            gave_up.set()

    client, _ = await connect(pour)
    with pytest.raises(BrokenReply, match="a reply of more than 8 MiB"):
        await client.fetch_page(1)
    async with asyncio.timeout(20):
        await gave_up.wait()
    assert sent < 64 * MIB


async def test_a_byte_now_and_then_does_not_outlast_the_deadline(connect: Connect) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        try:
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.01)
        except ConnectionError:
            pass

    client, _ = await connect(drip, g2a_timeout_seconds=0.15)
    with pytest.raises(TimedOut, match=r"did not answer within 0\.15 seconds"):
        await client.fetch_page(1)


async def cut_off(writer: asyncio.StreamWriter) -> None:
    """Less than was promised."""
    writer.write(reply(PAGE)[:-5])
    await writer.drain()


async def cut_chunk(writer: asyncio.StreamWriter) -> None:
    """No last chunk."""
    writer.write(chunked(PAGE)[:-5])
    await writer.drain()


async def no_answer(writer: asyncio.StreamWriter) -> None:
    """Nothing at all."""


async def no_http(writer: asyncio.StreamWriter) -> None:
    """Something else than HTTP."""
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    await writer.drain()


@pytest.mark.parametrize("answer", [cut_off, cut_chunk, no_answer, no_http], ids=lambda each: each.__name__)
async def test_a_connection_that_breaks_off_may_be_tried_again(connect: Connect, answer: Answer) -> None:
    client, _ = await connect(answer, reply(PAGE))
    with pytest.raises(Unreachable, match="cannot be reached or broke off"):
        await client.fetch_page(1)
    assert await names(client) == ["1"]


@pytest.mark.parametrize("status", ["502 Bad Gateway", "401 Unauthorized"])
async def test_the_status_alone_says_enough_where_the_body_of_an_error_is_broken(connect: Connect, status: str) -> None:
    client, _ = await connect(reply(b"\x00", status, content_encoding="gzip"))
    with pytest.raises(Exception, match=status[:3]):
        await client.fetch_page(1)
