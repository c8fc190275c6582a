"""The figures of a run, active or finished, in one shape, so that they stand in the same place before and after."""

import heapq
from datetime import datetime

import msgspec
from rich.cells import cell_len

from console.operations.events import RunProgress
from console.run import PageState, RunCounts, RunError, RunReport, RunStatus
from console.tui.drawing.line import Line, Span
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import advice, ending, known_pages, pages, pages_of, run_name, sign
from console.tui.drawing.run_pages import RunPages
from console.tui.drawing.words import clock, duration, moment, number, running
from console.tui.state.forecast import Compared, forecast, looked_back
from console.tui.state.model import Model, settled
from console.tui.theme import Role


class Trouble(msgspec.Struct, frozen=True):
    """A page that failed or is being tried again, and why. `page` is what it is called; None is the whole run."""

    page: str | None
    error: str
    is_final: bool


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it is drawn. `captions` say who and when, the longest first; `notes` what went wrong and what to do."""

    headline: Line
    captions: list[str]
    counts: RunCounts
    bar_role: Role
    rate: str
    eta: str | None
    elapsed: str
    usual: str | None
    compared: Compared
    pages: RunPages
    troubles: list[Trouble]
    trouble_count: int
    notes: list[Span] = msgspec.field(default_factory=list)

    def caption_in(self, cells: int) -> str:
        """The longest caption that fits, or the shortest."""
        return next((caption for caption in self.captions if cell_len(caption) <= cells), self.captions[-1])

    @property
    def usual_words(self) -> str:
        """Usually 1 m 20 s; slower than the usual 1 m 20 s; nothing where nobody knows."""
        if self.usual is None:
            return ""
        pace = self.compared.removesuffix(" usual")
        return f"usually {self.usual}" if self.compared is Compared.ALIKE else f"{pace} the usual {self.usual}"

    @property
    def compared_role(self) -> Role:
        """The colour of the words that compare it with the usual."""
        return Role.WARNING if self.compared is Compared.SLOWER else Role.MUTED

    @property
    def fraction(self) -> float:
        """How much of the run is settled, from 0 to 1."""
        total = self.counts.pages_total
        return min(settled(self.counts) / total, 1.0) if total else 0.0

    @property
    def percent(self) -> str:
        """48 %; never 100 % before everything is settled."""
        return f"{int(self.fraction * 100)} %"

    @property
    def pages_done(self) -> str:
        """371/771."""
        total = number(self.counts.pages_total) if self.counts.pages_total else "?"
        return f"{number(self.counts.pages_done)}/{total}"

    def table(self) -> list[tuple[str, str, Role]]:
        """The counts: a name, a number, and the colour of the number."""
        counts = self.counts
        return [
            ("new", number(counts.products_new), _role(counts.products_new, Role.TEXT)),
            ("changed", number(counts.products_changed), _role(counts.products_changed, Role.TEXT)),
            ("unchanged", number(counts.products_unchanged), _role(counts.products_unchanged, Role.TEXT)),
            ("discontinued", number(counts.products_discontinued), _role(counts.products_discontinued, Role.TEXT)),
            ("rejected", number(counts.products_rejected), _role(counts.products_rejected, Role.WARNING)),
            ("retries", number(counts.retries), _role(counts.retries, Role.WARNING)),
            ("failed", number(counts.pages_failed), _role(counts.pages_failed, Role.BAD)),
        ]


def _role(count: int, role: Role) -> Role:
    return role if count else Role.FAINT


def figures(model: Model, look: Look, now: datetime) -> Figures | None:
    """The figures of the active run, or else of the latest finished one; None where there is neither."""
    if model.active_run is not None:
        return _active(model.active_run, model, look, now)
    report = model.last_report
    return _finished(report, model, look, now) if report is not None else None


def _active(run: RunProgress, model: Model, look: Look, now: datetime) -> Figures:
    cancelling = run.status is RunStatus.CANCELLING
    words = " is stopping at the next page boundary" if cancelling else " is running"
    elapsed = (now - run.started_at).total_seconds()
    told = forecast(run, model.pace, model.past, elapsed)
    rate, eta, usual = told.rate, told.eta_seconds, told.usual_seconds
    before = run.pages.before
    return Figures(
        headline=(
            Span(look.glyphs.running, Role.WARNING if cancelling else Role.ACCENT),
            Span(f" {run_name(run.kind, run.trigger)}", Role.STRONG),
            Span(words, Role.WARNING if cancelling else Role.TEXT),
        ),
        captions=_captions(
            look,
            f"run {run.run_id}",
            f"goes on with run {run.continues_run_id}" if run.continues_run_id is not None else None,
            f"{pages(before)} kept" if before else None,
            f"by {run.requested_by}" if run.requested_by else None,
            f"started {clock(run.started_at)}",
        ),
        counts=run.counts,
        bar_role=Role.WARNING if cancelling else Role.ACCENT,
        rate=f"{rate:.1f} pages/s" if rate is not None else f"{look.glyphs.ellipsis} pages/s",
        eta=running(eta) if eta is not None else look.glyphs.ellipsis,
        elapsed=running(elapsed),
        usual=running(usual) if usual is not None else None,
        compared=told.compared,
        pages=pages_of(run),
        troubles=_troubles(pages_of(run)),
        trouble_count=len(run.pages.troubled),
    )


_BAR_ROLES = {
    RunStatus.SUCCEEDED: Role.GOOD_QUIET,
    RunStatus.FAILED: Role.BAD,
    RunStatus.BLOCKED: Role.BAD,
    RunStatus.PARTIAL: Role.WARNING,
    RunStatus.INTERRUPTED: Role.WARNING,
}


def _finished(report: RunReport, model: Model, look: Look, now: datetime) -> Figures:
    at = report.finished_at or report.started_at or report.slot
    run = model.run
    seconds = report.duration_seconds
    own = _own_pages(report, run)
    rate = own / seconds if seconds and own is not None else None
    compared = looked_back(report, model.past)
    known = known_pages(run, report)
    troubles = _troubles(known) or [Trouble(_name(each), each.error, True) for each in report.errors]
    headline = (
        sign(report.status, look.glyphs),
        Span(f" {run_name(report.kind, report.trigger)}", Role.STRONG),
        Span(f" {ending(report)}"),
    )
    return Figures(
        headline=headline,
        captions=_captions(
            look,
            f"run {report.run_id}",
            f"goes on with run {report.continues_run_id}" if report.continues_run_id is not None else None,
            f"by {report.requested_by}" if report.requested_by else None,
            f"ended {moment(at)}" if at else None,
        ),
        counts=report.counts,
        bar_role=_BAR_ROLES.get(report.status, Role.MUTED),
        rate=f"{rate:.1f} pages/s" if rate else look.glyphs.none,
        eta=None,
        elapsed=duration(seconds) if seconds is not None else look.glyphs.none,
        usual=duration(model.past.usual_seconds)
        if compared is not Compared.ALIKE and model.past.usual_seconds
        else None,
        compared=compared,
        pages=known,
        troubles=troubles,
        trouble_count=max(len(known.progress.troubled), len(troubles)),
        notes=_notes(report, model, look, now),
    )


def _notes(report: RunReport, model: Model, look: Look, now: datetime) -> list[Span]:
    notes = []
    if report.error:
        notes.append(Span(report.error, _NOTE_ROLES.get(report.status, Role.WARNING)))
    told = advice(report, model.next_run_at, now, look)
    if told and model.read_only is None:  # it names keys that do nothing here
        notes.append(Span(told, Role.MUTED))
    return notes


_NOTE_ROLES = {RunStatus.FAILED: Role.BAD, RunStatus.SUCCEEDED: Role.TEXT}


def _own_pages(report: RunReport, run: RunProgress | None) -> int | None:
    """The pages that the run settled itself; None where nobody knows what an earlier one had done."""
    if run is not None and run.run_id == report.run_id:
        return settled(report.counts) - run.pages.before
    return settled(report.counts) if report.continues_run_id is None else None


def _captions(look: Look, *told: str | None) -> list[str]:
    """Who and when, in versions that leave out more and more from the front."""
    parts = [part for part in told if part]
    join = f" {look.glyphs.separator} ".join
    return [join(parts[start:]) for start in range(len(parts))]


def _troubles(run: RunPages) -> list[Trouble]:
    """The first of the pages in trouble: as many as the tallest screen could show."""
    places = heapq.nsmallest(_TROUBLES_TOLD, run.progress.troubled)
    pages = ((place, run.progress[place]) for place in places)
    return [Trouble(run.name(place), page.error or "", page.state is PageState.FAILED) for place, page in pages]


_TROUBLES_TOLD = 200


def _name(error: RunError) -> str | None:
    """What the page is called that an error concerns, if it concerns one."""
    if error.page is None:
        return None
    return f"{number(error.page)} of {error.window}" if error.window else number(error.page)
