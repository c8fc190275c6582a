"""The files of the log: the one that is written, and those that it was before, under the numbers of the rotation."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from console.operations.logbook import FileKey, Place

_HEAD_BYTES = 64


class Listed(NamedTuple):
    """A file of the log as its folder lists it. The larger the number, the older the file."""

    number: int
    device: int
    inode: int
    size: int
    path: Path


class OpenFile:
    """A file of the log that is being read; it can be renamed or deleted meanwhile."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            OSError: it cannot be read.
        """
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        told = os.fstat(self._descriptor)
        self.size = told.st_size
        self.key = FileKey(told.st_dev, told.st_ino, self.read(0, _HEAD_BYTES))

    def read(self, start: int, count: int) -> bytes:
        """So many bytes from this place, or as many as there are."""
        return os.pread(self._descriptor, count, start)

    def place(self, offset: int) -> Place:
        """A place in it."""
        return Place(self.key, offset)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)


class LogFiles:
    """All files of a log, found anew for every look: they are renamed while they are read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def listed(self) -> list[Listed]:
        """The files, newest first.

        Raises:
            OSError: the folder cannot be read.
        """
        found: dict[tuple[int, int], Listed] = {}
        with contextlib.suppress(FileNotFoundError), os.scandir(self._path.parent) as entries:
            for entry in entries:
                number = self._number(entry.name)
                if number is None:
                    continue
                with contextlib.suppress(FileNotFoundError):
                    told = entry.stat()
                    listed = Listed(number, told.st_dev, told.st_ino, told.st_size, Path(entry.path))
                    # One that was renamed in the middle of the list is there twice.
                    found[listed.device, listed.inode] = listed
        return sorted(found.values())

    def open(self, place: Place) -> OpenFile | None:
        """The file of this place; None where it is gone."""
        for listed in self.listed():
            if (listed.device, listed.inode) == (place.file.device, place.file.inode):
                file = _opened(listed)
                if file is not None and file.key.head.startswith(place.file.head):
                    return file
                if file is not None:
                    file.__exit__(None, None, None)
        return None

    def from_here(self, file: OpenFile, *, backward: bool) -> Iterator[OpenFile]:
        """This file, and those that come after it or before it. Each is closed when the next is asked for."""
        while True:
            with file:
                yield file
            listed = self.listed()
            here = next((at for at, each in enumerate(listed) if each.inode == file.key.inode), None)
            if here is None:  # the oldest goes first: before it there is nothing, after it all that is left
                here = len(listed)
            following = listed[here + 1 :] if backward else list(reversed(listed[:here]))
            opened = next((each for each in map(_opened, following) if each is not None), None)
            if opened is None:
                return
            file = opened

    def end(self, *, newest: bool) -> OpenFile | None:
        """The newest file, or the oldest; None where there is no log."""
        listed = self.listed()
        return next((each for each in map(_opened, listed if newest else reversed(listed)) if each is not None), None)

    def share(self, file: OpenFile, offset: int) -> tuple[int, int]:
        """How many bytes of the log are before this place, and how many there are."""
        listed = self.listed()
        here = next((at for at, each in enumerate(listed) if each.inode == file.key.inode), len(listed))
        return sum(each.size for each in listed[here + 1 :]) + offset, sum(each.size for each in listed)

    def _number(self, name: str) -> int | None:
        if name == self._path.name:
            return 0
        head, _, number = name.rpartition(".")
        return int(number) if head == self._path.name and number.isascii() and number.isdigit() and number else None


def _opened(listed: Listed) -> OpenFile | None:
    """The file that was listed; None where its name belongs to another one by now."""
    try:
        file = OpenFile(listed.path)
    except FileNotFoundError:
        return None
    if (file.key.device, file.key.inode) != (listed.device, listed.inode):
        file.__exit__(None, None, None)
        return None
    return file
