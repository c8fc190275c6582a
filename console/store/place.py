"""Where the database lies: what stands in its way there is told before SQLite, which knows no reasons, comes near."""

import errno
import os
import stat
from pathlib import Path

from console.store.errors import DatabaseUnusable
from console.text import clean

_OTHER = "set DATABASE_URL to another"


def prepare_place(path: Path) -> None:
    """Make sure that a database can be used here; an empty file is made where there is none, for its owner alone.

    The -wal and -shm files take after it.

    Raises:
        DatabaseUnusable: it cannot; the message says what is in the way and what to do.
    """
    check_place(path)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise DatabaseUnusable(f"{_named(path)} cannot be opened: {_reason(error)}.") from None


def check_place(path: Path) -> None:
    """Look whether a database can be used here, and change nothing.

    Raises:
        DatabaseUnusable: it cannot; the message says what is in the way and what to do.
    """
    try:
        _check_folder(path.parent)
        if os.path.lexists(path):
            _check_file(path)
    except OSError as error:
        raise DatabaseUnusable(f"{_named(path)} cannot be opened: {_reason(error)}.") from None


def is_full(path: Path) -> bool:
    """Whether no room is left on the disk of this file."""
    try:
        return os.statvfs(path.parent).f_bavail == 0
    except OSError:
        return False


def _check_file(path: Path) -> None:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise DatabaseUnusable(f"{_named(path)} is a folder: {_OTHER}, to a file.")
    if not stat.S_ISREG(mode):
        raise DatabaseUnusable(f"{_named(path)} is no ordinary file: {_OTHER}.")
    for right, verb in ((os.R_OK, "read"), (os.W_OK, "written")):
        if not os.access(path, right):
            raise DatabaseUnusable(f"{_named(path)} cannot be {verb}: give yourself the right, or {_OTHER}.")


def _check_folder(folder: Path) -> None:
    named = f"The folder {clean(str(folder))}, where the database is to be,"
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError:
        raise DatabaseUnusable(f"{named} does not exist: make it, or {_OTHER}.") from None
    if not stat.S_ISDIR(mode):
        raise DatabaseUnusable(f"{named} is no folder: {_OTHER}.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DatabaseUnusable(f"{named} cannot be written, which SQLite must: give yourself the right, or {_OTHER}.")


def _named(path: Path) -> str:
    return f"The database {clean(str(path))}"


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full: make room"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"you have no right to it: give yourself the right, or {_OTHER}"
    return f"{error.strerror}: {_OTHER}"
