"""What a killed process has left: looked at on a copy, so that the next start finds the files as they were left."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from console.run import PRODUCTS_PER_PAGE
from tests.integration.agreement import Entry, stored_entries
from tests.integration.database import Row, product_ids, rows, run_rows
from tests.integration.ledger import unsound, wrong_counts

_DONE = "SELECT page FROM sync_pages WHERE run_id = ? AND status = 'done'"
_NEWEST_DONE = "SELECT page FROM sync_pages WHERE status = 'done' AND run_id = (SELECT max(id) FROM sync_runs)"


@dataclass(frozen=True)
class Truth:
    """What the simulator has, since run `valid_after` ended."""

    entries: Mapping[str, Entry]
    order: Sequence[str]
    valid_after: int

    def on_page(self, page: int) -> Sequence[str]:
        """The ids of a page."""
        return self.order[(page - 1) * PRODUCTS_PER_PAGE : page * PRODUCTS_PER_PAGE]


@dataclass
class Finding:
    """What was found: the newest run, its pages, and everything that is not as it must be."""

    run: Row | None = None
    done: frozenset[int] = frozenset()
    unsound: list[str] = field(default_factory=list)
    miscounted: list[str] = field(default_factory=list)
    torn_pages: list[int] = field(default_factory=list)
    lost_pages: list[int] = field(default_factory=list)
    false_removals: list[str] = field(default_factory=list)

    @property
    def run_id(self) -> int:
        """The number of the newest run; 0 where there is none."""
        return int(self.run["id"]) if self.run else 0

    def where(self, newest_before: int) -> str:
        """How far the process had come, in words; `newest_before` was the newest run when it started."""
        if self.run is None or self.run_id == newest_before:
            return "before its run was recorded"
        if self.run["status"] not in ("running", "cancelling"):
            return "after its run had ended"
        if not self.done:
            return "before the first page was stored"
        if len(self.done) >= self.run["pages_total"]:
            return "after the last page"
        quarter = 4 * len(self.done) // self.run["pages_total"]
        return f"with {25 * quarter} to {25 * quarter + 25} % of the pages stored"

    @property
    def is_cut_off(self) -> bool:
        """Whether the run can be gone on with."""
        return self.run is not None and self.run["status"] in ("running", "cancelling", "interrupted")


def acknowledged_pages(database: Path) -> frozenset[int]:
    """The pages of the newest run that another program sees as stored now; it never writes, not even the -wal file."""
    if not database.exists():
        return frozenset()
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return frozenset(page for (page,) in connection.execute(_NEWEST_DONE))
    except sqlite3.OperationalError:  # the tables are not made yet
        return frozenset()


def autopsy(database: Path, truth: Truth, acknowledged: frozenset[int]) -> Finding:
    """Look at what was left; `acknowledged` are the pages that were seen as stored before."""
    with _copied(database) as copy:
        if copy is None:
            return Finding(lost_pages=sorted(acknowledged))
        run = next(reversed(run_rows(copy)), None)
        done = frozenset(row["page"] for row in rows(copy, _DONE, run["id"])) if run else frozenset()
        return Finding(
            run=run,
            done=done,
            unsound=unsound(copy),
            miscounted=wrong_counts(copy),
            torn_pages=_torn_pages(copy, truth, done) if run and run["id"] > truth.valid_after else [],
            lost_pages=sorted(acknowledged - done),
            false_removals=sorted(product_ids(copy, active=False) & truth.entries.keys()),
        )


@contextlib.contextmanager
def _copied(database: Path) -> Iterator[Path | None]:
    """The database with its -wal file, copied; None where there are no tables yet."""
    folder = database.parent / "autopsy"
    folder.mkdir(exist_ok=True)
    try:
        for name in (database.name, f"{database.name}-wal"):
            if (database.parent / name).exists():
                shutil.copyfile(database.parent / name, folder / name)
        copy = folder / database.name
        yield copy if copy.exists() and _has_tables(copy) else None
    finally:
        shutil.rmtree(folder)


def _has_tables(copy: Path) -> bool:
    return bool(rows(copy, "SELECT 1 FROM sqlite_master WHERE name = 'sync_runs'"))


def _torn_pages(copy: Path, truth: Truth, done: frozenset[int]) -> list[int]:
    """Pages that are recorded as done and whose products are not all there, each in every field."""
    stored = stored_entries(copy)
    return [
        page
        for page in sorted(done)
        if any(stored.get(product_id) != truth.entries[product_id] for product_id in truth.on_page(page))
    ]
