"""Faults in the reply: another status, another body than the right one."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import formatdate

from console.simulator.faults.occasion import Occasion
from console.simulator.faults.products import HOSTILE_TEXT
from console.simulator.messages import Headers, Reply, error_reply, html_reply

ReplyFault = Callable[[Reply, Occasion], Reply]

_GZIP: Headers = ((b"Content-Encoding", b"gzip"),)
_DEPTH = 100_000
_RETRY_AFTER_S = 1
_ABSURD_RETRY_AFTER_S = 10**12
_SLOW_S = 10


def _body(content: bytes) -> ReplyFault:
    """Status 200 with another body."""
    return lambda _reply, _occasion: Reply(200, content)


def _always(reply: Reply) -> ReplyFault:
    return lambda _reply, _occasion: reply


def _invalid_json(reply: Reply, _: Occasion) -> Reply:
    """The right body without its first colon."""
    return Reply(200, reply.body.replace(b'":', b'"', 1) or b"{")


def _truncated_json(reply: Reply, _: Occasion) -> Reply:
    """The first half of the right body, sent as if it were all."""
    return Reply(200, reply.body[: len(reply.body) // 2])


def _truncated_gzip(reply: Reply, _: Occasion) -> Reply:
    packed = gzip.compress(reply.body, 1, mtime=0)
    return Reply(200, packed[: len(packed) // 2], headers=_GZIP)


def _double_gzip(reply: Reply, _: Occasion) -> Reply:
    """Compressed twice and declared once."""
    return Reply(200, gzip.compress(gzip.compress(reply.body, 1, mtime=0), 1, mtime=0), headers=_GZIP)


def _too_many(retry_after: Callable[[Occasion], str]) -> ReplyFault:
    def refuse(_reply: Reply, occasion: Occasion) -> Reply:
        headers = ((b"Retry-After", retry_after(occasion).encode()),)
        return error_reply(429, "BR03", "Too many requests", headers)

    return refuse


def _redirect(_reply: Reply, occasion: Occasion) -> Reply:
    return replace(html_reply(302, "302 Found"), headers=((b"Location", occasion.redirect_to.encode()),))


def _slow(reply: Reply, occasion: Occasion) -> Reply:
    """The right reply, late."""
    return replace(reply, delay=reply.delay + occasion.lasts(_SLOW_S))


REPLY_FAULTS: Mapping[str, ReplyFault] = {
    "html": _always(html_reply(200, "We will be right back")),
    "empty": _body(b""),
    "null": _body(b"null"),
    "list": _body(b"[]"),
    "invalid-json": _invalid_json,
    "truncated-json": _truncated_json,
    "truncated-gzip": _truncated_gzip,
    "double-gzip": _double_gzip,
    "deep-nesting": _body(b'{"total":1,"page":1,"docs":' + b"[" * _DEPTH + b"]" * _DEPTH + b"}"),
    "429": _always(error_reply(429, "BR03", "Too many requests")),
    "429-retry-after": _too_many(lambda occasion: f"{occasion.lasts(_RETRY_AFTER_S):.0f}"),
    "429-negative": _too_many(lambda _: "-5"),
    "429-date": _too_many(lambda occasion: formatdate(occasion.now + occasion.lasts(_RETRY_AFTER_S), usegmt=True)),
    "429-absurd": _too_many(lambda _: str(_ABSURD_RETRY_AFTER_S)),
    "500": _always(error_reply(500, "ERR99", "Internal error")),
    "502-empty": _always(Reply(502, b"", b"text/html")),
    "503": _always(html_reply(503, "503 Service Unavailable")),
    "401": _always(error_reply(401, "AUTH02", "Authorization failed")),
    "403": _always(error_reply(403, "AUTH03", "IP address is not allowed")),
    "hostile-error": _always(error_reply(400, HOSTILE_TEXT[0], " ".join(HOSTILE_TEXT))),
    "hostile-html": _always(html_reply(400, " ".join(HOSTILE_TEXT))),
    "redirect": _redirect,
    "slow": _slow,
}
"""The faults of this kind, by name."""
