"""How far what was typed is ahead of the screen."""

import threading
from typing import Any

from textual.app import App

_KEYS_WAITING = 200
"""Keys that may wait for the screen. Nobody types that far ahead: what comes then is no typing."""


class Backlog:
    """Counts the keys and moves of the mouse that the screen has not got to yet."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._on_their_way = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        """One more is on its way to the app."""
        with self._lock:
            self._on_their_way += 1

    def is_full(self) -> bool:
        """Whether more wait than anybody can have meant."""
        return self._on_their_way + self._app.message_queue_size >= _KEYS_WAITING

    def delivered(self) -> None:
        """One has reached the app."""
        with self._lock:
            self._on_their_way -= 1
