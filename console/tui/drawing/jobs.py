"""The jobs: what runs by itself, when next, and how it went last."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from rich.cells import cell_len

from console.operations.protocol import Job
from console.run import RunReport
from console.tui.drawing.line import BLANK, Line, Span, clip, column, line, spread
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import sign
from console.tui.drawing.words import duration, number, short_moment
from console.tui.state.model import Model
from console.tui.theme import Role

_TABLE_WIDTH = 78
"""Columns from which the jobs are a table; below it each has two lines, or three where there is room."""

_GAP, _WIDEST_GAP = 2, 6
_SHORTEST_ID = 8


def draw(model: Model, look: Look, now: datetime, cells: int, rows: int) -> list[Line]:
    """The pane's content, however long; the pane scrolls."""
    if model.snapshot is None:
        word = "not connected" if model.failure is not None else f"starting{look.glyphs.ellipsis}"
        return [line(Span(word, Role.MUTED))]
    jobs = model.snapshot.jobs
    if not jobs:
        return [line(Span("no jobs", Role.MUTED))]
    plan = _Plan(look, now, is_paused=model.paused is not None)
    if cells >= _TABLE_WIDTH:
        return _Table(jobs, plan, cells).draw(detailed=rows > 2 * len(jobs))
    detailed = rows >= 3 * len(jobs)
    return [each for job in jobs for each in _in_lines(job, plan, cells, detailed=detailed)]


class _Plan(msgspec.Struct, frozen=True):
    """When a job runs next, or that it does not."""

    look: Look
    now: datetime
    is_paused: bool

    def next_run(self, job: Job, *, before: str, none: Span) -> Span:
        """The moment after a word; `none` where there is no such moment, unless that is because of a pause."""
        if job.next_run_at:
            return Span(f"{before}{short_moment(job.next_run_at, self.now)}")
        return Span(f"{self.look.glyphs.paused} paused", Role.WARNING) if self.is_paused else none


# -- in lines ----------------------------------------------------------------------------------------------------------


def _in_lines(job: Job, plan: _Plan, cells: int, *, detailed: bool) -> list[Line]:
    ellipsis = plan.look.glyphs.ellipsis
    trigger = Span(clip(job.trigger, max(cells - 21, _SHORTEST_ID), ellipsis), Role.MUTED)
    following = plan.next_run(job, before="next ", none=Span("not scheduled"))
    lines = [
        spread((Span(job.job_id, Role.STRONG),), (trigger,), cells, ellipsis),
        spread(line(following), _outcome(job, plan.look), cells, ellipsis),
    ]
    counted = _counted(job, cells)
    if detailed and counted:
        lines.append(line(Span(counted, Role.FAINT)))
    return lines


def _outcome(job: Job, look: Look) -> Line:
    """How the job went last, and how long it took."""
    run = job.last_run
    if run is None:
        return line(Span("never ran", Role.FAINT)) if job.keeps_runs else BLANK
    took = f" {look.glyphs.separator} {duration(run.duration_seconds)}" if run.duration_seconds is not None else ""
    return line(sign(run.status, look.glyphs), Span(f" {run.status}"), Span(took, Role.MUTED))


def _counted(job: Job, cells: int) -> str:
    """What the last run counted, as much of it as fits; nothing where there was none."""
    run = job.last_run
    if run is None:
        return ""
    counts = (
        (run.counts.products_seen, "products"),
        (run.counts.products_new, "new"),
        (run.counts.products_changed, "changed"),
        (run.counts.products_discontinued, "discontinued"),
        (run.counts.products_rejected, "rejected"),
    )
    told = ""
    for count, name in counts:
        longer = f"{told}, {number(count)} {name}" if told else f"{number(count)} {name}"
        told = longer if count and len(longer) <= cells else told
    return told


# -- as a table --------------------------------------------------------------------------------------------------------


