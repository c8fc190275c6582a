"""Where the operator is: everything that decides which keys work here and now."""

import enum

import msgspec


class PaneName(enum.StrEnum):
    """The panes of the main screen, in the order of Tab."""

    JOBS = "jobs"
    NEXT_RUN = "next-run"
    SYNC = "sync"
    LOG = "log"


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """What every screen's situation begins with: how this console stands with the engine.

    `read_only` says that another process runs the engine.
    """

    connected: bool = False
    engine_failed: bool = False
    read_only: bool = False

    @property
    def commands(self) -> bool:
        """Whether the engine takes commands."""
        return self.connected and not self.engine_failed and not self.read_only


class LogState(msgspec.Struct, frozen=True, kw_only=True):
    """What the keys of a log depend on.

    `is_here` says that keys act on it, `is_seen` that it is on the screen at all, `typing` that words are being typed
    for it.
    """

    is_here: bool = False
    is_seen: bool = False
    typing: bool = False
    has_chosen: bool = False
    has_words: bool = False
    following: bool = True


class Situation(Access, frozen=True, kw_only=True):
    """What the enabling of the main screen's actions depends on, and nothing else.

    `paused` says that the schedule is, `time_is_set` that somebody set its time, `undoable` that its last change can be
    undone, `unfinished` that the last run can be gone on with, `blocked` that it waits for
    a removal to be looked at, `can_move` that the focused pane has somewhere to go, `has_problems` that a page failed
    or is being retried.
    """

    refused: bool = False
    notice: bool = False
    running: bool = False
    cancelling: bool = False
    paused: bool = False
    time_is_set: bool = False
    undoable: bool = False
    unfinished: bool = False
    blocked: bool = False
    pane: PaneName | None = None
    can_move: bool = False
    can_move_sideways: bool = False
    has_problems: bool = False
    zoomed: bool = False
    single: bool = False
    choosing: bool = False
    log: LogState = LogState()
