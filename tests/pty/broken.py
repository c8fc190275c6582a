"""The console with faults under some keys: `z` hangs the screen, `?` hangs the engine, `G` breaks the screen."""

import time
from collections.abc import Callable
from typing import Any, cast

from console import cli
from console.tui.screens.main import MainScreen

SECRET = "hunter2"


_Action = Callable[[Any], None]


def _hang(_: MainScreen) -> None:
    while True:
        pass


def _hang_engine_and(help_action: _Action) -> _Action:
    def action(screen: MainScreen) -> None:
        cast(Any, screen.link).operations._loop.call_soon_threadsafe(time.sleep, 60)
        help_action(screen)

    return action


def _break(_: MainScreen) -> None:
    password = SECRET
    raise RuntimeError(f"broken by {len(password)}")


Keys: Any = MainScreen

if __name__ == "__main__":
    Keys.action_zoom = _hang
    Keys.action_help = _hang_engine_and(MainScreen.action_help)
    Keys.action_last = _break
    cli.main()
