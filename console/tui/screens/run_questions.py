"""What is asked about one run, and how the answers come."""

from collections.abc import Sequence
from typing import Any

import msgspec
from textual import work
from textual.message import Message

from console.history import RunFilter
from console.run import Change, RunReport
from console.tui.link import Unanswered, ask
from console.tui.screens.overlay import OverlayScreen
from console.tui.screens.requests import Requests
from console.tui.state.page_cache import PAGE
from console.tui.state.run_detail import Question, Section


class Answer(msgspec.Struct, frozen=True):
    """A page of a list, and how many there are in all; of changes also how many of each kind."""

    question: Question
    page: int
    total: int
    items: Sequence[Any]
    by_kind: dict[Change, int] | None = None


class RunQuestions(OverlayScreen[None], Requests):
    """The part of a run's screen that asks the engine."""

    class ItemsFetched(Message):
        """The engine told a page of a list."""

        def __init__(self, answer: Answer) -> None:
            super().__init__()
            self.answer = answer

    class ItemsRefused(Message):
        """The engine did not tell; `reason` says why."""

        def __init__(self, question: Question, reason: str) -> None:
            super().__init__()
            self.question, self.reason = question, reason

    class NeighbourFetched(Message):
        """The engine told the next run in one direction, None where there is none."""

        def __init__(self, since: int, report: RunReport | None, *, newer: bool) -> None:
            super().__init__()
            self.since, self.report, self.newer = since, report, newer

    class RunFetched(Message):
        """The engine told how this run stands now."""

        def __init__(self, report: RunReport) -> None:
            super().__init__()
            self.report = report

    @work(group="run", exit_on_error=False)
    async def ask_for_items(self, question: Question, page: int) -> None:
        """A page of a list."""
        try:
            self.post_message(self.ItemsFetched(await ask(self._answer(question, page))))
        except Unanswered as answer:
            self.post_message(self.ItemsRefused(question, str(answer)))

    async def _answer(self, question: Question, page: int) -> Answer:
        history, run_id, offset = self.operations.history, question.run_id, page * PAGE
        match question.section:
            case Section.PAGES:
                pages = await history.pages(run_id, PAGE, offset)
                return Answer(question, page, pages.total, pages.pages)
            case Section.ERRORS:
                faults = await history.faults(run_id, PAGE, offset)
                return Answer(question, page, faults.total, faults.faults)
            case Section.REJECTED:
                rejected = await history.rejected(run_id, PAGE, offset)
                return Answer(question, page, rejected.total, rejected.products)
            case _:
                kind = question.kind
                changes = await history.changes(run_id, PAGE, offset, kind=kind, order=question.order)
                return Answer(question, page, changes.count(kind), changes.listed, changes.by_kind)

    @work(group="again", exclusive=True, exit_on_error=False)
    async def ask_for_run(self, run_id: int) -> None:
        """How this run stands now."""
        try:
            self.post_message(self.RunFetched(await ask(self.operations.history.run(run_id))))
        except Unanswered as answer:
            self.post_message(self.CommandRefused(str(answer)))

    @work(group="neighbour", exclusive=True, exit_on_error=False)
    async def ask_for_neighbour(self, run_id: int, wanted: RunFilter, *, newer: bool) -> None:
        """The next run in one direction."""
        try:
            report = await ask(self.operations.history.neighbour(run_id, wanted, newer=newer))
            self.post_message(self.NeighbourFetched(run_id, report, newer=newer))
        except Unanswered as answer:
            self.post_message(self.CommandRefused(str(answer)))
