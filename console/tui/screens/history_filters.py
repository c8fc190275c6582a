"""The keys by which the runs that are shown become fewer: lists to choose from, and words."""

from collections.abc import Sequence

from msgspec.structs import replace
from textual import on, work
from textual.message import Message
from textual.widgets import Input

from console.history import NOBODY
from console.tui.dialogs.choose import ChooseDialog
from console.tui.link import Unanswered, ask
from console.tui.screens.overlay import OverlayScreen
from console.tui.state.run_filter import ORIGINS, OUTCOMES, SPANS, HistoryFilter, by_whom
from console.tui.widgets.history import RunsFrame
from console.tui.widgets.search_input import SearchInput


class HistoryFilters(OverlayScreen[None]):
    """The part of the history that asks which runs to show."""

    runs: RunsFrame

    class RunsRefused(Message):
        """The engine did not tell; `reason` says why."""

        def __init__(self, wanted: HistoryFilter, reason: str) -> None:
            super().__init__()
            self.wanted, self.reason = wanted, reason

    class PeopleFetched(Message):
        """The engine told who ever asked for a run."""

        def __init__(self, people: Sequence[str]) -> None:
            super().__init__()
            self.people = people

    @property
    def filter(self) -> HistoryFilter:
        """Which runs are shown."""
        return self.runs.filter

    def look_for(self, wanted: HistoryFilter) -> None:
        """Show the runs of this filter."""
        raise NotImplementedError

    # -- lists to choose from --------------------------------------------------------------------------------------

    def _choose(self, title: str, choices: Sequence[tuple[str, HistoryFilter]]) -> None:
        """Let one of these be chosen, each a name and the filter it stands for; the one in force is marked."""

        def answered(place: int | None) -> None:
            if place is not None:
                self.look_for(choices[place][1])

        filters = [each for _, each in choices]
        chosen = filters.index(self.filter) if self.filter in filters else 0
        self.app.push_screen(ChooseDialog(title, [name for name, _ in choices], chosen), answered)

    def action_choose_outcome(self) -> None:
        """Show runs that ended in one way."""
        self._choose("Outcome", [(each.name, replace(self.filter, outcome=each)) for each in OUTCOMES])

    def action_choose_origin(self) -> None:
        """Show runs of one trigger or kind."""
        self._choose("Trigger or kind", [(each.name, replace(self.filter, origin=each)) for each in ORIGINS])

    def action_choose_span(self) -> None:
        """Show runs of the last days."""
        self._choose("When, in UTC", [(each.name, replace(self.filter, span=each)) for each in SPANS])

    def action_choose_person(self) -> None:
        """Show runs that somebody asked for."""
        self._ask_for_people()

    @work(group="people", exclusive=True, exit_on_error=False)
    async def _ask_for_people(self) -> None:
        try:
            self.post_message(self.PeopleFetched(await ask(self.operations.history.people())))
        except Unanswered as answer:
            self.post_message(self.RunsRefused(self.filter, str(answer)))

    @on(PeopleFetched)
    def _offer_people(self, message: PeopleFetched) -> None:
        people: list[str | None] = [None, NOBODY, *message.people]
        if self.is_current:
            names = ["anybody" if person is None else by_whom(person) for person in people]
            filters = [replace(self.filter, person=person) for person in people]
            self._choose("Who asked for it", list(zip(names, filters, strict=True)))

    def action_clear(self) -> None:
        """Show all runs again."""
        self._words.value = ""
        self.look_for(HistoryFilter())

    # -- words -----------------------------------------------------------------------------------------------------

    @property
    def _words(self) -> SearchInput:
        return self.query_one("#words", SearchInput)

    @property
    def is_searching(self) -> bool:
        """Whether words are being typed."""
        return self.has_class("-searching")

    def action_search(self) -> None:
        """Begin to type words."""
        self.add_class("-searching")
        self._words.focus()

    @on(Input.Changed, "#words")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.look_for(replace(self.filter, words=event.value))

    @on(Input.Submitted, "#words")
    def _typed_all(self, event: Input.Submitted) -> None:
        event.stop()
        self._end_search()

    def _end_search(self) -> None:
        self.remove_class("-searching")
        self.set_focus(None)

    def action_back(self) -> None:
        """Let go of the words that are being typed; otherwise go back."""
        if self.is_searching:
            self._words.value = ""
            self._end_search()
        else:
            super().action_back()
