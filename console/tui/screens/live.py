"""A screen that is kept current: it opens the line to the engine after the first paint, and reads it on a timer."""

from datetime import datetime

from textual import events, on, work
from textual.message import Message

from console.clock import Clock
from console.logs import LogLine
from console.tui.link import Connect, Everything, Link, Unanswered
from console.tui.screens.action_screen import ActionScreen
from console.tui.state.model import Model, Part

_TICKS_PER_SECOND = 5
"""How often the feed is read. Whatever came meanwhile is one repaint."""

_SECONDS_UNTIL_RETRY = 1.0


class LiveScreen(ActionScreen[None]):
    """Keeps a `Model` current. Who inherits it shows what changed, and says so when there is no engine."""

    class Connected(Message):
        """The engine answered."""

        def __init__(self, link: Link, told: Everything) -> None:
            super().__init__()
            self.link = link
            self.told = told

    class ConnectionFailed(Message):
        """There is no engine; `reason` says why."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    class Reloaded(Message):
        """After events were lost, the engine told everything anew; None where it did not answer, for this reason."""

        def __init__(self, told: Everything | None, reason: str = "") -> None:
            super().__init__()
            self.told, self.reason = told, reason

    class Ticked(Message):
        """Time has passed, or the engine has told something; the screens show it."""

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, LiveScreen.Ticked)

    def __init__(self, connect: Connect, clock: Clock) -> None:
        super().__init__()
        self.model = Model()
        self.clock = clock
        self.link: Link | None = None
        self._connect_to = connect
        self._is_reloading = False
        self._second: datetime | None = None

    def show(self, parts: Part) -> None:
        """Show again what changed."""
        raise NotImplementedError

    def show_log(self, lines: list[LogLine]) -> None:
        """Show new log records."""
        raise NotImplementedError

    def show_everything(self, told: Everything) -> None:
        """Show all anew; the model has been loaded."""
        raise NotImplementedError

    def refuse(self, reason: str) -> None:
        """Say that there is no engine."""
        raise NotImplementedError

    @on(events.Mount)
    def _start(self) -> None:
        """Start the clock, and look for the engine once the screen is drawn."""
        self.set_interval(1 / _TICKS_PER_SECOND, self._tick)
        # By way of the app: it holds all drawing back until it has composed itself, and until then a refresh draws
        # nothing. The engine takes half a second to load, for which the first picture would have to wait.
        self.app.call_later(self.call_after_refresh, self._connect)

    @on(events.Unmount)
    def _end(self) -> None:
        """Stop listening. The engine belongs to whoever brought it."""
        if self.link is not None:
            self.link.close()

    @work(group="link", exit_on_error=False)
    async def _connect(self) -> None:
        try:
            link, told = await Link.open(self._connect_to)
        except Unanswered as answer:
            self.post_message(self.ConnectionFailed(str(answer)))
        else:
            self.post_message(self.Connected(link, told))

    @on(Connected)
    def _begin(self, message: Connected) -> None:
        self.link = message.link
        self._load(message.told)

    @on(ConnectionFailed)
    def _stay(self, message: ConnectionFailed) -> None:
        self.refuse(message.reason)

    def _load(self, told: Everything) -> None:
        self.model.load(told.snapshot)
        with self.app.batch_update():
            self.show_everything(told)
        self.post_message(self.Ticked())

    def _tick(self) -> None:
        """Read the feed and the clock, and show what changed, all in one repaint."""
        parts = Part.NOTHING
        lines: list[LogLine] = []
        # While everything is told anew the feed waits: what it holds is newer than what is on the way.
        if self.link is not None and not self._is_reloading:
            events, lost = self.link.drain()
            parts, lines = self.model.apply(events)
            if lost:
                self._reload()
        second = self.clock.now().replace(microsecond=0)
        if second != self._second:
            self._second = second
            self.model.settle(self.clock.monotonic())
            parts |= Part.CLOCK
        if parts:
            with self.app.batch_update():
                self.show(parts)
                self.show_log(lines)
                self._pass_on(parts)
            self.post_message(self.Ticked())

    def _pass_on(self, parts: Part) -> None:
        """The screens on top of this one are kept current too."""
        for screen in self.app.screen_stack:
            if isinstance(screen, ActionScreen) and screen is not self:
                screen.engine_told(parts)

    def _reload(self) -> None:
        self._is_reloading = True
        self._ask_for_everything()

    @work(group="link", exit_on_error=False)
    async def _ask_for_everything(self) -> None:
        if self.link is None:
            return
        try:
            self.post_message(self.Reloaded(await self.link.everything()))
        except Unanswered as answer:
            self.post_message(self.Reloaded(None, str(answer)))

    @on(Reloaded)
    def _resume(self, message: Reloaded) -> None:
        if message.told is None:
            self.tell_refusal(f"What is shown may be old: the engine did not tell how it stands. {message.reason}")
            self.set_timer(_SECONDS_UNTIL_RETRY, self._ask_for_everything)
            return
        self._is_reloading = False
        self._load(message.told)
