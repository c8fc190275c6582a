"""How the operator likes the console, remembered across starts in the home's `console.json`.

A file that cannot be understood counts as no file: it is told of in the log, and stays as it is until something is
changed.
"""

import logging
import threading
from pathlib import Path
from typing import Any, Literal

import msgspec

from console.files import replace_file
from console.history import ChangeOrder
from console.search import Query
from console.text import clean

VERSION = 1
"""Of the file. One with a higher number was written by a newer console, and means something that we do not know."""

_MOST_BYTES = 1_000_000
_SECONDS_TO_FINISH = 1.0

_logger = logging.getLogger(__name__)

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class RunsShown(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs the history shows, each choice by its name; None is all of them."""

    outcome: str | None = None
    origin: str | None = None
    person: str | None = None
    span: str | None = None


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """Every preference with its default. None leaves a choice to the console, which looks at the terminal."""

    theme: str | None = None
    """The name of a theme."""
    signs: Literal["unicode", "ascii"] | None = None
    """The set of signs to draw with."""
    mouse: bool = True
    """Whether the console listens to the mouse; where it does not, the terminal selects text with it."""
    bell: bool = True
    """Whether a run that ends out of sight rings."""
    log_level: LogLevel = "DEBUG"
    """The lowest level of the records that the log shows."""
    log_wrap: bool = False
    """Whether the log breaks long lines, or clips them."""
    pane: Literal["jobs", "next-run", "sync", "log"] | None = None
    """The pane of the main screen that has the focus."""
    zoomed: bool = False
    """Whether that pane has the screen alone."""
    runs: RunsShown = RunsShown()
    """The filters of the run history."""
    chart: Literal["duration", "products", "changes"] = "duration"
    """What its chart shows."""
    changes_order: ChangeOrder = ChangeOrder.FOUND
    """The order of what a run changed."""
    products: Query = Query()
    """The filters and the order of the products."""
    category: str | None = None
    """The name of the category among those filters."""


class PreferenceKeeper:
    """Holds the preferences that are in force, and remembers what is changed. For the screen's thread.

    The file is written on a thread of its own, one time for all that was changed meanwhile. Members that this console
    does not know, or that another one has changed, stay as they are. Without a path nothing is kept.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.current = Preferences() if path is None else read_preferences(path)
        self._path = path
        self._unsaved: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def change(self, **changes: Any) -> None:
        """Take over these preferences, named as in `Preferences`, and remember them."""
        self.current = msgspec.structs.replace(self.current, **changes)
        if self._path is None:
            return
        with self._lock:
            self._unsaved.update(changes)
            if self._thread is None:
                self._thread = threading.Thread(target=self._save, args=(self._path,), name="preferences", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Wait until what was changed is written; not for ever, because a disk may hang."""
        thread = self._thread
        if thread is not None:
            thread.join(_SECONDS_TO_FINISH)

    def _save(self, path: Path) -> None:
        while True:
            with self._lock:
                changes, self._unsaved = self._unsaved, {}
                if not changes:
                    self._thread = None
                    return
            try:
                members = {**_members(path), **changes, "version": VERSION}
                replace_file(path, msgspec.json.format(msgspec.json.encode(members)).decode() + "\n")
            except Exception as error:  # noqa: BLE001 - the outermost door of the thread
                _logger.warning("The preferences could not be written to %s: %s", clean(str(path)), clean(str(error)))


class Unreadable(Exception):
    """The file says nothing that we understand; the message says why."""


def read_preferences(path: Path) -> Preferences:
    """What the file says. A member that makes no sense is told of in the log, and has its default."""
    try:
        members = _understood(path)
    except Unreadable as error:
        _logger.warning("%s; the preferences are the defaults until one is changed", error)
        return Preferences()
    known = {name: members[name] for name in Preferences.__struct_fields__ if name in members}
    try:
        return msgspec.convert(known, Preferences)
    except msgspec.ValidationError:
        return msgspec.convert(
            {name: each for name, each in known.items() if _makes_sense(path, name, each)}, Preferences
        )


def _makes_sense(path: Path, name: str, value: object) -> bool:
    try:
        msgspec.convert({name: value}, Preferences)
    except msgspec.ValidationError as error:
        _logger.warning("%s: %s is not used: %s", clean(str(path)), name, clean(str(error), 200))
        return False
    return True


def _members(path: Path) -> dict[str, Any]:
    """What stands in the file and is to stay; nothing where it cannot be understood."""
    try:
        return _understood(path)
    except Unreadable:
        return {}


def _understood(path: Path) -> dict[str, Any]:
    named = clean(str(path))
    try:
        if not path.is_file():
            if path.exists():
                raise Unreadable(f"{named} is no file")
            return {}
        with path.open("rb") as file:
            members = msgspec.json.decode(file.read(_MOST_BYTES))
    except OSError as error:
        raise Unreadable(f"{named} cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise Unreadable(f"{named} is no JSON that the console wrote") from None
    if not isinstance(members, dict):
        raise Unreadable(f"{named} is no JSON that the console wrote")
    version = members.get("version", VERSION)
    if version != VERSION:
        raise Unreadable(f"{named} was written by another version of the console")
    return members
