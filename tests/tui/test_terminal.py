"""The terminal: what is sent to it is no more than it takes, and its end or its silence stops nothing."""

import io
import threading

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from console.operations.events import PageProgress
from console.run import PageState
from console.tui import glyphs
from console.tui.glyphs import ASCII, UNICODE, Glyphs
from console.tui.terminal.ascii import ascii_only
from console.tui.terminal.driver import _Outlet
from console.tui.terminal.sgr import shorten
from console.tui.theme import CALM, TERMINAL, Role, palette_for
from tests.tui.conftest import Open
from tests.tui.scenes import running

STYLES = st.builds(
    Style,
    color=st.sampled_from([None, "#123456", "#abcdef", "red", "color(120)", "bright_green", "default"]),
    bgcolor=st.sampled_from([None, "#000000", "#0f1318", "blue", "color(17)", "default"]),
    bold=st.booleans(),
    dim=st.booleans(),
    italic=st.booleans(),
    underline=st.booleans(),
    reverse=st.booleans(),
)
SEGMENTS = st.lists(st.builds(Segment, st.text(st.sampled_from("ab ■"), max_size=5), STYLES), max_size=12)
MOVES = st.sampled_from(["", "\x1b[2;3H", "\n", "\x1b[1;1H", "\x1b[?2026h"])


def drawn(data: str) -> list[list[object]]:
    """What a terminal makes of it, cell by cell with its attributes."""
    screen = pyte.Screen(30, 6)
    pyte.Stream(screen).feed(data)
    return [[screen.buffer[y][x] for x in range(30)] for y in range(6)]


# -- bytes -------------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(MOVES, SEGMENTS), max_size=6))
def test_shortened_colours_draw_the_same_picture_and_leave_the_same_state(
    frame: list[tuple[str, list[Segment]]],
) -> None:
    console = Console(color_system="truecolor", force_terminal=True, file=io.StringIO())
    data = "".join(move + Strip(segments).render(console) for move, segments in frame)
    probe = "\x1b[6;1Hend"
    assert drawn(shorten(data) + probe) == drawn(data + probe)


def test_shortened_colours_take_a_third_fewer_bytes() -> None:
    console = Console(color_system="truecolor", force_terminal=True, file=io.StringIO())
    roles = [Role.TEXT, Role.MUTED, Role.STRONG, Role.GOOD, Role.MUTED, Role.TEXT]
    data = Strip([Segment("word ", CALM.style(role)) for role in roles]).render(console)
    assert len(shorten(data)) < 0.67 * len(data)


# -- a terminal that does not read, or has gone ------------------------------------------------------------------------


class Stalled(io.StringIO):
    """A terminal that reads only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = threading.Event()

    def write(self, text: str, /) -> int:
        """Wait until somebody reads."""
        self.reads.wait(5)
        return super().write(text)


class Gone(io.StringIO):
    """A terminal whose line has been cut."""

    def write(self, _text: str, /) -> int:
        """There is nobody."""
        raise OSError(5, "Input/output error")


def on_a_thread(outlet: _Outlet, writes: int) -> threading.Thread:
    """What Textual's writing thread does."""

    def write() -> None:
        for number in range(writes):
            outlet.write(str(number))

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def test_writes_for_a_terminal_that_does_not_read_are_dropped_and_all_is_drawn_anew_when_it_reads() -> None:
    redraws: list[bool] = []
    terminal = Stalled()
    outlet = _Outlet(terminal, lambda: redraws.append(True))
    accepted = sum(outlet.accepts() for _ in range(1_000))
    assert accepted == 20, "less than fits in Textual's queue, which would stop its loop"
    thread = on_a_thread(outlet, accepted)
    assert not redraws
    terminal.reads.set()
    thread.join()
    assert redraws == [True]
    assert outlet.accepts()


def test_a_terminal_that_reads_again_before_anything_was_dropped_needs_no_new_drawing() -> None:
    redraws: list[bool] = []
    terminal = Stalled()
    terminal.reads.set()
    outlet = _Outlet(terminal, lambda: redraws.append(True))
    assert outlet.accepts()
    on_a_thread(outlet, 1).join()
    assert not redraws


def test_the_end_of_the_terminal_ends_the_writing_and_nothing_else() -> None:
    outlet = _Outlet(Gone(), lambda: None)
    assert outlet.accepts()
    outlet.write("x")
    assert outlet.is_gone
    assert not outlet.accepts()
    outlet.write("still in the queue")


# -- glyphs and colours ------------------------------------------------------------------------------------------------


def test_every_sign_has_one_cell_and_the_ascii_set_is_ascii() -> None:
    for name in Glyphs.__struct_fields__:
        if name == "levels":  # a row of signs, from nothing to full
            assert getattr(ASCII, name).isascii()
        elif name != "name":
            assert len(getattr(UNICODE, name)) == len(getattr(ASCII, name)) == 1
            assert getattr(ASCII, name).isascii()


def test_signs_that_stand_for_different_states_differ_without_colour() -> None:
    for each in (UNICODE, ASCII):
        pages = [getattr(each, name) for name in Glyphs.__struct_fields__ if name.startswith("page_")]
        assert len(set(pages)) == len(pages) == 7
        states = [each.good, each.running, each.warning, each.bad, each.paused, each.blocked, each.unknown]
        assert len(set(states)) == 7


def test_the_set_is_chosen_by_the_encoding_and_the_kind_of_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, term, expected in (
        ("UTF-8", "xterm-256color", UNICODE),
        ("utf8", "tmux", UNICODE),
        ("ANSI_X3.4-1968", "xterm", ASCII),
        ("ISO-8859-1", "xterm", ASCII),
        ("UTF-8", "linux", ASCII),
        ("UTF-8", "vt220", ASCII),
    ):
        monkeypatch.setenv("TERM", term)
        monkeypatch.setattr("locale.getencoding", lambda encoding=encoding: encoding)
        assert glyphs.detect() is expected, (encoding, term)


def test_sixteen_colours_have_their_own_palette() -> None:
    assert palette_for("standard") is TERMINAL
    assert palette_for("truecolor") is palette_for("256") is CALM


async def test_on_an_ascii_terminal_everything_is_ascii_dialogs_and_foreign_text_included(opened: Open) -> None:
    operations = running()
    assert operations.told.run is not None
    operations.told.run.pages.put(112, PageProgress(PageState.FAILED, 6, "日本 é …"))
    async with opened(operations, (120, 36), ASCII) as console:
        for keys in ((), ("n",), ("c",), ("escape", "e"), ("escape", "question_mark"), ("escape", "colon")):
            await console.press(*keys)
            assert console.text.isascii(), sorted({each for each in console.text if not each.isascii()})


def test_what_has_no_ascii_form_keeps_its_width() -> None:
    assert ascii_only("╭─ 日本 é … ⏎") == "+- ???? ? ~ /"
