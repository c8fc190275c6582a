"""The questions that are asked before something happens: what exactly will happen, and what Enter does."""

from dataclasses import dataclass

from console.operations.events import RunProgress
from console.operations.protocol import Snapshot
from console.run import RunKind, RunReport, RunStatus
from console.tui.drawing.outcome import pages, run_name
from console.tui.drawing.words import duration, number, short_path


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with two answers. `facts` are names and values; the safe answer has the focus unless `go_ahead`."""

    title: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    yes: str
    no: str
    go_ahead: bool = False
    leaves: bool = False


def sync_question(snapshot: Snapshot, last: RunReport | None) -> Question:
    """Shall a full sync start?"""
    facts = [("from", snapshot.api_host), ("to", short_path(snapshot.database))]
    full = last is not None and last.kind is RunKind.FULL and last.status is RunStatus.SUCCEEDED
    if last is not None and full:
        facts.append(("size", f"{pages(last.counts.pages_total)}, {number(last.counts.products_seen)} products"))
        if last.duration_seconds is not None:
            facts.append(("takes", f"about {duration(last.duration_seconds)}, as last time"))
    elif snapshot.active_products:
        facts.append(("size", f"about {number(snapshot.active_products)} products"))
    return Question(
        title="Sync now",
        text="Fetch the whole catalogue, page by page, and bring the database up to date?",
        facts=tuple(facts),
        yes="Start the sync",
        no="Not now",
        go_ahead=True,
    )


def cancel_question(run: RunProgress) -> Question:
    """Shall the run stop?"""
    return Question(
        title="Cancel the sync",
        text=(
            "It stops at the next page boundary. What was stored stays; nothing is discontinued, because that needs a "
            "complete sync."
        ),
        facts=(("run", f"{run_name(run.kind, run.trigger)}, number {run.run_id}"), ("so far", _so_far(run))),
        yes="Cancel the sync",
        no="Keep running",
    )


def leave_question(run: RunProgress) -> Question:
    """Shall the console close while a run is active?"""
    return Question(
        title="Leave",
        text=(
            "A sync is running inside this console. It stops at the next page boundary: the pages that came are kept, "
            "and nothing is discontinued until the next complete sync."
        ),
        facts=(("so far", _so_far(run)),),
        yes="Leave",
        no="Stay",
        leaves=True,
    )


def _so_far(run: RunProgress) -> str:
    if not run.counts.pages_total:
        return "still planning"
    return f"{number(run.counts.pages_done)} of {pages(run.counts.pages_total)}"
