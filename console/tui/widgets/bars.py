"""The bars: the header with the clock above, and the footer below."""

from collections.abc import Callable, Iterable, Sequence

from textual import events, on
from textual.message import Message

from console.clock import Clock
from console.tui.actions import Action
from console.tui.drawing import footer, header, read_only, state_line, words
from console.tui.drawing.line import Line, Span, line
from console.tui.drawing.look import Look
from console.tui.state.model import Model
from console.tui.widgets.canvas import Canvas


class Header(Canvas):
    """Which console this is, and where."""

    def __init__(self, model: Model, look: Look, clock: Clock, *, is_alone: Callable[[], bool]) -> None:
        super().__init__(look, id="header")
        self._model, self._clock = model, clock
        self._is_alone = is_alone

    def picture(self, cells: int, _rows: int) -> Sequence[Line]:
        """The header's one line; alone, it says how it stands too."""
        return [header.draw(self._model, self.look, self._clock.now(), cells, with_state=self._is_alone())]


class StateLine(Canvas):
    """How it stands in one word, why, and what to do."""

    def __init__(self, model: Model, look: Look, clock: Clock) -> None:
        super().__init__(look, id="state")
        self._model, self._clock = model, clock

    def picture(self, cells: int, _rows: int) -> Sequence[Line]:
        """The one line."""
        return [state_line.draw(self._model, self.look, self._clock.now(), cells)]


class ReadOnlyBar(Canvas):
    """Who runs the engine, where it is another process."""

    def __init__(self, model: Model, look: Look, clock: Clock) -> None:
        super().__init__(look, id="read-only")
        self._model = model
        self._clock = clock

    def picture(self, cells: int, _rows: int) -> Sequence[Line]:
        """The one line."""
        told = self._model.read_only
        return [] if told is None else [read_only.draw(told, self.look, self._clock.now(), cells)]


class UtcClock(Canvas):
    """The time at the end of the header: apart, so that a second costs a few bytes and not the whole line."""

    def __init__(self, look: Look, clock: Clock) -> None:
        super().__init__(look, id="clock")
        self._clock = clock

    def picture(self, _cells: int, _rows: int) -> Sequence[Line]:
        """14:03:22 UTC."""
        return [line(Span(f"  {words.clock(self._clock.now())} "))]


class Footer(Canvas):
    """The keys that work here and now; they can be clicked."""

    class Clicked(Message):
        """An action in the footer was clicked."""

        def __init__(self, action_id: str) -> None:
            super().__init__()
            self.action_id = action_id

    def __init__(
        self,
        look: Look,
        enabled: Callable[[], Iterable[Action]],
        barred: Callable[[], Sequence[Action]] = lambda: (),
    ) -> None:
        super().__init__(look, id="footer")
        self._enabled = enabled
        self._barred = barred
        self._keys: list[footer.Key] = []

    def picture(self, cells: int, _rows: int) -> Sequence[Line]:
        """The footer's one line."""
        drawn, self._keys = footer.keys(self._enabled(), cells, self._barred())
        return [drawn]

    @on(events.Click)
    def _choose(self, event: events.Click) -> None:
        for key in self._keys:
            if key.start <= event.x < key.end:
                self.post_message(self.Clicked(key.action.id))
