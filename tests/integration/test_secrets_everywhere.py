"""A server that repeats all it was sent, in every place and form it can think of: nothing of that comes out of us."""

import asyncio
import base64
import html
import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from console.settings import SecretStr, Settings
from tests.integration.bench import Bench
from tests.integration.commands import environment, words
from tests.integration.database import value
from tests.integration.replies import answering, ok
from tests.pty.terminal import Terminal

SECRET = 'x9/Very+Secret&"Indeed"=77~ok'
TOKEN = "tok/en+that.is-long~enough=="
CLIENT_ID, EMAIL = "client-of-the-shop", "me@example.com"
API_KEY = sha256(f"{CLIENT_ID}{EMAIL}{SECRET}".encode()).hexdigest()
PRODUCTS = 60


def forms(secret: str) -> list[str]:
    """The secret as a server may write it; made without any code of ours."""
    in_json = json.dumps(secret)[1:-1]
    in_url = [quote(secret), quote(secret, safe=""), quote_plus(secret), small_escapes(secret)]
    return [
        secret, *in_url, html.escape(secret), in_json, in_json.replace("/", "\\/"), in_json.replace("&", "\\u0026"),
        *in_base64(secret),
    ]  # fmt: skip


def small_escapes(secret: str) -> str:
    """As some write it in a URL: %2f, not %2F."""
    return re.sub("%..", lambda escape: escape[0].lower(), quote(secret, safe=""))


def in_base64(secret: str) -> list[str]:
    """The secret in base64, by itself and in the middle of something else, where it is written in three ways."""
    data = secret.encode()
    around = [base64.b64encode(b"x" * before + data + b"xx").decode() for before in range(3)]
    return [*around, base64.urlsafe_b64encode(data).decode()]


def signs(secret: str) -> set[str]:
    """What must not come out: each form, and of base64 what is the same whatever stands around."""
    inside = {letters[2 * before : 2 * before + 20] for before, letters in enumerate(in_base64(secret)[:3])}
    return {*forms(secret), *inside}


def echo(sent: str) -> str:
    """What was sent, in all these forms."""
    return " | ".join([f"you sent {sent}", *forms(sent), *forms(SECRET)])


class Echoing:
    """Answers each request with what it has sent, now as an error, now as a page of products."""

    def __init__(self, status: str = "200 OK", location: str = "") -> None:
        self.status = status
        self.location = location
        self.requests = 0

    def __call__(self, request: bytes) -> bytes:
        """The reply."""
        self.requests += 1
        head, _, body = request.decode("latin-1").partition("\r\n\r\n")
        if head.startswith("POST"):
            if self.requests == 1:
                return ok(json.dumps({"message": echo(body), "code": body[-20:]}).encode(), "500 Internal Server Error")
            return ok(json.dumps({"access_token": TOKEN, "expires_in": 3600}).encode())
        sent = re.search(r"(?im)^authorization: (?:bearer )?(.*)$", head)
        assert sent
        said = echo(sent[1].strip())
        return self._refusal(said) or ok(self._page(said, head))

    def _refusal(self, said: str) -> bytes | None:
        if self.location:
            return self._redirect(said)
        if self.status != "200 OK":
            return ok(json.dumps({"message": said, "code": said[-20:]}).encode(), self.status)
        every = self.requests % 7
        if every == 2:
            return ok(f"<html>{said}</html>".encode(), "502 Bad Gateway")
        if every == 4:
            return ok(f"<html>{said}</html>".encode())
        if every == 6:
            return ok(json.dumps({"message": said}).encode(), "429 Too Many Requests")
        return None

    def _redirect(self, said: str) -> bytes:
        del said
        return (
            f"HTTP/1.1 302 Found\r\nLocation: {self.location}\r\nX-Sent: {SECRET}\r\nContent-Length: 0\r\n\r\n".encode()
        )

    def _page(self, said: str, head: str) -> bytes:
        match = re.search(r"[?&]page=(\d+)", head)
        page = int(match[1]) if match else 1
        first = 20 * (page - 1)
        docs = [
            {"id": f"{100 + number}", "name": f"{number} {said}", "qty": 1, "minPrice": 9.9, "slug": said}
            for number in range(first, min(first + 20, PRODUCTS))
        ]
        if docs:
            docs[0]["qty"] = said  # this one is rejected, and kept with its document
        text = json.dumps({"total": PRODUCTS, "page": page, "docs": docs})
        return (text if self.requests % 2 else text.replace("/", "\\/")).encode()


def settings(address: str) -> Settings:
    """Settings with the secret."""
    return Settings(g2a_base_url=address, g2a_client_id=CLIENT_ID, g2a_client_secret=SecretStr(SECRET), g2a_email=EMAIL)


