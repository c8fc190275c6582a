"""The console on a scripted engine, with time standing still."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta, timezone
from typing import Any, Protocol

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Button

from console.operations.protocol import Operations
from console.preferences import PreferenceKeeper
from console.tui.app import ConsoleApp
from console.tui.glyphs import UNICODE, Glyphs
from console.tui.screens.main import MainScreen
from console.tui.theme import CALM, Palette
from console.tui.wish import ExitWish
from tests.clock import FakeClock
from tests.tui.fake import NOW, FakeOperations

BERLIN_WINTER = timezone(timedelta(hours=1), "CET")

Connect = Callable[[], Awaitable[Operations]]


def console_app(
    connect: Connect,
    clock: FakeClock | None = None,
    glyphs: Glyphs = UNICODE,
    *,
    palette: Palette = CALM,
    preferences: PreferenceKeeper | None = None,
) -> ConsoleApp:
    """The app as every test sees it, whatever terminal the tests run in."""
    clock = clock or FakeClock(NOW, by_hand=True)
    app = ConsoleApp(connect, clock=clock, zone=BERLIN_WINTER, glyphs=glyphs, palette=palette, preferences=preferences)
    app.animation_level = "none"
    return app


class Opened:
    """An open console, and what a test does with it."""

    def __init__(self, app: ConsoleApp, pilot: Pilot[ExitWish], clock: FakeClock) -> None:
        self.app, self.pilot, self.clock = app, pilot, clock

    @property
    def main(self) -> MainScreen:
        """The main screen."""
        return self.app.main

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for something that comes by itself."""
        for _ in range(400):
            if condition():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"never came: {what or condition}\n{self.text}")

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def resize(self, width: int, height: int) -> None:
        """Change the size of the terminal, and wait until the picture has it."""
        await self.pilot.resize_terminal(width, height)
        await self.until(lambda: len(self.text.splitlines()) == height)
        await self.pilot.pause()

    def is_open(self, screen: type[Screen[Any]]) -> bool:
        """Whether a screen of this kind is on top."""
        return isinstance(self.app.screen, screen)

    @property
    def choice(self) -> str:
        """What Enter would take in a dialog."""
        focused = self.app.screen.focused
        assert isinstance(focused, Button)
        return str(focused.label)

    @property
    def text(self) -> str:
        """What is on the screen, as text."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def shows(self, words: str) -> None:
        """Wait until these words are on the screen."""
        await self.until(lambda: words in self.text, repr(words))


class Open(Protocol):
    """Opens the console on this engine, or on what `connect` brings; leaving the block closes it."""

    def __call__(
        self,
        operations: FakeOperations | None = None,
        size: tuple[int, int] = (80, 24),
        glyphs: Glyphs = UNICODE,
        *,
        connect: Connect | None = None,
    ) -> AbstractAsyncContextManager[Opened]: ...


@pytest.fixture
def opened() -> Open:
    """The way into the console."""

    @asynccontextmanager
    async def open_console(
        operations: FakeOperations | None = None,
        size: tuple[int, int] = (80, 24),
        glyphs: Glyphs = UNICODE,
        *,
        connect: Connect | None = None,
    ) -> AsyncIterator[Opened]:
        clock = FakeClock(NOW, by_hand=True)
        to = connect or (operations.connect if operations else None)
        assert to is not None
        app = console_app(to, clock, glyphs)
        async with app.run_test(size=size, notifications=True) as pilot:
            console = Opened(app, pilot, clock)
            if connect is None:
                await console.until(lambda: app.main.model.snapshot is not None, "a snapshot")
                await pilot.pause()
            yield console

    return open_console
