"""How the log screen reads the files: what takes long tells how far it is, and can be stopped."""

from textual import on, work
from textual.message import Message

from console.operations.logbook import LogPage, Told
from console.tui.link import Unanswered, ask
from console.tui.screens.overlay import Context, OverlayScreen
from console.tui.state.log_window import PAGE, Want
from console.tui.widgets.log_file import FileLog

_SECONDS_UNTOLD = 0.3
"""How long something may take before it is said that it goes on."""

READING, SEARCHING = "reading", "searching"
"""What can go on: each a group of workers too."""


class LogReading(OverlayScreen[None]):
    """The part of the log screen that fetches the pages which its log asks for."""

    log_pane: FileLog

    class PageRead(Message):
        """A page of the files came."""

        def __init__(self, want: Want, page: LogPage) -> None:
            super().__init__()
            self.want, self.page = want, page

    class PageRefused(Message):
        """A page did not come; `reason` says why."""

        def __init__(self, want: Want, reason: str) -> None:
            super().__init__()
            self.want, self.reason = want, reason

    class Progress(Message):
        """This share of what there is to do is done."""

        def __init__(self, doing: str, share: float) -> None:
            super().__init__()
            self.doing, self.share = doing, share

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, LogReading.Progress)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._going_on: set[str] = set()

    def begin(self, doing: str) -> None:
        """This goes on from now on."""
        self._going_on.add(doing)

    def told(self, doing: str, *, back: bool) -> Told:
        """Says how far it is, a few times a second, once it takes long."""
        clock = self.context.clock
        due = clock.monotonic() + _SECONDS_UNTOLD

        def told(share: float) -> None:
            nonlocal due
            if clock.monotonic() >= due:
                due = clock.monotonic() + _SECONDS_UNTOLD
                self.post_message(self.Progress(doing, 1 - share if back else share))

        return told

    @on(Progress)
    def _tell_progress(self, message: Progress) -> None:
        if message.doing in self._going_on:
            self._be_busy(f"{message.doing} {round(message.share * 100)} %")

    def end(self, doing: str) -> None:
        """This goes on no more."""
        self._going_on.discard(doing)
        self._be_busy(None)

    def _be_busy(self, told: str | None) -> None:
        if told != self.log_pane.busy:
            self.log_pane.busy = told
            self.log_pane.redraw()
            self.footer().redraw()

    def stop(self) -> None:
        """Give up what is being read or searched, and show what there was."""
        for doing in (READING, SEARCHING):
            self.workers.cancel_group(self, doing)
            self.end(doing)
        self.log_pane.give_up()
        self.log_pane.keep_view()

    @on(FileLog.Wanted)
    def _fetch(self, message: FileLog.Wanted) -> None:
        message.stop()
        self.begin(READING)
        self._read(message.want)

    @work(group=READING, exclusive=True, exit_on_error=False)
    async def _read(self, want: Want) -> None:
        book, query = self.operations.logbook, want.wanted.query
        read = book.earlier if want.is_back else book.later
        try:
            told = self.told(READING, back=want.is_back)
            page = await ask(read(query, want.place, PAGE, want.owed, told), seconds=None)  # Esc ends it
        except Unanswered as answer:
            self.post_message(self.PageRefused(want, str(answer)))
        else:
            self.post_message(self.PageRead(want, page))

    @on(PageRead)
    def _show(self, message: PageRead) -> None:
        if message.want == self.log_pane.window.asked:
            self.end(READING)
            self.log_pane.take(message.want, message.page)

    @on(PageRefused)
    def _say(self, message: PageRefused) -> None:
        self.stop()
        self.log_pane.fail(message.reason)
