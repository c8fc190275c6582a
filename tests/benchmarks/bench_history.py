"""How long the questions of the run history take, in a database with years of runs and one run that changed all.

    python -m tests.benchmarks.bench_history [--runs N] [--changes N]

Each is asked several times; `first` is the first time, when nothing is known yet.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from console.history import ChangeOrder, RunFilter
from console.operations.history_reader import HistoryReader
from console.run import Change, PageState, RunStatus
from console.store.database import Database
from tests.benchmarks.history_database import fill

_TIMES = 7
_PAGE = 200


def _questions(history: HistoryReader, run: int, changes: int) -> dict[str, Callable[[], Awaitable[object]]]:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    questions: dict[str, Callable[[], Awaitable[object]]] = {
        "runs, the newest": lambda: history.runs(RunFilter(), _PAGE),
        "runs, the oldest": lambda: history.runs(RunFilter(), _PAGE, max(run - _PAGE, 0)),
        "runs, failed": lambda: history.runs(RunFilter(statuses=(RunStatus.FAILED,)), _PAGE),
        "runs, by alice this year": lambda: history.runs(RunFilter(person="alice", since=since), _PAGE),
        "runs, words": lambda: history.runs(RunFilter(words=("failed", "daily")), _PAGE),
        "trend of 30": lambda: history.trend(RunFilter(), 30),
        "trend of 200": lambda: history.trend(RunFilter(), 200),
        "people": history.people,
        "older neighbour": lambda: history.neighbour(run, RunFilter(statuses=(RunStatus.FAILED,)), newer=False),
        "pages": lambda: history.pages(run, _PAGE),
        "failed pages": lambda: history.pages(run, _PAGE, 0, PageState.FAILED),
        "faults": lambda: history.faults(run, _PAGE),
        "rejected": lambda: history.rejected(run, _PAGE),
    }
    for order in ChangeOrder:
        for offset in (0, changes // 2, changes - _PAGE):
            questions[f"changes by {order}, from {offset:,}"] = lambda order=order, offset=offset: history.changes(  # type: ignore[misc]
                run, _PAGE, max(offset, 0), order=order
            )
    questions["new ones by name"] = lambda: history.changes(run, _PAGE, kind=Change.NEW, order=ChangeOrder.NAME)
    return questions


async def _measure(path: Path, run: int, changes: int) -> None:
    database = await asyncio.to_thread(Database.open, path)
    print(f"{'milliseconds':<40}{'first':>9}{'median':>9}{'worst':>9}")
    for name, ask in _questions(HistoryReader(lambda: database), run, changes).items():
        times = []
        for _ in range(_TIMES):
            begun = time.perf_counter()
            await ask()
            times.append((time.perf_counter() - begun) * 1000)
        print(f"{name:<40}{times[0]:>9.1f}{statistics.median(times):>9.1f}{max(times):>9.1f}")
    await database.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3_000)
    parser.add_argument("--changes", type=int, default=300_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.db"
        run = fill(path, runs=arguments.runs, changes=arguments.changes, pages=15_000, rejected=5_000)
        asyncio.run(_measure(path, run, arguments.changes))


if __name__ == "__main__":
    main()
