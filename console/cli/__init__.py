"""The command `g2a-console`: reads its words, and hands over to the command that they name."""

import os
import signal
import sys
from pathlib import Path

from console.cli.ours import not_ours
from console.cli.output import ExitCode, complain
from console.cli.parser import parse
from console.home import find_home
from console.settings import SettingsError, load_settings


def main() -> None:
    """Run the command and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(words: list[str]) -> int:
    """Run the command that the words name; returns its exit code."""
    if overwritten := not_ours():
        complain(overwritten)
        return ExitCode.FAILED
    os.umask(0o077)  # whatever is written is for its owner alone
    arguments = parse(words)
    home = find_home(arguments.home, os.environ, Path.cwd())
    try:
        settings = load_settings(home.env_file, os.environ)
        return int(arguments.command(arguments, home, settings))
    except SettingsError as error:
        complain(str(error))
        return ExitCode.USAGE
    except KeyboardInterrupt:  # before a command has taken over the signals
        return 128 + signal.SIGINT
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - so that nothing is flushed into it
        return ExitCode.DONE
