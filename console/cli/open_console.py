"""`g2a-console`: the console, with the engine in a thread of its own."""

import logging
import os
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from console.cli.actor import actor
from console.cli.leaving import Leaving
from console.cli.output import ExitCode, complain
from console.cli.workshop import black_out_key, open_log
from console.clock import SystemClock
from console.garbage import hold_off, set_aside
from console.home import Home
from console.logs import Log
from console.preferences import PreferenceKeeper
from console.settings import Settings, load_settings

if TYPE_CHECKING:
    import argparse

    from console.operations.protocol import Operations
    from console.operations.thread import EngineThread
    from console.tui.keys import KeyMap
    from console.tui.wish import ExitWish

logger = logging.getLogger("console")

Prepare = Callable[[], Awaitable[Settings]]
"""Makes what the engine needs, after the first picture is drawn; returns the settings to start it with."""


def command(_arguments: "argparse.Namespace", home: Home, settings: Settings) -> int:
    """Open it, among other words than the usual ones."""
    return open_console(home, settings)


def open_console(home: Home, settings: Settings) -> int:
    """Open the console on this home; on the operator's wish, the demo after it."""
    refusal = no_terminal()
    if refusal:
        complain(refusal)
        return ExitCode.USAGE

    from console.tui.wish import ExitWish  # noqa: PLC0415

    while True:
        code, wish = run_console(home, settings, _prepared(settings))
        if wish is ExitWish.DEMO:
            from console.cli.demo import open_demo  # noqa: PLC0415 - only here: the demo opens a console itself

            return open_demo(home)
        if wish is not ExitWish.ANEW:
            return code
        settings = load_settings(home.env_file, os.environ)


def _prepared(settings: Settings) -> Prepare:
    async def prepare() -> Settings:
        return settings

    return prepare


def no_terminal() -> str | None:
    """Why the console cannot be shown here; None where it can."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        return "The console needs a terminal, and there is none here: `g2a-console sync` works without one."
    if os.environ.get("TERM", "dumb") in ("dumb", ""):
        return "This terminal (TERM=dumb) cannot show the console: `g2a-console sync` works without one."
    return None


def run_console(home: Home, settings: Settings, prepare: Prepare) -> "tuple[int, ExitWish | None]":
    """Show the console until its operator leaves, or something else ends it.

    Returns the exit code, and what is wanted next.
    """
    from console.tui.terminal.modes import Modes  # noqa: PLC0415 - termios is Unix's alone

    modes = Modes()
    with open_log(home, settings) as log, Leaving(modes.restore, log.close) as leaving:
        preferences = PreferenceKeeper(home.preferences_file)
        code, wish = _show(home, prepare, log, leaving, preferences)
        preferences.close()
    return leaving.code or code, wish if leaving.code is None else None


def _show(
    home: Home, prepare: Prepare, log: Log, leaving: Leaving, preferences: PreferenceKeeper
) -> "tuple[int, ExitWish | None]":
    hold_off()
    from console.tui.app import FAILURE, ConsoleApp  # noqa: PLC0415 - 0.2 s that no other command needs

    clock = SystemClock()
    engines: list[EngineThread] = []

    async def connect() -> "Operations":
        try:
            from console.operations.thread import EngineThread  # noqa: PLC0415 - not for the first picture

            ready = await prepare()
            black_out_key(log, ready)
            engine = EngineThread(settings=ready, home=home, clock=clock, log=log, actor=actor())
            engines.append(engine)
            leaving.tell(lambda _: engine.ask_to_end())
            return await engine.start()
        finally:
            set_aside()

    app = ConsoleApp(connect, clock=clock, preferences=preferences, on_hangup=leaving.hang_up)
    app.main.use_keys(_keys(home))
    leaving.tell(app.end)
    wish = None
    try:
        wish = app.run(mouse=preferences.current.mouse)
    except Exception:  # the outermost door of the screen
        logger.critical("the screen failed", exc_info=True)
        _complain_if_heard(FAILURE)
    finally:
        for each in engines:
            each.close()
    code = ExitCode.FAILED if app.return_code is None else app.return_code
    if code == ExitCode.FAILED:
        _complain_if_heard(f"The log is {home.log_file}")
    return code, wish


def _keys(home: Home) -> "KeyMap":
    from console.tui.keys import read_keys  # noqa: PLC0415 - with the screen

    keys = read_keys(home.keys_file)
    for problem in keys.problems:
        logger.warning(problem)
    return keys


def _complain_if_heard(text: str) -> None:
    """Complain; on a terminal that has gone nobody hears it, and that is no failure of its own."""
    try:
        complain(text)
    except OSError:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - so that nothing is flushed into it
