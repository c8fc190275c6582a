"""`g2a-console`: the console, with the engine in a thread of its own."""

import argparse
import os
import sys
from collections.abc import Awaitable, Callable

from console.cli.actor import actor
from console.cli.garbage import set_aside
from console.cli.output import ExitCode, complain
from console.cli.workshop import open_log
from console.clock import SystemClock
from console.home import Home
from console.operations.protocol import Operations
from console.operations.thread import EngineThread
from console.settings import Settings

Prepare = Callable[[], Awaitable[Settings]]
"""Makes what the engine needs, after the first picture is drawn; returns the settings to start it with."""


def open_console(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Open the console on this home; on the operator's wish, the demo after it."""
    refusal = no_terminal()
    if refusal:
        complain(refusal)
        return ExitCode.USAGE

    async def prepare() -> Settings:
        return settings

    code, wants_demo = run_console(home, settings, prepare)
    if wants_demo:
        from console.cli.demo import demo  # noqa: PLC0415 - only here: the demo opens a console itself

        return demo(arguments, home, settings)
    return code


def no_terminal() -> str | None:
    """Why the console cannot be shown here; None where it can."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "The console needs a terminal, and there is none here: `g2a-console sync` works without one."
    if os.environ.get("TERM", "dumb") in ("dumb", ""):
        return "This terminal (TERM=dumb) cannot show the console: `g2a-console sync` works without one."
    return None


def run_console(home: Home, settings: Settings, prepare: Prepare) -> tuple[int, bool]:
    """Show the console until its operator leaves; returns the exit code, and whether the demo is wanted next."""
    from console.tui.app import ConsoleApp  # noqa: PLC0415 - 0.2 s that no other command needs
    from console.tui.wish import ExitWish  # noqa: PLC0415

    clock = SystemClock()
    with open_log(home, settings) as log:
        engine: list[EngineThread] = []

        async def connect() -> Operations:
            ready = await prepare()
            engine.append(EngineThread(settings=ready, home=home, clock=clock, log=log, actor=actor()))
            operations = await engine[0].start()
            set_aside()
            return operations

        app = ConsoleApp(connect, clock=clock)
        try:
            wish = app.run()
        finally:
            for each in engine:
                each.close()
    return app.return_code or ExitCode.DONE, wish is ExitWish.DEMO
