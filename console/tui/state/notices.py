"""What the console says in passing: one notice at a time, and all of them kept for whoever comes back."""

import enum
from collections import deque
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

NOTICES_KEPT = 200

_SECONDS_UNTIL_SEEN = 0.5
"""A key that comes sooner was on its way already: whoever pressed it cannot have read what had just come."""


class Severity(enum.IntEnum):
    """How much a notice matters; what matters more takes the place of what matters less."""

    TOLD = 1
    WARNING = 2
    ERROR = 3


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said. `count` is how often in a row, `at` when for the last time."""

    words: str
    severity: Severity
    at: datetime
    count: int = 1

    def says_the_same(self, other: "Notice") -> bool:
        """Whether these are one notice, said twice."""
        return self.words == other.words and self.severity is other.severity


class Notices:
    """The notice that is shown, the one that waits for its place, and those that there were, the newest first.

    A notice goes by itself after its seconds; an error stays until a key shows that somebody is there. One that matters
    less than what is shown waits, and only the newest such.
    """

    def __init__(self) -> None:
        self.shown: Notice | None = None
        self._kept: deque[Notice] = deque(maxlen=NOTICES_KEPT)
        self._shown_at = self._seconds = 0.0
        self._waiting: tuple[Notice, float] | None = None

    @property
    def history(self) -> Sequence[Notice]:
        """All that are kept, the newest first."""
        return tuple(self._kept)

    def tell(self, notice: Notice, seconds: float, monotonic: float) -> None:
        """Keep a notice, and show it for so many seconds."""
        self._keep(notice)
        shown = self.shown
        if shown is not None and shown.says_the_same(notice):
            self._show(replace(notice, count=shown.count + notice.count), seconds, monotonic)
        elif shown is None or notice.severity >= shown.severity:
            self._show(notice, seconds, monotonic)
        else:
            self._waiting = (notice, seconds)

    def keep(self, notice: Notice) -> None:
        """Keep a notice that need not be shown."""
        self._keep(notice)

    def _keep(self, notice: Notice) -> None:
        if self._kept and self._kept[0].says_the_same(notice):
            notice = replace(notice, count=self._kept.popleft().count + notice.count)
        self._kept.appendleft(notice)

    def _show(self, notice: Notice, seconds: float, monotonic: float) -> None:
        self.shown, self._seconds, self._shown_at = notice, seconds, monotonic

    @property
    def stays(self) -> bool:
        """Whether what is shown waits until somebody has seen it."""
        return self.shown is not None and self.shown.severity is Severity.ERROR

    def tick(self, monotonic: float) -> None:
        """Time has passed."""
        if self.shown is not None and not self.stays and monotonic - self._shown_at >= self._seconds:
            self.dismiss(monotonic)

    def key_pressed(self, monotonic: float) -> None:
        """Somebody is there: an error has been seen."""
        if self.stays and monotonic - self._shown_at >= _SECONDS_UNTIL_SEEN:
            self.dismiss(monotonic)

    def dismiss(self, monotonic: float) -> None:
        """Take away what is shown; what waits has its turn."""
        self.shown = None
        if self._waiting is not None:
            (notice, seconds), self._waiting = self._waiting, None
            self._show(notice, seconds, monotonic)
