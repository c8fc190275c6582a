"""The start: the screen first, then the engine; and what is said when there is none."""

import asyncio
import subprocess
import sys

import pytest
from textual._compositor import Compositor
from textual.screen import Screen

from console.operations.events import LogWritten
from console.operations.protocol import Feed, Operations, Refused
from console.tui.app import ConsoleApp
from console.tui.wish import ExitWish
from tests.tui.conftest import Open, console_app
from tests.tui.fake import FakeOperations
from tests.tui.scenes import idle, log_lines, running


async def test_the_screen_is_drawn_before_the_engine_is_asked_for() -> None:
    drawn_at_connect: list[str] = []
    operations = idle()

    async def connect() -> Operations:
        drawn_at_connect.append("\n".join(strip.text for strip in app.screen._compositor.render_strips()))
        return operations

    app = console_app(connect)
    async with app.run_test(size=(80, 24)) as pilot:
        while not drawn_at_connect:
            await pilot.pause(0.01)
    assert drawn_at_connect[0].count("starting…") == 4, "every pane says what it waits for"
    assert "○ starting" in drawn_at_connect[0]


async def test_the_first_picture_is_styled_and_drawn_once_and_shown_before_the_engine_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def noted(owner: type, name: str) -> None:
        before = getattr(owner, name)

        def note(*arguments: object, **named: object) -> object:
            if name != "update_styles" or isinstance(arguments[1], Screen):
                done.append(name)
            return before(*arguments, **named)

        monkeypatch.setattr(owner, name, note)

    async def connect() -> Operations:
        done.append("connect")
        await asyncio.Event().wait()
        raise AssertionError

    noted(ConsoleApp, "update_styles")
    noted(Compositor, "_render_chops")
    noted(ConsoleApp, "_display")
    app = console_app(connect)
    async with app.run_test(size=(80, 24)) as pilot:
        while "connect" not in done:
            await pilot.pause(0.01)
    assert done[:3] == ["update_styles", "_render_chops", "_display"]
    assert "connect" in done[3:]


async def test_the_console_can_be_left_while_the_engine_starts() -> None:
    async def never() -> Operations:
        await asyncio.Event().wait()
        raise AssertionError

    app = console_app(never)
    async with app.run_test() as pilot:
        await pilot.press("q")
    assert app.return_value is ExitWish.QUIT


async def test_a_refusal_is_told_in_its_own_words_and_q_leaves(opened: Open) -> None:
    async def refuse() -> Operations:
        raise Refused("pid 4711 on shop-1 holds the lock since 02:00 UTC. Stop it, or attach to it.")

    async with opened(connect=refuse) as console:
        await console.shows("pid 4711 on shop-1 holds the lock since 02:00 UTC.")
        assert "The console could not start" in console.text
        assert "✗ failed" in console.text
        assert "q leaves" in console.text
        assert "Jobs" not in console.text, "there is nothing to show panes of"
        await console.press("s", "e", "c", "z", "tab", "d")
        assert console.app.is_running
        await console.press("q")
        assert console.app.return_value is ExitWish.QUIT


async def test_an_unexpected_error_at_the_start_is_one_line_without_a_traceback(opened: Open) -> None:
    async def break_down() -> Operations:
        raise ConnectionResetError("first line\nTraceback (most recent call last):\x1b[31m [/b]")

    async with opened(connect=break_down) as console:
        await console.shows("ConnectionResetError: first line⏎Traceback")
        assert "␛[31m" in console.text
        assert "[/b]" in console.text, "markup is text like any other"


async def test_an_engine_that_connects_but_does_not_tell_is_refused_and_no_longer_listened_to(opened: Open) -> None:
    operations = idle()
    operations.snapshots_until_error = 0
    async with opened(connect=operations.connect) as console:
        await console.shows("OSError: the socket is gone")
        assert operations.feeds[0].is_closed


async def test_on_the_way_out_only_the_feed_is_closed(opened: Open) -> None:
    operations = running()
    async with opened(operations):
        asked = list(operations.asked)
        closed = [operations.feeds[0].is_closed]
    closed.append(operations.feeds[0].is_closed)
    assert closed == [False, True]
    assert operations.asked == asked, "nothing is asked of an engine that belongs to somebody else"


class Hasty(FakeOperations):
    """An engine that writes to the feed before it is asked for the log."""

    def subscribe(self) -> Feed:
        """A feed in which the newest lines wait already."""
        feed = super().subscribe()
        self.tell(LogWritten(self.log[-2]), LogWritten(self.log[-1]))
        return feed


async def test_a_log_line_told_by_the_tail_and_by_an_event_is_shown_once(opened: Open) -> None:
    operations = Hasty(idle().told, log_lines())
    async with opened(operations) as console:
        await console.until(lambda: not operations.feeds[0].waiting)
        assert console.main.log_pane.lines.end == sum(len(line.message.split("\n")) for line in operations.log)


def test_importing_the_screen_loads_no_library_of_the_engine() -> None:
    script = (
        "import sys, console.tui.app;"
        "heavy = {'sqlmodel', 'sqlalchemy', 'httpx', 'apscheduler', 'alembic', 'pydantic', 'httptools'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_textual_is_told_to_spare_the_line_before_it_is_imported() -> None:
    script = (
        "import console.tui.app; from textual import constants;"
        "print(constants.TEXTUAL_ANIMATIONS, constants.SMOOTH_SCROLL, constants.ESCAPE_DELAY, constants.MAX_FPS)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"HOME": "/"})
    assert done.stdout.split() == ["none", "False", "0.025", "60"]
