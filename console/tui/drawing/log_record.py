"""A record of the log in full, on the screen and for the clipboard."""

from datetime import UTC

from console.logs import LogLine
from console.tui.drawing.line import BLANK, Line, Span, fold, line
from console.tui.drawing.look import Look
from console.tui.drawing.words import number
from console.tui.theme import Role

COPIED_CHARACTERS = 50_000
"""What is copied of a record: many terminals drop more than about 75,000 bytes, and base64 makes a third more of it."""

_LABEL = 9
_TRACEBACK = " | Traceback (most recent call last):"
"""The log writes a traceback in one line, its own lines parted by bars."""


def text_of(record: LogLine) -> str:
    """The record as its file has it, but for what is too long to be copied."""
    at = record.at.astimezone(UTC)
    head = f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1_000:03} - {record.logger} - {record.level} - "
    text = head + record.message
    return text if len(text) <= COPIED_CHARACTERS else f"{text[: COPIED_CHARACTERS - 1]}…"


def lines_of(record: LogLine) -> list[str]:
    """The lines of its message; those of a traceback are told apart again."""
    lines: list[str] = []
    for each in record.message.split("\n"):
        lines += each.split(" | ") if _TRACEBACK in each else [each]
    return lines


def draw(record: LogLine, look: Look, cells: int) -> list[Line]:
    """Every field, and all lines of the message, folded."""
    at, lines = record.at.astimezone(UTC), lines_of(record)
    time = f"{at:%a %Y-%m-%d %H:%M:%S}.{at.microsecond // 1_000:03} UTC"
    local = "" if look.zone.is_utc(at) else f"  {look.zone.of(at):%H:%M:%S} {look.zone.name(at)}"
    size = f"{number(len(record.message))} characters" + (f" in {number(len(lines))} lines" if len(lines) > 1 else "")
    role = {"WARNING": Role.WARNING, "ERROR": Role.BAD, "CRITICAL": Role.BAD}.get(record.level, Role.TEXT)
    fields = [("time", f"{time}{local}", Role.TEXT), ("level", record.level, role)]
    fields += [("logger", record.logger, Role.TEXT), ("message", size, Role.MUTED)]
    drawn: list[Line] = []
    for name, value, colour in fields:
        for position, (start, end) in enumerate(fold(value, max(cells - _LABEL, 8))):
            label = name if position == 0 else ""
            drawn.append(line(Span(label.ljust(_LABEL), Role.FAINT), Span(value[start:end], colour)))
    drawn.append(BLANK)
    for each in lines:
        drawn += [line(Span(each[start:end])) for start, end in fold(each, cells)]
    return drawn
