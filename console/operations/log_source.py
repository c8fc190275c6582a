"""Where a face's log comes from: the records of this process, or what another one wrote into the file before them."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from console.logs import RECORDS_KEPT, LogLine

Listener = Callable[[LogLine], None]


class LogSource(Protocol):
    """The newest records, and those that come."""

    def tail(self, limit: int) -> tuple[LogLine, ...]:
        """The newest records, oldest first."""
        ...

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` for every record from now on; returns what ends it."""
        ...


class JoinedLog:
    """The file up to a moment, and the records of this process from then on, each once.

    It collects them from when it is made; `begin` says what the file held, and nothing is missed in between.
    """

    def __init__(self, log: LogSource) -> None:
        self._lines: deque[LogLine] = deque(maxlen=RECORDS_KEPT)
        self._waiting: list[LogLine] = []
        self._known: set[tuple[datetime, str, str]] = set()
        self._listener: Listener | None = None
        self._has_begun = False
        self._lock = threading.Lock()
        self._end: Callable[[], None] | None = log.listen(self._came)

    def begin(self, earlier: Sequence[LogLine]) -> None:
        """This is what the file has told so far."""
        with self._lock:
            self._has_begun = True
            self._known = {_key(line) for line in earlier}
            self._lines.extendleft(reversed(earlier))
            self._waiting, waiting = [], self._waiting
            for line in waiting:
                self._add(line)

    def tail(self, limit: int) -> tuple[LogLine, ...]:
        """The newest records, oldest first."""
        with self._lock:
            return tuple(self._lines)[max(len(self._lines) - limit, 0) :]

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` for every record that the file has not told, those that came already at once."""
        with self._lock:
            self._listener = listener
            for line in self._waiting:
                listener(line)
            self._waiting = []
        return self.close

    def close(self) -> None:
        """Collect no more."""
        end, self._end = self._end, None
        if end:
            end()

    def _came(self, line: LogLine) -> None:
        with self._lock:
            if self._has_begun:
                self._add(line)
            else:
                self._waiting.append(line)

    def _add(self, line: LogLine) -> None:
        if _key(line) in self._known:
            return
        self._lines.append(line)
        if self._listener:
            self._listener(line)
        else:
            self._waiting.append(line)


def _key(line: LogLine) -> tuple[datetime, str, str]:
    """What tells records apart in the file, whose times have milliseconds."""
    return line.at.replace(microsecond=line.at.microsecond // 1000 * 1000), line.logger, line.message
