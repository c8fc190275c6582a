"""What a process holds at one moment, and whether that has grown."""

import gc
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec
import psutil

MEBIBYTE = 1024 * 1024


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What the process holds, and how far it has come."""

    minute: float
    runs: int
    rss: int
    descriptors: int
    threads: int
    wal: int
    log: int
    """All files of the log together."""
    database: int


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """How much more than at the start there may be at the end, and how much at any time."""

    grows: int | None = None
    never_above: int | None = None


LIMITS = {
    "rss": Limit(grows=6 * MEBIBYTE),
    "descriptors": Limit(grows=8),
    "threads": Limit(grows=2),
    "wal": Limit(never_above=64 * MEBIBYTE),
    "log": Limit(never_above=4 * 1_000_000),
}


def measure(process: psutil.Process, minute: float, runs: int, database: Path, log: Path) -> Figures:
    """The figures of now."""
    gc.collect()
    return Figures(
        minute=minute,
        runs=runs,
        rss=process.memory_info().rss,
        descriptors=process.num_fds(),
        threads=threading.active_count(),
        wal=_size(database.with_name(f"{database.name}-wal")),
        log=sum(map(_size, log.parent.glob(f"{log.name}*"))),
        database=_size(database),
    )


def verdict(figures: Sequence[Figures]) -> list[str]:
    """What is not flat, in words; nothing where all is. The first figures are those after the warm-up."""
    problems = []
    for name, limit in LIMITS.items():
        values: list[int] = [getattr(each, name) for each in figures]
        end = min(values[1:][-2:], default=values[0])  # a moment's peak is no growth, and the start is no end
        if limit.grows is not None and end > values[0] + limit.grows:
            problems.append(f"{name} has grown from {values[0]:,} to {end:,}")
        if limit.never_above is not None and max(values) > limit.never_above:
            problems.append(f"{name} was {max(values):,}, above {limit.never_above:,}")
    return problems


HEADER = (
    f"{'minute':>7} {'runs':>6} {'RSS MiB':>8} {'files':>6} {'threads':>8} {'WAL MiB':>8} {'log MB':>7} {'db MiB':>7}"
)


def line(figures: Figures) -> str:
    """The figures as a line of the table."""
    return (
        f"{figures.minute:>7.1f} {figures.runs:>6} {figures.rss / MEBIBYTE:>8.1f} {figures.descriptors:>6} "
        f"{figures.threads:>8} {figures.wal / MEBIBYTE:>8.2f} {figures.log / 1e6:>7.2f} "
        f"{figures.database / MEBIBYTE:>7.1f}"
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
