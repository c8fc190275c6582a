"""One run: the sections it has, its summary, and what is said where a section is empty."""

from collections.abc import Sequence
from datetime import UTC, datetime

from console.history import ChangeOrder
from console.run import RunCounts, RunReport, RunStatus
from console.text import clean
from console.tui.drawing.history import began
from console.tui.drawing.line import BLANK, Line, Span, line, width, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import ending, run_name, sign
from console.tui.drawing.picture import MEASURE
from console.tui.drawing.words import day, duration, number
from console.tui.state.run_detail import RunDetail, Section
from console.tui.theme import Role

ORDERS = {
    ChangeOrder.FOUND: "as they were found",
    ChangeOrder.NAME: "by name",
    ChangeOrder.PRICE: "by how far the price moved",
    ChangeOrder.PERCENT: "by how far the price moved in percent",
}
_NOTE_LIMIT = 2_000
_NOTE_ROWS = 8
_ROOM_FOR_LOCAL = 64
"""Columns from which times are told in local time too."""
_EMPTY = {
    Section.PAGES: "This run fetched no page.",
    Section.ERRORS: "Nothing went wrong in this run.",
    Section.REJECTED: "Every product that came could be stored.",
    Section.CHANGES: "This run changed nothing.",
}
_FORGOTTEN = {
    Section.PAGES: "How its pages went is not kept any more; the summary has what was counted.",
    Section.REJECTED: "What it rejected is not kept any more; the summary has what was counted.",
    Section.CHANGES: (
        "What it changed is not kept: the first sync of a catalogue is counted alone, and the details of old runs are "
        "forgotten. The summary has what was counted."
    ),
}


def tabs(shown: RunDetail, cells: int) -> Line:
    """The sections with their keys; where there is little room, only the chosen one keeps its name and count."""
    drawn = _tabs(shown, names=True, counts=True)
    if width(drawn) > cells:
        drawn = _tabs(shown, names=True, counts=False)
    return drawn if width(drawn) <= cells else _tabs(shown, names=False, counts=False)


def _tabs(shown: RunDetail, *, names: bool, counts: bool) -> Line:
    spans: list[Span] = []
    for key, section in enumerate(Section, start=1):
        is_chosen = section is shown.section
        count = shown.count(section)
        words = [str(key)]
        if is_chosen or names:
            words.append(section.value)
        if count and (is_chosen or counts):
            words.append(number(count))
        spans.append(Span(f" {' '.join(words)} ", Role.CURSOR if is_chosen else Role.MUTED))
    return tuple(spans)


def summary(report: RunReport, look: Look, cells: int, hints: Sequence[str]) -> list[Line]:
    """All that is known of the run itself; `hints` say what can be done."""
    mark = sign(report.status, look.glyphs)
    headline = f"{run_name(report.kind, report.trigger)} {ending(report)}"
    lines = [line(Span(f"{mark.text} ", mark.role), Span(headline, Role.STRONG))]
    measure, ellipsis = min(cells, MEASURE), look.glyphs.ellipsis
    if report.error:
        lines += _wrapped(clean(report.error, _NOTE_LIMIT), Role.WARNING, measure, ellipsis)
    for hint in hints:
        lines += _wrapped(hint, Role.ACCENT, measure, ellipsis)
    facts = _times(report, look if cells >= _ROOM_FOR_LOCAL else None)
    facts += _figures(report.counts) if report.started_at else []
    label = max(len(name) for name, _ in facts) + 2
    lines.append(BLANK)
    for name, value in facts:
        pieces = wrap(value, max(cells - label, 8), 3, ellipsis) or [""]
        lines += [
            line(Span((name if at == 0 else "").ljust(label), Role.MUTED), Span(piece))
            for at, piece in enumerate(pieces)
        ]
    return lines


def _wrapped(text: str, role: Role, cells: int, ellipsis: str) -> list[Line]:
    return [line(Span(f"  {piece}", role)) for piece in wrap(text, cells - 2, _NOTE_ROWS, ellipsis)]


def _times(report: RunReport, look: Look | None) -> list[tuple[str, str]]:
    facts = [("slot", _both(report.slot, look))] if report.slot else []
    if report.started_at:
        facts.append(("began", _both(report.started_at, look)))
    if report.finished_at:
        facts.append(("ended", _both(report.finished_at, look)))
    if report.duration_seconds is not None and report.started_at:
        facts.append(("took", duration(report.duration_seconds)))
    facts.append(("asked for by", clean(report.requested_by) if report.requested_by else "the schedule"))
    if report.continues_run_id is not None:
        facts.append(("goes on with", f"run {report.continues_run_id}: what that one stored counts here as well"))
    return facts


def _both(at: datetime, look: Look | None) -> str:
    """The second in UTC, with its year, and, where there is a look for it, in local time where that is another."""
    utc = at.astimezone(UTC)
    told = f"{day(utc)} {utc:%Y %H:%M:%S} UTC"
    return told if look is None or look.zone.is_utc(at) else f"{told} ({look.zone.moment(at)})"


def _figures(counts: RunCounts) -> list[tuple[str, str]]:
    failed = f", {number(counts.pages_failed)} failed" if counts.pages_failed else ""
    return [
        ("pages", f"{number(counts.pages_done)} of {number(counts.pages_total)} stored{failed}"),
        ("requests", f"{number(counts.requests)}, {number(counts.retries)} of them retries"),
        ("products", f"{number(counts.products_seen)} seen"),
        ("new", number(counts.products_new)),
        ("changed", number(counts.products_changed)),
        ("unchanged", number(counts.products_unchanged)),
        ("discontinued", number(counts.products_discontinued)),
        ("rejected", number(counts.products_rejected)),
    ]


def empty(shown: RunDetail) -> str:
    """What is said where a section has nothing."""
    counts = shown.report.counts
    counted = {
        Section.PAGES: counts.pages_done,
        Section.REJECTED: counts.products_rejected,
        Section.CHANGES: counts.products_new + counts.products_changed + counts.products_discontinued,
    }
    if shown.report.status.is_active:
        return "Nothing yet: the run is going on."
    if counted.get(shown.section):
        return _FORGOTTEN[shown.section]
    if shown.section is Section.ERRORS and shown.report.status is RunStatus.FAILED:
        return "No page failed for good; the summary says why the run failed."
    return _EMPTY[shown.section]


def title(report: RunReport, look: Look) -> str:
    """The run's number, and when it was."""
    at = began(report)
    return f"Run {report.run_id} {look.glyphs.separator} {at:%Y-%m-%d %H:%M} UTC" if at else f"Run {report.run_id}"
