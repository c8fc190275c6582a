"""The line to the engine: how it is opened, read, and asked."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

import msgspec

from console.logs import LogLine
from console.operations.events import Event
from console.operations.protocol import Feed, Operations, Refused, Snapshot
from console.text import clean
from console.tui.state.log_lines import LINES_KEPT

Connect = Callable[[], Awaitable[Operations]]
"""Brings the engine; awaited once, after the first paint. May raise Refused."""

PATIENCE_SECONDS = 30.0
"""For an answer that is only read: whoever waits longer is told, and may ask again."""

_logger = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class Unanswered(Exception):
    """The engine gave no answer. The message says why, in one line for the operator."""


class Everything(msgspec.Struct, frozen=True):
    """All that the engine tells of itself at one moment."""

    snapshot: Snapshot
    log: tuple[LogLine, ...]


class Link(msgspec.Struct, frozen=True):
    """An open line to the engine."""

    operations: Operations
    feed: Feed

    @classmethod
    async def open(cls, connect: Connect) -> tuple["Link", "Everything"]:
        """Wait for the engine, listen to it, and learn how it stands; in this order, so that no event is missed.

        Raises:
            Unanswered: there is no engine; the message says why.
        """
        operations = await ask(_awaited(connect), seconds=None)
        link = cls(operations, operations.subscribe())
        try:
            return link, await link.everything()
        except BaseException:
            link.close()
            raise

    async def everything(self) -> "Everything":
        """The snapshot and the newest log records, as they are now.

        Raises:
            Unanswered: the engine did not tell.
        """
        return Everything(await ask(self.operations.snapshot()), await ask(self.operations.log_tail(LINES_KEPT)))

    def drain(self) -> tuple[Sequence[Event], bool]:
        """The events since the last call, and whether some were lost."""
        return self.feed.drain()

    def close(self) -> None:
        """Stop listening; the engine goes on."""
        self.feed.close()


async def ask(
    question: Coroutine[Any, Any, _Answer],
    *,
    passing: type[Exception] | None = None,
    seconds: float | None = PATIENCE_SECONDS,
) -> _Answer:
    """The answer to a question to the engine. What is `passing` is the asker's own affair, and comes as it is.

    It is given up after so many seconds; None waits for ever, for what changes something and may take its time.

    Raises:
        Unanswered: it was refused, or something broke; the message is one line that can be shown.
    """
    try:
        async with asyncio.timeout(seconds) as patience:
            return await question
    except TimeoutError as error:
        if patience.expired():
            raise Unanswered(f"There was no answer within {seconds:g} seconds.") from error
        raise Unanswered(_in_a_line(error)) from error
    except Refused as refusal:
        raise Unanswered(clean(str(refusal))) from refusal
    except Exception as error:  # the outermost door to the engine: whatever comes becomes one line
        if passing is not None and isinstance(error, passing):
            raise
        _logger.exception("the engine did not answer")
        raise Unanswered(_in_a_line(error)) from error


def _in_a_line(error: Exception) -> str:
    name = type(error).__name__
    return clean(f"{name}: {error}" if str(error) else name)


async def _awaited(connect: Connect) -> Operations:
    return await connect()
