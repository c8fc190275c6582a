"""The console with faults under some keys: `z` hangs the screen, `?` hangs the engine, `ctrl+c` breaks the screen."""

import time
from collections.abc import Callable
from typing import Any, cast

from console import cli
from console.tui.app import ConsoleApp
from console.tui.screens.main import MainScreen

SECRET = "hunter2"


_Action = Callable[[Any], None]


def _hang(_: MainScreen) -> None:
    while True:
        pass


async def _sleep() -> None:
    time.sleep(60)  # noqa: ASYNC251 - it hangs its loop


def _hang_engine_and(help_action: _Action) -> _Action:
    def action(screen: MainScreen) -> None:
        cast(Any, screen.link).operations._loop.ask(_sleep())
        help_action(screen)

    return action


def _break(_: ConsoleApp) -> None:
    password = SECRET
    raise RuntimeError(f"broken by {len(password)}")


def _put_in(where: Any, **actions: _Action) -> None:
    for name, action in actions.items():
        setattr(where, f"action_{name}", action)


if __name__ == "__main__":
    _put_in(MainScreen, zoom=_hang, help=_hang_engine_and(MainScreen.action_help))
    _put_in(ConsoleApp, leave=_break)
    cli.main()
