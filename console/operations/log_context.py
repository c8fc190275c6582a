"""What is shown around a match."""

from collections import deque
from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Kept(NamedTuple, Generic[T]):
    """A record that is shown: a match, or one near it. `is_after_gap`: some before it are not shown."""

    record: T
    is_match: bool
    is_after_gap: bool


class Context(Generic[T]):
    """Lets matches pass, and so many records on either side of each. `owed` are still due to a match before."""

    def __init__(self, around: int, owed: int = 0) -> None:
        self._around = around
        self._owed = owed
        self._waiting: deque[T] = deque(maxlen=around)
        self.has_skipped = False
        """Whether records after the last that was shown are left out."""

    @property
    def pending(self) -> T | None:
        """The first of the records that a match to come would show, None for none."""
        return self._waiting[0] if self._waiting else None

    def push(self, record: T, *, is_match: bool) -> Iterator[Kept[T]]:
        """One more record; returns those that are shown because of it."""
        if is_match:
            for position, each in enumerate((*self._waiting, record)):
                yield Kept(each, position == len(self._waiting), position == 0 and self.has_skipped)
            self._waiting.clear()
            self.has_skipped, self._owed = False, self._around
        elif self._owed:
            self._owed -= 1
            yield Kept(record, is_match=False, is_after_gap=False)
        else:
            self.has_skipped |= len(self._waiting) == self._around
            self._waiting.append(record)
