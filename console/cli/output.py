"""What commands say: data to stdout, talk to stderr, and exit codes that scripts can rely on."""

import enum
import os
import sys
from datetime import datetime

import msgspec

from console.cli.streams import nowhere
from console.run import RunStatus
from console.text import clean


class ExitCode(enum.IntEnum):
    """How a command ended. A signal gives 128 plus its number."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3
    REFUSED = 4


_OF_RUN = {
    RunStatus.SUCCEEDED: ExitCode.DONE,
    RunStatus.PARTIAL: ExitCode.PARTIAL,
    RunStatus.BLOCKED: ExitCode.REFUSED,
    RunStatus.SKIPPED: ExitCode.REFUSED,
}


def exit_code(status: RunStatus) -> ExitCode:
    """The exit code for a run that ended so."""
    return _OF_RUN.get(status, ExitCode.FAILED)


class OutputRefused(Exception):
    """What a command has to say cannot be written. The message says why."""


def say(text: str) -> None:
    """A line of data, or several, to stdout; what would be a control sequence is shown as what it is.

    A reader that has seen enough, as `head` has, changes nothing about the command.

    Raises:
        OutputRefused: there is a reader, but it cannot be written to.
    """
    try:
        sys.stdout.write("\n".join(clean(line, len(line)) for line in text.split("\n")) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = nowhere()
    except OSError as error:
        sys.stdout = nowhere()  # what is still waiting must not be tried again at the end
        raise OutputRefused(f"The output cannot be written: {error.strerror}.") from None


def pour(text: str) -> bool:
    """Much data, to stdout, in UTF-8 whatever the locale; False where the reader has seen enough.

    Nothing is kept back in a buffer: a Ctrl+C while a slow reader is waited for ends the command at once.

    Raises:
        OutputRefused: there is a reader, but it cannot be written to.
    """
    left = memoryview(text.encode())
    try:
        sys.stdout.flush()
        while left:
            left = left[os.write(sys.stdout.fileno(), left) :]
    except BrokenPipeError:
        return False
    except OSError as error:
        raise OutputRefused(f"The output cannot be written: {error.strerror}.") from None
    return True


def say_json(document: object) -> None:
    """One JSON document, to stdout."""
    import json  # noqa: PLC0415 - the console says nothing in JSON

    plain = msgspec.to_builtins(document, builtin_types=(datetime,))
    say(json.dumps(plain, indent=2, ensure_ascii=False, default=_time))


def _time(moment: object) -> str:
    """Times as 2026-11-23T02:00:00.123456+00:00, the same everywhere."""
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="microseconds")
    raise TypeError(f"{type(moment).__name__} is not JSON")


def complain(text: str) -> None:
    """Talk, to stderr; every line cleaned. Where nobody can hear it, the command goes on."""
    try:
        for line in text.split("\n"):
            sys.stderr.write(clean(line, 2000) + "\n")
        sys.stderr.flush()
    except OSError:
        sys.stderr = nowhere()
