"""The line below the header: how it stands in one word, why, and what to do."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import msgspec
from rich.cells import cell_len

from console.operations.events import PageRank, RunProgress
from console.run import RunReport, RunStatus
from console.tui.drawing.header import state_sign
from console.tui.drawing.line import Line, Span, clip, clip_line, width
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import pages, run_name
from console.tui.drawing.pause import why
from console.tui.drawing.words import duration, number, running, short_moment
from console.tui.state.forecast import Compared, forecast
from console.tui.state.going_on import can_go_on
from console.tui.state.health import Health, health, overdue, silent_for
from console.tui.state.model import Model, settled
from console.tui.theme import Role


class Todo(msgspec.Struct, frozen=True):
    """What to do: an action, and what its key does in the words of the moment."""

    action_id: str
    words: str


class Clause(msgspec.Struct, frozen=True):
    """Why it stands so, in versions from the longest to the shortest, and what to do, where there is something."""

    causes: tuple[str, ...]
    todo: Todo | None = None


def draw(model: Model, look: Look, now: datetime, cells: int) -> Line:
    """The word always; what to do before all of the reason."""
    word = health(model, now)
    sign = state_sign(word, look.glyphs)
    head: Line = (Span(f" {sign.text} ", sign.role), Span(str(word), _BOLD.get(sign.role, sign.role)), Span("  "))
    clause = clause_of(model, word, now)
    todo = ""
    if clause.todo and model.read_only is None:
        todo = f"; {look.key(clause.todo.action_id)} {clause.todo.words}"
    room = cells - width(head) - 1
    if room - cell_len(todo) < _SHORTEST_CAUSE:
        todo = ""
    left = room - cell_len(todo)
    causes = [each.removesuffix(".") for each in clause.causes] if todo else clause.causes
    cause = next((each for each in causes if cell_len(each) <= left), causes[-1])
    told = (Span(clip(cause, left, look.glyphs.ellipsis)), Span(todo, Role.MUTED)) if left > 0 else ()
    return clip_line((*head, *told), cells, look.glyphs.ellipsis)


_SHORTEST_CAUSE = 16
"""Cells that a reason needs to say anything; with less, what to do makes room for it."""

_BOLD = {Role.MUTED: Role.STRONG}


def clause_of(model: Model, word: Health, now: datetime) -> Clause:
    """Why it stands so, and what to do."""
    if model.failure is not None:
        return _lost(model, now)
    if word in _CLAUSES:
        return _CLAUSES[word](model, now)
    report = model.last_report
    return _ended(report, now) if report else Clause(("",))


def _starting(_model: Model, _now: datetime) -> Clause:
    return Clause(("the engine opens its database",))


def _no_credentials(model: Model, _now: datetime) -> Clause:
    notice = model.snapshot.notice if model.snapshot else None
    return Clause((notice or "",), Todo("sign_in", "signs in"))


def _lost(model: Model, now: datetime) -> Clause:
    if model.failure is not None:
        return Clause((model.failure,), Todo("leave", "leaves: start it again"))
    silent = silent_for(model, now) or 0
    ago = f"no sign of life from the process that runs the engine for {running(silent)}"
    return Clause((f"{ago}; this console takes over once it is gone", ago, f"silent for {running(silent)}"))


def _active(model: Model, now: datetime) -> Clause:
    run = model.active_run
    if run is None:
        return Clause(("",))
    if model.is_cancelling:
        return Clause(("it stops at the next page boundary; what was stored stays", "stops at the next page boundary"))
    name = run_name(run.kind, run.trigger).lower()
    by = f" by {run.requested_by}" if run.requested_by else ""
    total = run.counts.pages_total
    if not total:
        return Clause((f"{name}{by}: asking how many pages there are", f"{name}{by}"), Todo("cancel", "cancels"))
    percent = f"{min(settled(run.counts) * 100 // total, 100):>3} %"
    trouble = f", {pages(run.counts.pages_failed)} failed" if run.counts.pages_failed else ""
    slow = _slow(run, model, now)
    versions = (
        f"{name}{by}: {percent} of {pages(total)}{trouble}{slow}",
        f"{name}: {percent}{trouble}{slow}",
        f"{name}: {percent}{slow or trouble}",
        percent.strip(),
    )
    return Clause(versions, Todo("cancel", "cancels"))


def _slow(run: RunProgress, model: Model, now: datetime) -> str:
    """Why it does not get on as usual, if it does not: G2A asks for a pause, or it is slow."""
    waiting = run.pages.first(PageRank.WAITING)
    if waiting is not None:
        return f", waiting: G2A asks for {number(round(waiting.asked_seconds))} s"
    told = forecast(run, model.pace, model.past, (now - run.started_at).total_seconds())
    return f", {told.compared}" if told.compared is Compared.SLOWER else ""


def _paused(model: Model, _now: datetime) -> Clause:
    schedule = model.paused
    if schedule is None:
        return Clause(("",))
    by = f"by {schedule.paused_by}: " if schedule.paused_by else ""
    return Clause((f"{by}{why(schedule)}",), Todo("resume_schedule", "resumes it"))


def _late(model: Model, now: datetime) -> Clause:
    due = model.next_run_at
    if due is not None and overdue(model, now):
        ago = running((now - due).total_seconds())
        at = short_moment(due, now)
        long = f"the daily sync was due {at}, {ago} ago, and has not begun"
        return Clause((long, f"due {at}, not begun"), Todo("sync_now", "starts one"))
    last = model.past.last_success_at
    if last is None:
        return Clause(("no sync has succeeded yet",), Todo("sync_now", "syncs now"))
    ago = duration((now - last).total_seconds())
    long = f"no full sync has succeeded for {ago}, since {short_moment(last, now)}"
    return Clause((long, f"no full sync for {ago}"), Todo("sync_now", "syncs now"))


def _empty(model: Model, now: datetime) -> Clause:
    at = f"; the first sync runs by itself {short_moment(model.next_run_at, now)}" if model.next_run_at else ""
    return Clause((f"nothing was synced yet{at}", "nothing was synced yet"), Todo("sync_now", "syncs now"))


_CLAUSES: dict[Health, Callable[[Model, datetime], Clause]] = {
    Health.STARTING: _starting,
    Health.ENGINE_LOST: _lost,
    Health.RUNNING: _active,
    Health.CANCELLING: _active,
    Health.NO_CREDENTIALS: _no_credentials,
    Health.PAUSED: _paused,
    Health.LATE: _late,
    Health.EMPTY: _empty,
    Health.READ_ONLY: _empty,
}


def _ended(report: RunReport, now: datetime) -> Clause:
    """What the last run left behind."""
    name = run_name(report.kind, report.trigger).lower()
    ended = report.finished_at or report.slot
    at = f" {short_moment(ended, now)}" if ended else ""
    todo = _todo(report)
    counts = report.counts
    match report.status:
        case RunStatus.SUCCEEDED:
            return Clause(_good(report, name, at))
        case RunStatus.FAILED | RunStatus.PARTIAL:
            verb = "failed" if report.status is RunStatus.FAILED else "is incomplete"
            cause = causes_of(report)
            return Clause((f"{name}{at} {verb}: {cause}", f"{name} {verb}: {cause}", cause), todo)
        case RunStatus.BLOCKED:
            return Clause((report.error or f"{name}{at} would have removed too much: nothing was removed",), todo)
        case RunStatus.INTERRUPTED:
            far = f"after {number(counts.pages_done)} of {pages(counts.pages_total)}" if counts.pages_total else "early"
            return Clause((f"{name}{at} was cut off {far}", f"{name} was cut off {far}", f"cut off {far}"), todo)
        case RunStatus.MISSED:
            return Clause((f"nothing ran at the time of the {name},{at}", f"nothing ran{at}"), todo)
        case _:
            return Clause(
                (f"{name}{at} was {report.status}; the catalogue is as it was left", f"{name} {report.status}")
            )


def _good(report: RunReport, name: str, at: str) -> tuple[str, ...]:
    counts = report.counts
    told = [
        f"{number(count)} {word}"
        for count, word in (
            (counts.products_new, "new"),
            (counts.products_changed, "changed"),
            (counts.products_discontinued, "discontinued"),
        )
        if count
    ]
    took = f" in {duration(report.duration_seconds)}" if report.duration_seconds is not None else ""
    news = ", ".join(told) or "no changes"
    return (f"{name} succeeded{at}{took}: {news}", f"{name} succeeded{at}{took}", f"{name}{at}", at.strip())


def causes_of(report: RunReport) -> str:
    """Why pages are missing, each reason once with how often: `HTTP 500 on 12 pages`; else what is known."""
    reasons = Counter(_reason(each.error) for each in report.errors if each.page is not None)
    if reasons:
        return ", ".join(f"{reason} on {pages(count)}" for reason, count in reasons.most_common(2))
    if report.error:
        return report.error
    counts = report.counts
    if counts.pages_failed:
        return f"{pages(counts.pages_failed)} failed"
    return f"{number(counts.products_rejected)} products rejected" if counts.products_rejected else "see the log"


def _reason(error: str) -> str:
    """The kind of an error without its particulars: HTTP 500, of `HTTP 500 after 6 attempts: internal error`."""
    return error.partition(" after ")[0].partition(":")[0]


def _todo(report: RunReport) -> Todo:
    if report.status is RunStatus.BLOCKED:
        return Todo("removals", "shows them")
    if not can_go_on(report):
        return Todo("sync_now", "syncs now")
    some_failed = report.counts.pages_failed and report.status is RunStatus.PARTIAL
    return Todo("retry", "retries them" if some_failed else "goes on with it")
