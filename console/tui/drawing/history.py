"""The list of the runs: when, what, how it ended, and what it brought."""

from collections.abc import Sequence
from datetime import UTC, datetime

from console.run import RunReport
from console.text import clean
from console.tui.drawing.line import Line, Span, clip, line
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import run_name, sign
from console.tui.drawing.table import Column, fit, headings, marked, row, taken
from console.tui.drawing.words import duration, number
from console.tui.theme import Role

_COLUMNS = (
    Column(id="run", title="RUN", cells=6, right=True),
    Column(id="when", title="WHEN (UTC)", cells=12),
    Column(id="status", title="OUTCOME", cells=13, rank=1),
    Column(id="took", title="TOOK", cells=8, rank=2, right=True),
    Column(id="products", title="PRODUCTS", cells=8, rank=4, right=True),
    Column(id="new", title="NEW", cells=6, rank=7, right=True),
    Column(id="changed", title="CHANGED", cells=7, rank=6, right=True),
    Column(id="gone", title="GONE", cells=4, rank=8, right=True),
    Column(id="rejected", title="REJECTED", cells=8, rank=10, right=True),
    Column(id="pages", title="PAGES", cells=11, rank=11, right=True),
    Column(id="what", title="WHAT", cells=27, rank=9),
    Column(id="by", title="BY", cells=4, rank=5, grows=True),
)
_FIGURES = ("took", "products", "new", "changed", "gone", "rejected", "pages", "what", "by")
"""What a run that did not happen does not have; its reason stands there."""
_SHORTEST_REASON = 8


def heads(look: Look, cells: int) -> Line:
    """The headings."""
    return headings(fit(_COLUMNS, cells), look.glyphs.ellipsis)


def rows_of(runs: Sequence[RunReport | None], look: Look, now: datetime, cells: int, chosen: int) -> list[Line]:
    """The runs, a line each, the one at place `chosen` marked; an ellipsis stands for those that are on the way."""
    columns = fit(_COLUMNS, cells)
    lines = []
    for place, report in enumerate(runs):
        is_chosen = place == chosen
        if report is None:
            drawn = line(Span(look.glyphs.ellipsis, Role.FAINT))
        else:
            drawn = _row(report, columns, look, now, cells, is_chosen=is_chosen)
        lines.append(marked(drawn, cells) if is_chosen else drawn)
    return lines


def _row(
    report: RunReport, columns: Sequence[Column], look: Look, now: datetime, cells: int, *, is_chosen: bool
) -> Line:
    values = _values(report, look, now, is_chosen=is_chosen)
    ellipsis = look.glyphs.ellipsis
    if report.started_at is not None or report.status.is_active or not report.error:
        return row(columns, values, ellipsis)
    kept = [each for each in columns if each.id not in _FIGURES]
    begin = row(kept, values, ellipsis)
    gap = kept[-1].before
    room = max(cells - taken(kept) - gap, 0)
    if room < _SHORTEST_REASON:
        return begin
    return (*begin, Span(" " * gap), Span(clip(clean(report.error), room, ellipsis), Role.MUTED))


def _values(report: RunReport, look: Look, now: datetime, *, is_chosen: bool) -> dict[str, Span]:
    counts, none = report.counts, look.glyphs.none
    mark = sign(report.status, look.glyphs)
    by = Span(clean(report.requested_by), Role.TEXT) if report.requested_by else Span(none, Role.FAINT)
    took = none if report.duration_seconds is None else duration(report.duration_seconds)
    return {
        "run": Span(f"{look.glyphs.focus if is_chosen else ''} {report.run_id}", Role.MUTED),
        "when": Span(_when(report, now, none)),
        "what": Span(run_name(report.kind, report.trigger), Role.MUTED),
        "status": Span(f"{mark.text} {report.status}", mark.role),
        "took": Span(took, Role.TEXT),
        "products": _count(counts.products_seen, Role.TEXT),
        "new": _count(counts.products_new, Role.GOOD),
        "changed": _count(counts.products_changed, Role.TEXT),
        "gone": _count(counts.products_discontinued, Role.WARNING),
        "rejected": _count(counts.products_rejected, Role.WARNING),
        "pages": Span(f"{number(counts.pages_done)}/{number(counts.pages_total)}", Role.MUTED),
        "by": by,
    }


def _count(count: int, role: Role) -> Span:
    return Span(number(count), role if count else Role.FAINT)


def began(report: RunReport) -> datetime | None:
    """When the run began, or should have."""
    at = report.started_at or report.slot or report.finished_at
    return at.astimezone(UTC) if at else None


def _when(report: RunReport, now: datetime, none: str) -> str:
    """23 Nov 02:00; the year in place of the time where it is not this one."""
    at = began(report)
    if at is None:
        return none
    return f"{at.day:>2} {at:%b %H:%M}" if at.year == now.astimezone(UTC).year else f"{at.day:>2} {at:%b %Y}"
