"""The screen that shows one record of the log in full."""

from typing import ClassVar

from msgspec.structs import asdict
from textual.app import ComposeResult
from textual.binding import BindingType

from console.logs import LogLine
from console.tui.actions import bindings
from console.tui.actions.log import RECORD_ACTIONS
from console.tui.screens.log_keys import copy_record
from console.tui.screens.overlay import Context, OverlayScreen
from console.tui.state.situation import Access
from console.tui.widgets.log_record import RecordFrame
from console.tui.widgets.moving import MovingFrame


class RecordSituation(Access, frozen=True, kw_only=True):
    """What decides which keys work here."""

    can_move: bool


class RecordScreen(OverlayScreen[None]):
    """All that is known of a record."""

    ACTIONS = RECORD_ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(RECORD_ACTIONS)]

    def __init__(self, context: Context, record: LogLine) -> None:
        super().__init__(context)
        self._record = record
        self.frame = RecordFrame(record, context.look)

    def content(self) -> ComposeResult:
        """The record."""
        yield self.frame

    @property
    def moved(self) -> MovingFrame:
        """The record."""
        return self.frame

    @property
    def situation(self) -> RecordSituation:
        """What decides which keys work."""
        return RecordSituation(**asdict(self.model.access), can_move=self.frame.can_move)

    def action_copy(self) -> None:
        """Copy the record."""
        copy_record(self, self._record)
