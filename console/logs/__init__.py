"""The log: one file, and the same records live for whoever listens.

Records go through a queue to a thread of their own, so that a slow or full disk never holds up the engine. On that way
each is cleaned to one line and rid of secrets. Only the blocks that open and close a run have more than one line.
"""

import contextlib
import logging
import queue
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from console.logs.file import LogFile
from console.redaction import Redactor
from console.text import clean

RECORDS_KEPT = 5_000
"""Records held in memory for the log pane."""

_MESSAGE_LIMIT = 4_000
_QUEUE_LIMIT = 10_000
_CLOSE_SECONDS = 5.0
"""How long the end of the program waits for a disk that does not take what is left."""
_CHATTY = ("httpx", "httpcore", "apscheduler", "alembic", "sqlalchemy", "asyncio")
"""Libraries that tell at INFO what only their authors want to know; httpx even prints query strings."""


class LogLine(msgspec.Struct, frozen=True):
    """One record of the log. `message` has several lines only where it is the block of a run."""

    at: datetime
    logger: str
    level: str
    message: str


def block(*lines: str) -> dict[str, Any]:
    """The arguments that make a log call write several lines: `logger.info(**block("first", "second"))`.

    Each line is cleaned by itself, so that a value from outside can never start a line of its own.
    """
    return {"msg": "\n".join(clean(line, _MESSAGE_LIMIT) for line in lines), "extra": {"is_block": True}}


def traceback_lines(error: BaseException) -> list[str]:
    """The traceback as lines of ours: an exception's own text never starts a line. No local variables."""
    lines: list[str] = []
    for each in _chain(error):
        lines.append("Traceback (most recent call last):")
        lines += [line for entry in traceback.format_tb(each.__traceback__) for line in entry.rstrip("\n").split("\n")]
        lines.append(clean(f"{type(each).__name__}: {each}", _MESSAGE_LIMIT))
    return lines


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what caused it, the cause first, as Python prints them."""
    chain: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in chain:
        chain.insert(0, each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return chain


class Log:
    """The log of this process, from `open` to `close`."""

    def __init__(self, handlers: Sequence[logging.Handler], level: str, secrets: Sequence[str]) -> None:
        self._memory = _MemoryHandler()
        records: queue.Queue[logging.LogRecord | None] = queue.Queue(_QUEUE_LIMIT)
        self._handler = _CleaningQueueHandler(records, secrets)
        self._writer = _Writer(records, (*handlers, self._memory))
        self._handlers = handlers
        self._level = level
        self._is_closed = False

    @classmethod
    def open(cls, path: Path, level: str, secrets: Sequence[str], max_megabytes: int, backups: int) -> "Log":
        """Start logging to the file, which is made readable by its owner alone.

        Raises:
            OSError: the file cannot be written.
        """
        log = cls([LogFile(path, max_megabytes * 1_000_000, backups)], level, secrets)
        log._start()
        return log

    def _start(self) -> None:
        logging.raiseExceptions = False  # a full disk must not write tracebacks over the screen
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        root = logging.getLogger()
        root.addHandler(self._handler)
        root.setLevel(self._level)
        self._writer.start()

    def black_out(self, secret: str) -> None:
        """One more text that no record may show."""
        self._handler.black_out(secret)

    def tail(self, limit: int) -> tuple[LogLine, ...]:
        """The newest records, oldest first."""
        return self._memory.tail(limit)

    def listen(self, listener: Callable[[LogLine], None]) -> Callable[[], None]:
        """Call `listener` for every record from now on, on the log's thread; returns what ends it."""
        return self._memory.listen(listener)

    def close(self) -> None:
        """Write what is still waiting, and close the file. Closing it twice is closing it once."""
        if self._is_closed:
            return
        self._is_closed = True
        logging.getLogger().removeHandler(self._handler)
        if self._writer.end(self._handler.lost_at_the_end()):
            for handler in self._handlers:
                handler.close()


class _Writer:
    """Hands the records to the handlers, on a thread of its own."""

    def __init__(self, records: "queue.Queue[logging.LogRecord | None]", handlers: Sequence[logging.Handler]) -> None:
        self._records = records
        self._handlers = handlers
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self, last_words: logging.LogRecord | None) -> bool:
        """Hand over what is still waiting and `last_words`; False where that does not end in time."""
        deadline = time.monotonic() + _CLOSE_SECONDS
        with contextlib.suppress(queue.Full):
            for last in [last_words, None] if last_words else [None]:
                self._records.put(last, timeout=max(deadline - time.monotonic(), 0))
            self._thread.join(max(deadline - time.monotonic(), 0))
        return not self._thread.is_alive()

    def _write(self) -> None:
        while (record := self._records.get()) is not None:
            for handler in self._handlers:
                handler.handle(record)


class _CleaningQueueHandler(logging.Handler):
    """Turns a record into its final text where it is logged, and never waits for the queue."""

    def __init__(self, records: "queue.Queue[logging.LogRecord | None]", secrets: Sequence[str]) -> None:
        super().__init__()
        self._records = records
        self._redactor = Redactor(secrets)
        self._lost = 0

    def black_out(self, secret: str) -> None:
        self._redactor.add(secret)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._enqueue(self._final(record))
        except Exception:  # noqa: BLE001 - a record that cannot be put into words must not end what logs it
            self.handleError(record)

    def _final(self, record: logging.LogRecord) -> logging.LogRecord:
        message = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            message = " | ".join([message, *traceback_lines(record.exc_info[1])])
        message = self._redactor.text(message)
        if not getattr(record, "is_block", False):
            message = clean(message, _MESSAGE_LIMIT)
        record.msg, record.args, record.exc_info, record.exc_text, record.stack_info = message, None, None, None, None
        return record

    def _enqueue(self, record: logging.LogRecord) -> None:
        try:
            if self._lost:
                self._records.put_nowait(_lost(self._lost))
                self._lost = 0
            self._records.put_nowait(record)
        except queue.Full:  # better a record lost than the sync held up
            self._lost += 1

    def lost_at_the_end(self) -> logging.LogRecord | None:
        """What is to be said of records that were lost and not told of yet."""
        return _lost(self._lost) if self._lost else None


def _lost(count: int) -> logging.LogRecord:
    said = f"Records lost: {count:,}; they came faster than they could be written"
    told = {"name": "console", "levelno": logging.WARNING, "levelname": "WARNING", "msg": said}
    return logging.makeLogRecord(told)


class _MemoryHandler(logging.Handler):
    """Keeps the newest records and tells the listeners."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[LogLine] = deque(maxlen=RECORDS_KEPT)
        self._listeners: list[Callable[[LogLine], None]] = []

    def tail(self, limit: int) -> tuple[LogLine, ...]:
        with self.lock or contextlib.nullcontext():
            return tuple(self._lines)[max(len(self._lines) - limit, 0) :]

    def listen(self, listener: Callable[[LogLine], None]) -> Callable[[], None]:
        with self.lock or contextlib.nullcontext():
            self._listeners.append(listener)

        def end() -> None:
            with self.lock or contextlib.nullcontext():
                self._listeners.remove(listener)

        return end

    def emit(self, record: logging.LogRecord) -> None:
        at = datetime.fromtimestamp(record.created, UTC)
        line = LogLine(at, clean(record.name), record.levelname, record.getMessage())
        self._lines.append(line)
        for listener in tuple(self._listeners):
            try:
                listener(line)
            except Exception:  # noqa: BLE001 - a listener's fault must not end the log
                self.handleError(record)
