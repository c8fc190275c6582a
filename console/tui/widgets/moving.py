"""A frame in which one can move, by keys and by the wheel."""

from textual import events, on
from textual.message import Message

from console.tui.widgets.frame import Frame

_WHEEL_STEPS = 3


class MovingFrame(Frame):
    """Moves by lines, or by the items of a list; who inherits it says which."""

    class Changed(Message):
        """It moved, or can be moved otherwise: other keys may work now."""

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, MovingFrame.Changed)

    @property
    def can_move(self) -> bool:
        """Whether up and down do something."""
        raise NotImplementedError

    @property
    def page(self) -> int:
        """How many are seen at once."""
        return self.inner_rows

    def move(self, by: int) -> None:
        """Go down by so many, or up where negative."""
        raise NotImplementedError

    def move_to_end(self, *, first: bool) -> None:
        """Go to the beginning, or to the end."""
        raise NotImplementedError

    @on(events.MouseScrollDown)
    def _wheel_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, _WHEEL_STEPS)

    @on(events.MouseScrollUp)
    def _wheel_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -_WHEEL_STEPS)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        if self.can_move:
            event.stop()
            self.move(by)
