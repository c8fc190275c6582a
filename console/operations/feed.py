"""Events on their way from the engine to a face: bounded, so that a face that does not look costs nothing."""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from console.operations.protocol import Event

_FEED_LIMIT = 20_000


class BoundedFeed:
    """The events for one face. May be used from any thread; never blocks for long."""

    def __init__(self, close: Callable[["BoundedFeed"], None]) -> None:
        self._events: deque[Event] = deque()
        self._lost = False
        self._close = close
        self._lock = threading.Lock()

    def put(self, event: Event) -> None:
        """One more event; when nobody has looked for long, all of them are dropped and the loss is told."""
        with self._lock:
            if len(self._events) >= _FEED_LIMIT:
                self._events.clear()
                self._lost = True
            self._events.append(event)

    def lose(self) -> None:
        """What was told no longer holds: the next look says that events were lost, so that all is asked for anew."""
        with self._lock:
            self._lost = True

    def drain(self) -> tuple[Sequence[Event], bool]:
        """The events since the last call, oldest first, and whether some were lost."""
        with self._lock:
            events, lost = tuple(self._events), self._lost
            self._events.clear()
            self._lost = False
        return events, lost

    def close(self) -> None:
        """No more events."""
        self._close(self)


class Feeds:
    """All feeds of an engine."""

    def __init__(self) -> None:
        self._feeds: tuple[BoundedFeed, ...] = ()
        self._lock = threading.Lock()

    def open(self) -> BoundedFeed:
        """A new feed, of the events from now on."""
        feed = BoundedFeed(self._remove)
        with self._lock:
            self._feeds = (*self._feeds, feed)
        return feed

    def put(self, event: Event) -> None:
        """Tell everybody."""
        for feed in self._feeds:
            feed.put(event)

    def lose(self) -> None:
        """Make everybody ask for everything anew."""
        for feed in self._feeds:
            feed.lose()

    def _remove(self, feed: BoundedFeed) -> None:
        with self._lock:
            self._feeds = tuple(each for each in self._feeds if each is not feed)
