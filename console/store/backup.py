"""A copy of the database at one moment, made while others may use it."""

import contextlib
import os
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from console.store.errors import DatabaseUnusable, in_plain_words
from console.store.inspection import find_damage, open_to_look
from console.text import clean

_COMPANIONS = ("", "-wal", "-shm", "-journal")
_KEPT = 5
_CHECK_SECONDS = 60.0
_UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Backups:
    """The folder of the backups that are made without being asked for; the last five of a database are kept."""

    folder: Path
    now: Callable[[], datetime]

    def make(self, source: Path, revision: str) -> Path:
        """Back up the database, which is of that revision; nobody else may do so meanwhile. Blocks.

        Raises:
            DatabaseUnusable: it cannot be backed up; the message says why.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnusable(f"The folder {clean(str(self.folder))} cannot be made: {error.strerror}.") from None
        target = self.folder / f"{source.stem}-{self.now():%Y%m%dT%H%M%S%fZ}-schema-{revision}.db"
        back_up(source, target)
        self._forget(source.stem)
        return target

    def _forget(self, stem: str) -> None:
        """Delete the oldest, and what a backup that was killed has left. Only names that are made here."""
        ours = re.compile(rf"{re.escape(stem)}-\d{{8}}T\d{{12}}Z-schema-\w+\.db(\.unfinished)?")
        names = sorted(each.name for each in self.folder.iterdir() if ours.fullmatch(each.name))
        unfinished = [name for name in names if name.endswith(_UNFINISHED)]
        whole = [name for name in names if not name.endswith(_UNFINISHED)]
        for name in (*unfinished, *whole[:-_KEPT]):
            with contextlib.suppress(DatabaseUnusable):  # the next backup tries again
                delete_database(self.folder / name)


def back_up(source: Path, target: Path) -> None:
    """Copy the database as it is at this moment to a file that there is none of yet, and look whether it is sound.

    The file appears whole or not at all, readable by its owner alone. Blocks.

    Raises:
        DatabaseUnusable: it cannot be done; the message says why and what to do.
    """
    if not source.exists():
        raise DatabaseUnusable(f"There is no database {clean(str(source))} yet: the first sync makes it.")
    unfinished = target.with_name(target.name + _UNFINISHED)
    if target.exists() or target.is_symlink():
        raise DatabaseUnusable(f"The file {clean(str(target))} exists already: choose another name, or move it away.")
    copy_database(source, unfinished)
    try:
        _seal(unfinished)
        _appear(unfinished, target)
    finally:
        with contextlib.suppress(DatabaseUnusable):
            delete_database(unfinished)


def copy_database(source: Path, target: Path) -> None:
    """Copy the database as it is at this moment into a new file, readable by its owner alone. Blocks.

    The source is only read. Where there is none yet, the copy is an empty file. What was made of a copy that cannot be
    finished is deleted.

    Raises:
        DatabaseUnusable: it cannot be read, or the copy cannot be written; the message says which and why.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise DatabaseUnusable(f"The copy {clean(str(target))} cannot be made: {error.strerror}.") from None
    try:
        if source.exists():
            _copy(source, target)
    except BaseException:
        delete_database(target)
        raise


def delete_database(path: Path) -> None:
    """Delete a database with everything that SQLite keeps beside it. It need not be there.

    Raises:
        DatabaseUnusable: a file cannot be deleted; the message says which and why.
    """
    for ending in _COMPANIONS:
        file = path.with_name(path.name + ending)
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise DatabaseUnusable(f"The file {file} cannot be deleted: {error.strerror}.") from None


def _copy(source: Path, target: Path) -> None:
    with contextlib.ExitStack() as opened:
        writer = opened.enter_context(contextlib.closing(sqlite3.connect(target, isolation_level=None)))
        try:  # it sees one state: `backup` itself would wait for ever for a lock, and begin anew at every write
            reader = opened.enter_context(open_to_look(source, while_others_write=True))
        except sqlite3.Error as error:
            raise DatabaseUnusable(f"{source}: {in_plain_words(error)}") from None
        try:
            writer.execute("PRAGMA synchronous = OFF")  # a copy that a power cut damages is made anew
            reader.backup(writer)
        except sqlite3.Error as error:
            raise DatabaseUnusable(f"{source} cannot be copied to {target}. {in_plain_words(error)}") from None


def _seal(copy: Path) -> None:
    """Make the copy one file that is sound and on the disk: whoever needs it has nothing else."""
    try:
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            damage = find_damage(connection, _CHECK_SECONDS)
        _to_disk(copy)
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"The backup is not sound. {in_plain_words(error)}") from None
    except OSError as error:
        raise DatabaseUnusable(f"The backup cannot be written: {error.strerror}.") from None
    if damage:
        raise DatabaseUnusable(f"The database is damaged, and so would be its backup: {damage}.")


def _appear(unfinished: Path, target: Path) -> None:
    """Give it its name, which nobody may have taken meanwhile."""
    try:
        try:
            target.hardlink_to(unfinished)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if target.exists():
                raise FileExistsError from None
            unfinished.rename(target)
        _to_disk(target.parent)
    except FileExistsError:
        raise DatabaseUnusable(
            f"The file {clean(str(target))} exists already: choose another name, or move it away."
        ) from None
    except OSError as error:
        raise DatabaseUnusable(f"The backup {clean(str(target))} cannot be made: {error.strerror}.") from None


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
