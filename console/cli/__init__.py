"""The command `g2a-console`: reads its words, and hands over to the command that they name."""

import os
import signal
import sys
from pathlib import Path

from console.cli.ours import not_ours
from console.cli.output import ExitCode, OutputRefused, complain
from console.cli.parser import parse
from console.cli.streams import let_go_of_broken_streams, open_closed_streams
from console.home import find_home
from console.settings import SettingsError, load_settings
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
        arguments = parse(words)
        home = find_home(arguments.home, os.environ, Path.cwd())
        settings = load_settings(home.env_file, os.environ)
        return int(arguments.command(arguments, home, settings))
    except SettingsError as error:
        complain(str(error))
        return ExitCode.USAGE
    except OutputRefused as error:
        complain(str(error))
        return ExitCode.FAILED
    except KeyboardInterrupt:  # before a command has taken over the signals
        return 128 + signal.SIGINT