class _Column(msgspec.Struct, frozen=True):
    """A column of the table. Where there is no room, the highest rank goes first; rank 0 stays."""

    title: str
    rank: int
    value: Callable[[Job], Span]
    right: bool = False


class _Table:
    """A line for each job under a line of headings."""

    def __init__(self, jobs: Sequence[Job], plan: _Plan, cells: int) -> None:
        self._jobs, self._plan, self._look, self._cells = jobs, plan, plan.look, cells
        self._columns = self._all_columns()
        self._is_complete = True
        while self._room > cells and any(each.rank for each in self._columns):
            highest = max(each.rank for each in self._columns)
            self._columns = [each for each in self._columns if each.rank < highest]
            self._is_complete = False

    def draw(self, *, detailed: bool) -> list[Line]:
        """The table; `detailed` adds below each job what has no column of its own."""
        lines = [self._row([Span(each.title, Role.FAINT) for each in self._columns])]
        for job in self._jobs:
            lines.append(self._row([each.value(job) for each in self._columns]))
            counted = _counted(job, self._cells - 2)
            if detailed and counted and not self._is_complete:
                lines.append(line(Span(f"  {counted}", Role.FAINT)))
        return lines

    @property
    def _room(self) -> int:
        return sum(self._size(each) for each in self._columns) + _GAP * (len(self._columns) - 1)

    def _size(self, each: _Column) -> int:
        return max(len(each.title), *(cell_len(each.value(job).text) for job in self._jobs))

    def _row(self, values: Sequence[Span]) -> Line:
        over = self._cells - self._room
        gap = Span(" " * min(_GAP + max(over, 0) // max(len(self._columns) - 1, 1), _WIDEST_GAP))
        spans: list[Span] = []
        for each, value in zip(self._columns, values, strict=True):
            # Only the name of the job gives way: its beginning tells what it is.
            size = self._size(each) if each.rank or over >= 0 or spans else max(self._size(each) + over, _SHORTEST_ID)
            spans += [column(value.text, size, value.role, self._look.glyphs.ellipsis, right=each.right), gap]
        return tuple(spans[:-1])

    def _all_columns(self) -> list[_Column]:
        return [
            _Column("JOB", 0, lambda job: Span(job.job_id, Role.STRONG)),
            _Column("SCHEDULE", 1, lambda job: Span(job.trigger, Role.MUTED)),
            _Column("NEXT RUN", 0, lambda job: self._plan.next_run(job, before="", none=self._none)),
            _Column("LAST RUN", 0, self._status),
            _Column("ENDED", 3, self._ended),
            _Column("TOOK", 2, self._told(lambda run: duration(run.duration_seconds or 0)), right=True),
            _Column("PRODUCTS", 4, self._told(lambda run: number(run.counts.products_seen)), right=True),
            _Column("NEW", 4, self._told(lambda run: number(run.counts.products_new)), right=True),
            _Column("CHANGED", 4, self._told(lambda run: number(run.counts.products_changed)), right=True),
            _Column("DISCONTINUED", 4, self._told(lambda run: number(run.counts.products_discontinued)), right=True),
            _Column("REJECTED", 4, self._told(lambda run: number(run.counts.products_rejected)), right=True),
        ]

    def _told(self, value: Callable[[RunReport], str]) -> Callable[[Job], Span]:
        none = self._look.glyphs.none
        return lambda job: Span(value(job.last_run) if job.last_run else none, Role.MUTED)

    @property
    def _none(self) -> Span:
        return Span(self._look.glyphs.none, Role.FAINT)

    def _ended(self, job: Job) -> Span:
        at = job.last_run.finished_at if job.last_run else None
        return Span(short_moment(at, self._plan.now), Role.MUTED) if at else self._none

    def _status(self, job: Job) -> Span:
        if job.last_run is None:
            return Span("never ran", Role.FAINT) if job.keeps_runs else self._none
        mark = sign(job.last_run.status, self._look.glyphs)
        return Span(f"{mark.text} {job.last_run.status}", mark.role)
