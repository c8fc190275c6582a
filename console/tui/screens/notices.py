"""The screen on which the notices are read again."""

from typing import ClassVar

from msgspec.structs import asdict
from textual.app import ComposeResult
from textual.binding import BindingType

from console.clock import Clock
from console.tui.actions import bindings, notices
from console.tui.drawing.look import Look
from console.tui.screens.action_screen import ActionScreen
from console.tui.state.model import Model, Part
from console.tui.state.notices import Notices
from console.tui.state.situation import Access
from console.tui.widgets.bars import Footer
from console.tui.widgets.moving import MovingFrame
from console.tui.widgets.notices import NoticesFrame


class NoticesSituation(Access, frozen=True, kw_only=True):
    """What decides which keys work here."""

    can_move: bool


class NoticesScreen(ActionScreen[None]):
    """Lists the notices, newest first. It needs no engine: that there is none may be what was said."""

    CSS_PATH = "overlay.tcss"
    ACTIONS = notices.ACTIONS
    LISTS_NOTICES = True
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]

    def __init__(self, told: Notices, look: Look, clock: Clock, model: Model) -> None:
        super().__init__()
        self.model, self._look = model, look
        self.frame = NoticesFrame(told, look, clock)

    def compose(self) -> ComposeResult:
        """The list, and the keys."""
        yield self.frame
        yield Footer(self._look, lambda: self.enabled_actions, lambda: self.barred_actions)

    @property
    def situation(self) -> NoticesSituation:
        """What decides which keys work."""
        return NoticesSituation(**asdict(self.model.access), can_move=self.frame.can_move)

    @property
    def moved(self) -> MovingFrame:
        """The list."""
        return self.frame

    def why_barred(self) -> str:
        """Nothing is barred here."""
        return ""

    def engine_told(self, _parts: Part) -> None:
        """There may be another notice."""
        self.frame.redraw()
        self.footer().redraw()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)
