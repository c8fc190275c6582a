"""The log book over the files of the log. It reads in threads, a block at a time, and keeps no file open in between."""

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, TypeVar

from msgspec.structs import replace

from console.clock import Clock
from console.operations.log_files import LogFiles, OpenFile
from console.operations.log_scan import Step, place_of_time, walk
from console.operations.logbook import Entry, LogPage, LogQuery, Place, Saved, Told
from console.operations.protocol import Refused
from console.text import clean

_SAVED_BYTES = 100_000_000
"""What is saved at most: the newest."""

T = TypeVar("T")


class LogBookReader:
    """Reads the log at this path and its rotated predecessors."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._files = LogFiles(path)
        self._clock = clock

    async def earlier(
        self, query: LogQuery, before: Place | None, count: int, owed: int = 0, told: Told | None = None
    ) -> LogPage:
        """So many records before this place, or at the end of all."""
        if before is None and query.until is not None:
            before = await self.at(query.until + timedelta(milliseconds=1))
        start = await _thread(self._start, before, is_back=True)
        if start is None:
            return LogPage(is_end=True)
        page = await self._collect(query, start, count, owed, told, is_back=True)
        gaps = [each.is_after_gap for each in page.entries]
        # On the way back a gap is told with the record before it.
        turned = [replace(each, is_after_gap=gap) for each, gap in zip(page.entries, [*gaps[1:], False], strict=False)]
        return replace(page, entries=tuple(turned[::-1]))

    async def later(
        self, query: LogQuery, onward: Place | None, count: int, owed: int = 0, told: Told | None = None
    ) -> LogPage:
        """So many records from this place on, or from the beginning of all."""
        if onward is None and query.since is not None:
            onward = await self.at(query.since)
        start = await _thread(self._start, onward, is_back=False)
        if start is None:
            return LogPage(is_end=True)
        return await self._collect(query, start, count, owed, told, is_back=False)

    async def at(self, time: datetime) -> Place | None:
        """The first record that is not older than this, or the end of all; None where there is no log."""
        return await _thread(place_of_time, self._files, time)

    async def save(self, query: LogQuery, told: Told | None = None) -> Saved:
        """Write what is wanted into a file of its own, beside the log."""
        path, file = await _thread(self._new_file)
        try:
            with file:
                onward, is_whole = await self._where_saving_begins(query, told)
                start = await _thread(self._start, onward, is_back=False)
                records = 0
                if start is not None:
                    async with contextlib.aclosing(self._steps(query, start, 0, is_back=False)) as steps:
                        async for step in steps:
                            await _thread(file.writelines, [_whole(found.data) for found in step.found])
                            records += len(step.found)
                            await self._tell(told, step)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise Refused(_unwritable(path, error)) from None
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Saved(path=clean(str(path)), records=records, is_whole=is_whole)

    async def _where_saving_begins(self, query: LogQuery, told: Told | None) -> tuple[Place | None, bool]:
        """The place from which on what is wanted is not too much, and whether that is all of it."""
        total = sum(each.size for each in await _thread(self._files.listed))
        if total <= _SAVED_BYTES:
            return (await self.at(query.since) if query.since else None), True
        until = await self.at(query.until + timedelta(milliseconds=1)) if query.until else None
        start = await _thread(self._start, until, is_back=True)
        size, place = 0, None
        if start is not None:
            async with contextlib.aclosing(self._steps(query, start, 0, is_back=True)) as steps:
                async for step in steps:
                    for found in step.found:
                        size += len(found.data)
                        if size > _SAVED_BYTES:
                            return place, False
                        place = found.entry.place
                    await self._tell(told, step)
        return place, True

    def _new_file(self) -> tuple[Path, BinaryIO]:
        name = f"excerpt-{self._clock.now():%Y%m%d-%H%M%S}"
        for number in range(1, 1_000):
            path = self._path.with_name(f"{name}{f'-{number}' if number > 1 else ''}.log")
            try:
                return path, os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")
            except FileExistsError:
                continue
            except OSError as error:
                raise Refused(_unwritable(path, error)) from None
        raise Refused(f"There are too many files like {clean(str(path))}: delete some.")

    # -- walking ---------------------------------------------------------------------------------------------------

    def _start(self, place: Place | None, *, is_back: bool) -> tuple[OpenFile, int] | None:
        """Where a walk begins; None where there is no log, or the file of the place is gone."""
        file = self._files.end(newest=is_back) if place is None else self._files.open(place)
        if file is None and place is not None and not is_back:  # the oldest go first: what is left comes after it
            file, place = self._files.end(newest=False), None
        if file is None:
            return None
        return file, (file.size if is_back else 0) if place is None else place.offset

    async def _collect(
        self, query: LogQuery, start: tuple[OpenFile, int], count: int, owed: int, told: Told | None, *, is_back: bool
    ) -> LogPage:
        entries: list[Entry] = []
        begun = reached = start[0].place(start[1])
        is_gap = False
        async with contextlib.aclosing(self._steps(query, start, owed, is_back=is_back)) as steps:
            async for step in steps:
                entries += [found.entry for found in step.found]
                if len(entries) >= count:
                    last = entries[count - 1]
                    reached = last.place if is_back else last.end
                    is_gap = entries[0].is_after_gap
                    return LogPage(
                        entries=tuple(entries[:count]), begun=begun, reached=reached, is_begun_with_gap=is_gap
                    )
                reached, is_gap = step.onward, step.is_gap
                await self._tell(told, step)
        return LogPage(
            entries=tuple(entries),
            begun=begun,
            reached=reached,
            is_end=True,
            is_begun_with_gap=bool(entries) and entries[0].is_after_gap,
            is_ended_with_gap=is_gap,
        )

    async def _steps(
        self, query: LogQuery, start: tuple[OpenFile, int], owed: int, *, is_back: bool
    ) -> AsyncGenerator[Step, None]:
        steps = _Steps(walk(self._files, query, *start, owed, is_back=is_back))
        try:
            while (step := await _thread(steps.next)) is not None:
                yield step
        finally:
            await asyncio.shield(_thread(steps.close))

    async def _tell(self, told: Told | None, step: Step) -> None:
        if told is not None:
            before, total = await _thread(self._files.share, step.file, step.reached)
            told(before / total if total else 1.0)


class _Steps:
    """A walk that is taken on threads. Who gives up in the midst of a step closes it when its thread has ended."""

    def __init__(self, steps: Generator[Step, None, None]) -> None:
        self._steps = steps
        self._lock = threading.Lock()

    def next(self) -> Step | None:
        with self._lock:
            return next(self._steps, None)

    def close(self) -> None:
        with self._lock:
            self._steps.close()


def _whole(data: bytes) -> bytes:
    return data if data.endswith(b"\n") else data + b"\n"


def _unwritable(path: Path, error: OSError) -> str:
    return f"{clean(str(path))} cannot be written ({error.strerror}): make room or give yourself the right."


async def _thread(work: Callable[..., T], *arguments: object, **named: object) -> T:
    try:
        return await asyncio.to_thread(work, *arguments, **named)
    except OSError as error:
        raise Refused(f"The log cannot be read ({error.strerror}).") from None
