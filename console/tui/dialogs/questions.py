"""The questions that are asked before something happens: what exactly will happen, and what Enter does."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from console.operations.events import RunProgress
from console.operations.protocol import Schedule, ScheduleUndo, Snapshot
from console.run import RunCounts, RunKind, RunReport, RunStatus
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import pages, run_name
from console.tui.drawing.pause import why
from console.tui.drawing.words import LocalZone, duration, moment, number, short_path


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question with two answers. `facts` are names and values; the safe answer has the focus unless `go_ahead`.

    `is_harmless`: nothing is lost by a wrong yes.
    """

    title: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    yes: str
    no: str
    go_ahead: bool = False
    is_harmless: bool = False
    leaves: bool = False


def sync_question(snapshot: Snapshot, last: RunReport | None) -> Question:
    """Shall a full sync start?"""
    facts = [("from", snapshot.api_host), ("to", short_path(snapshot.database))]
    full = last is not None and last.kind is RunKind.FULL and last.status is RunStatus.SUCCEEDED
    whole = full and last is not None and last.continues_run_id is None
    if last is not None and full:
        facts.append(("size", f"{pages(last.counts.pages_total)}, {number(last.counts.products_seen)} products"))
        if whole and last.duration_seconds is not None:
            facts.append(("takes", f"about {duration(last.duration_seconds)}, as last time"))
    elif snapshot.active_products:
        facts.append(("size", f"about {number(snapshot.active_products)} products"))
    return Question(
        title="Sync now",
        text=(
            "Fetch the whole catalogue, page by page, and bring the database up to date?"
            f"{'' if snapshot.schedule.enabled else _STAYS_PAUSED}"
        ),
        facts=tuple(facts),
        yes="Start the sync",
        no="Not now",
        go_ahead=True,
        is_harmless=True,
    )


def retry_question(report: RunReport, schedule: Schedule) -> Question:
    """Shall a new run go on with this one?"""
    return Question(
        title="Retry",
        text=(
            f"Go on with run {report.run_id}: {_stands(report.counts)}. Only what is missing is fetched; then what G2A "
            f"no longer has is discontinued, as after any sync.{'' if schedule.enabled else _STAYS_PAUSED}"
        ),
        yes="Fetch what is missing",
        no="Cancel",
        is_harmless=True,
    )


def _stands(counts: RunCounts) -> str:
    if not counts.pages_total:
        return "none of its pages is stored yet"
    missing = counts.pages_total - counts.pages_done
    told = f"{number(counts.pages_done)} of {pages(counts.pages_total)} are stored, {number(missing)} are missing"
    return f"{told}, {number(counts.pages_failed)} of which failed" if counts.pages_failed else told


def resume_question(schedule: Schedule, runs: Sequence[datetime], zone: LocalZone) -> Question:
    """Shall the schedule go on, with these runs?"""
    facts = [("next run", moment(runs[0]))] if runs else []
    if runs and not zone.is_utc(runs[0]):
        facts.append(("local time", zone.moment(runs[0])))
    if schedule.paused_by:
        facts.append(("paused by", schedule.paused_by))
    if schedule.paused_at:
        facts.append(("since", moment(schedule.paused_at)))
    return Question(
        title="Resume the schedule",
        text="Run the daily sync by itself again? What was skipped is not caught up.",
        facts=(*facts, ("reason", why(schedule))),
        yes="Resume",
        no="Cancel",
        is_harmless=True,
    )


def reset_question(schedule: Schedule) -> Question:
    """Shall the daily sync run at the time of the settings again?"""
    facts = [("from", f"{schedule.time} UTC, set by {schedule.updated_by}")]
    if schedule.settings_time:
        facts.append(("to", f"{schedule.settings_time} UTC, as the settings say"))
    return Question(
        title="Reset the daily time",
        text=f"Run the daily sync at the time of the settings again?{'' if schedule.enabled else _STAYS_PAUSED}",
        facts=tuple(facts),
        yes="Reset",
        no="Cancel",
        is_harmless=True,
    )


def undo_question(undo: ScheduleUndo, now: datetime) -> Question:
    """Shall the last change of the schedule be undone?"""
    words = undo.words(now)
    return Question(
        title="Redo" if undo.action == "undo" else "Undo",
        text=f"{words[:1].upper()}{words[1:]}?",
        yes="Redo it" if undo.action == "undo" else "Undo it",
        no="Cancel",
        is_harmless=True,
    )


def cancel_question(run: RunProgress, look: Look) -> Question:
    """Shall the run stop?"""
    return Question(
        title="Cancel the sync",
        text=(
            "It stops at the next page boundary. What was stored stays; nothing is discontinued, because that needs a "
            f"complete sync.{_retry_later(look) if run.kind is not RunKind.PAGE else ''}"
        ),
        facts=(("run", f"{run_name(run.kind, run.trigger)}, number {run.run_id}"), ("so far", _so_far(run))),
        yes="Cancel the sync",
        no="Keep running",
    )


def leave_question(run: RunProgress, look: Look) -> Question:
    """Shall the console close while a run is active?"""
    return Question(
        title="Leave",
        text=(
            "A sync is running in this console: it stops at a page boundary and keeps what came. "
            f"{_PAGES_LATER if run.kind is RunKind.PAGE else _goes_on(look)}"
        ),
        facts=(("so far", _so_far(run)),),
        yes="Leave",
        no="Stay",
        leaves=True,
    )


_STAYS_PAUSED = " The schedule stays paused."
_PAGES_LATER = "What is missing has to be asked for again."


def _retry_later(look: Look) -> str:
    return f" With {look.key('retry')} you can go on with it later."


def _goes_on(look: Look) -> str:
    return (
        "The next start within SYNC_CATCH_UP_HOURS goes on with it by itself; after that, press "
        f"{look.key('sync_now')} for a new one."
    )


def _so_far(run: RunProgress) -> str:
    if not run.counts.pages_total:
        return "still planning"
    return f"{number(run.counts.pages_done)} of {pages(run.counts.pages_total)}"