async def printed_by(bench: Bench, address: str, *arguments: str, **more: str) -> bytes:
    """Everything that a command prints."""
    process = await asyncio.create_subprocess_exec(
        *words(bench, *arguments),
        env=environment(settings(address), LOG_LEVEL="DEBUG", **more),
        cwd=bench.home.root,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert output or arguments[:1] == ("db",)
    return output


def shown_by_the_console(bench: Bench, address: str, way: str) -> bytes:
    """Everything that the console writes to its terminal while it syncs, and what its screens show."""
    raw = bytearray()
    told = {**environment(settings(address), LOG_LEVEL="DEBUG", G2A_AUTH=way), "TERM": "xterm-256color"}
    with Terminal(["--home", str(bench.home.root)], told, columns=200, lines=50) as terminal:
        feed = terminal._stream.feed

        def keep(data: bytes) -> None:
            raw.extend(data)
            feed(data)

        terminal._stream.feed = keep  # type: ignore[method-assign]
        terminal.until("Scheduler started")
        terminal.press("s")
        terminal.until("Start the sync")
        terminal.press("\r")
        terminal.until("COMPLETED WITH ERRORS", 60)
        raw.extend(terminal.text.encode())
        terminal.press("q")
        assert terminal.wait(20) == 0
    return bytes(raw)


def check_nothing_leaked(bench: Bench, *printed: bytes) -> None:
    """No file of the home and nothing that was printed holds a secret in any form."""
    files: dict[str, bytes] = {str(path): path.read_bytes() for path in bench.home.root.rglob("*") if path.is_file()}
    texts = files | {f"output {number}": text for number, text in enumerate(printed)}
    assert {"catalog.db", "product_sync_scheduler.log"} <= {Path(name).name for name in files}
    leaks = [
        (name, form)
        for secret in (SECRET, API_KEY, TOKEN)
        for form in signs(secret)
        for name, text in texts.items()
        if form.encode() in text or form.encode("utf-16-le") in text
    ]
    assert leaks == []


def keep_wal(bench: Bench) -> Callable[[], None]:
    """Keep another connection open, so that the write-ahead log stays on the disk and is looked through as well."""
    import sqlite3

    connection = sqlite3.connect(bench.database)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection.close


@pytest.mark.parametrize("way", ["hash", "oauth"])
async def test_names_errors_and_rejected_documents_that_repeat_our_secrets_are_told_without_them(
    bench: Bench, way: str
) -> None:
    server = Echoing()
    async with answering(server) as address:
        first = await printed_by(bench, address, "sync", "--json", G2A_AUTH=way)
        report = json.loads(first)
        assert (report["status"], report["products_seen"]) == ("partial", PRODUCTS - 3)
        close = keep_wal(bench)
        try:
            printed = [
                await printed_by(bench, address, *arguments, G2A_AUTH=way)
                for arguments in (
                    ["sync"],
                    ["run", "1", "--json"],
                    ["run", "2"],
                    ["runs", "--json"],
                    ["status", "--json"],
                    ["doctor", "--json"],
                    ["doctor"],
                    ["sync", "--dry-run", "--json"],
                    ["db", "check"],
                )
            ]
            shown = await asyncio.to_thread(shown_by_the_console, bench, address, way)
            assert bench.database.with_name("catalog.db-wal").stat().st_size
            check_nothing_leaked(bench, first, *printed, shown)
        finally:
            close()
    assert value(bench.database, "SELECT count(*) FROM products WHERE name LIKE '%you sent%***%'") == PRODUCTS - 3
    assert value(bench.database, "SELECT count(*) FROM rejected_products WHERE document LIKE '%***%'") == 9


@pytest.mark.parametrize(
    "status", ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "500 Internal Server Error"]
)
async def test_refusals_that_repeat_our_secrets_are_told_without_them(bench: Bench, status: str) -> None:
    async with answering(Echoing(status)) as address:
        told = {"G2A_AUTH": "hash"}
        printed = [await printed_by(bench, address, *arguments, **told) for arguments in (["sync"], ["doctor"])]
    assert b"***" in b"".join(printed)
    check_nothing_leaked(bench, *printed)


@pytest.mark.parametrize(
    "location",
    [
        f"https://me:{SECRET}@elsewhere.invalid/",
        f"https://{API_KEY}.elsewhere.invalid/?key={API_KEY}",
        f"https://elsewhere.invalid/{quote(SECRET, safe='')}",
        f"https://{quote(SECRET, safe='')}/",
        f"https://[{SECRET}/",
    ],
)
async def test_redirects_that_repeat_our_secrets_are_told_without_them(bench: Bench, location: str) -> None:
    async with answering(Echoing(location=location)) as address:
        told = {"G2A_AUTH": "hash"}
        printed = [await printed_by(bench, address, *arguments, **told) for arguments in (["sync"], ["doctor"])]
    assert b"redirects to" in printed[0]
    check_nothing_leaked(bench, *printed)


async def test_a_reply_that_is_no_http_is_told_without_what_it_repeats(bench: Bench) -> None:
    def answer(request: bytes) -> bytes:
        del request
        return f"{SECRET} {API_KEY} is what you sent\r\n\r\n".encode()

    async with answering(answer) as address:
        printed = await printed_by(bench, address, "doctor", G2A_AUTH="hash")
    assert b"cannot be reached or broke off" in printed
    (bench.database).touch()
    bench.home.log_file.touch()
    check_nothing_leaked(bench, printed)
