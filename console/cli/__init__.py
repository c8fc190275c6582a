"""The command `g2a-console`: reads its words, and hands over to the command that they name."""

import os
import signal
import sys
from pathlib import Path

from console.cli.ours import not_ours
from console.cli.output import ExitCode, OutputRefused, complain
from console.cli.streams import let_go_of_broken_streams, open_closed_streams
from console.home import Home, find_home
from console.settings import Settings, SettingsError, load_settings
from console.start import end_at_once, end_in_order


def main() -> None:
    """Run the command and end the process with its exit code."""
    open_closed_streams()
    try:
        code = run(sys.argv[1:])
    finally:
        end_at_once()
        let_go_of_broken_streams()
    sys.exit(code)


def run(words: list[str]) -> int:
    """Run the command that the words name; returns its exit code."""
    try:
        end_in_order()
        if overwritten := not_ours():
            complain(overwritten)
            return ExitCode.FAILED
        os.umask(0o077)  # whatever is written is for its owner alone
        return _carry_out(words)
    except SettingsError as error:
        complain(str(error))
        return ExitCode.USAGE
    except OutputRefused as error:
        complain(str(error))
        return ExitCode.FAILED
    except KeyboardInterrupt:  # before a command has taken over the signals
        return 128 + signal.SIGINT


def _carry_out(words: list[str]) -> int:
    match words:
        case []:
            return _open_console(None)
        case ["--home", folder] if not folder.startswith("-"):
            return _open_console(folder)
    from console.cli.parser import parse  # noqa: PLC0415 - see below

    arguments = parse(words)
    return int(arguments.command(arguments, *_found(arguments.home)))


def _open_console(folder: str | None) -> int:
    """Open the console, which somebody waits for: what reads the words of all commands takes 10 ms to load."""
    home, settings = _found(folder)
    from console.cli.open_console import open_console  # noqa: PLC0415 - no other command needs it

    return open_console(home, settings)


def _found(folder: str | None) -> tuple[Home, Settings]:
    home = find_home(folder, os.environ, Path.cwd())
    return home, load_settings(home.env_file, os.environ)
