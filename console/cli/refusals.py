"""What the engine's rooms refuse, as words on stderr and an exit code: the same in every command."""

from collections.abc import Callable

from console.cli.named_run import NoSuchRun
from console.cli.output import ExitCode, complain
from console.operations.approval import NotApproved
from console.scheduling.lock import LockHeld, LockUnusable
from console.scheduling.runner import NotStarted
from console.search import FilterUnclear
from console.store.errors import StoreError


def with_exit_code(work: Callable[[], int]) -> int:
    """Do the work of a command; returns its exit code."""
    try:
        return work()
    except (NoSuchRun, FilterUnclear) as error:
        complain(str(error))
        return ExitCode.USAGE
    except (LockHeld, NotStarted, NotApproved) as error:
        complain(str(error))
        return ExitCode.REFUSED
    except (LockUnusable, StoreError) as error:
        complain(str(error))
        return ExitCode.FAILED
