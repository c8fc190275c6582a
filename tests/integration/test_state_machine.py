"""Any sequence of syncs, faults, kills, removals and approvals: what is there stays, and in the end all agree.

The test keeps to a few short examples, the same every time; with `HYPOTHESIS_PROFILE=long` it looks further.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from console.operations.approval import approve
from console.operations.engine import Engine
from console.run import RunKind, RunReport, RunStatus
from console.scheduling.runner import NotStarted
from console.sync.events import PageStored, RunEvent
from tests.integration.agreement import differences, stored_entries
from tests.integration.database import Row, product_ids, rows, run_rows
from tests.integration.driven import DrivenEngine, Start
from tests.integration.ledger import active_runs, unsound, wrong_counts
from tests.integration.machine_model import DENYING, HIDING, MAX_REMOVED_PERCENT, TWISTING, Model, strikes

Faults = tuple[str, ...]
How = str | Faults

_QUIET: Faults = ()
_PASSING: tuple[Faults, ...] = (
    ("mix:0.3",), ("500:0.5",), ("503@2",), ("500",), ("reset:0.4",), ("truncated-json:0.4",), ("html@3*3",),
    ("429:0.5",), ("401",), ("empty@2-9",), ("duplicate-ids",),
)  # fmt: skip
"""Requests fail; or a page says too much."""
_HIDING: tuple[Faults, ...] = (
    ("total-drop",), ("total-drop:0.2",), ("total-zero",), ("total-zero@2",), ("empty-middle",), ("empty-middle@2*1",),
    ("repeat-pages",), ("repeat-pages@2*1",), ("shuffle",), ("shuffle:0.2", "503:0.6"),
)  # fmt: skip
"""Pages leave out products that are there."""
_TWISTING: tuple[Faults, ...] = (
    ("bad-product",), ("bad-product:0.3",), ("bad-product-missing-id@2",), ("bad-product-number-id@1",),
    ("bad-product-negative-price@1-3",), ("bad-product-missing-price",), ("hostile-names@1",),
)  # fmt: skip
"""Products are shown other than they are."""
_ALTERED: dict[str, object] = {"qty": 777, "categories": [{"id": 77, "name": "Moved"}]}
CONTINUABLE = ("interrupted", "cancelled", "failed", "partial")
_NUMBERS = st.integers(0, 9_999)
_MOMENTS = st.one_of(st.integers(1, 4), st.integers(1, 14))
_BROKEN = st.one_of(st.sampled_from(_PASSING), st.sampled_from(_HIDING), st.sampled_from(_TWISTING))
_FAULTS = st.one_of(st.just(_QUIET), st.just(_QUIET), _BROKEN)
_MOVES = st.sampled_from(("nothing", "a few go", "they come back", "many go", "new ones come", "churn"))
_HOWS = st.one_of(
    st.just("undisturbed"),
    st.sampled_from(("stopped", "cancelled", "killed", "killed")),
    st.just("swap"),
    st.sampled_from(("churn", "remove", "add")),
    _BROKEN,
)
"""What comes between while a run is under way: its end, the catalogue moves, or faults begin."""


class SyncMachine(RuleBasedStateMachine):
    """A catalogue that moves, an API that fails, an engine that dies; beside them, what must be true."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.driven: DrivenEngine
        self.model = Model()
        self.faults: tuple[str, ...] = ()
        self._has_run = False

    @initialize(
        products=st.integers(60, 180),
        seed=st.integers(0, 99),
        fetchers=st.sampled_from((1, 1, 4)),
        page_limit=st.sampled_from((None, None, None, 4)),
    )
    def begin(self, products: int, seed: int, fetchers: int, page_limit: int | None) -> None:
        home = Path(self._folder.name) / "home"
        choices: dict[str, Any] = {"products": products, "seed": seed, "page_limit": page_limit}
        self.driven = DrivenEngine(home, fetchers, **choices, null_prices=0.0)
        self.driven.open_engine()
        self._catalogue_moved()

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None and hasattr(self, "driven"):
                self.settle()
        finally:
            if hasattr(self, "driven"):
                self.driven.close()
            self._folder.cleanup()

    # What happens: first the catalogue moves, then a run begins, and something comes between

    @rule(moved=_MOVES, where=_NUMBERS, faults=_FAULTS, how=_HOWS, at=_MOMENTS)
    def sync(self, moved: str, where: int, faults: Faults, how: How, at: int) -> None:
        self._prepare(moved, where, faults)
        self._go(_full_sync, how, at)

    @rule(first=st.integers(1, 7), count=st.integers(1, 5), moved=_MOVES, where=_NUMBERS, how=_HOWS, at=_MOMENTS)
    def sync_pages(self, first: int, count: int, moved: str, where: int, how: How, at: int) -> None:
        self._prepare(moved, where, ())
        report = self._go(_sync_of(first, first + count - 1), how, at)
        if report and report.status is RunStatus.SUCCEEDED and report.run_id in self.model.honest:
            ids = [each for page in range(first, first + count) for each in self.model.on_page(page)]
            self._check_stored(ids)

    @rule(cut_off_at=_MOMENTS, moved=_MOVES, where=_NUMBERS, faults=_FAULTS, how=_HOWS, at=_MOMENTS)
    def retry(self, cut_off_at: int, moved: str, where: int, faults: Faults, how: How, at: int) -> None:
        """Where there is nothing to go on with, a sync is killed first."""
        if not self._can_retry(self._newest_run()):
            self._kill(_full_sync, cut_off_at)
        self._prepare(moved, where, faults)
        run = self._newest_run()
        assert run
        if self._can_retry(run):
            done = self._done_pages(run["id"])
            self._go(self._retry_newest(), how, at)
            newest = self._newest_run()
            assert newest
            assert done <= self._done_pages(newest["id"]), "pages of the run that was gone on with are lost"
        else:
            with pytest.raises(NotStarted):
                self.driven.run(self._retry_newest())

    @rule(which=_NUMBERS, where=_NUMBERS, killed_at=st.integers(0, 12))
    def approve(self, which: int, where: int, killed_at: int) -> None:
        """Some of it may come back before, and be seen by a run that is killed.

        Where no run is blocked, so much is taken away first that one will be.
        """
        if not self._blocked_runs():
            self._remove(self._pick(self.model.order, where, len(self.model.order) // 2))
            self._prepare("nothing", where, ())
            self._run(_full_sync)
        if killed_at:
            self._prepare("they come back", where, ())
            self._kill(_full_sync, killed_at)
        if blocked := self._blocked_runs():
            self._approve(blocked[which % len(blocked)])

    @rule()
    def restart(self) -> None:
        self.driven.close_engine()
        self.driven.open_engine()

    @rule()
    def settle(self) -> None:
        """Whatever has happened: a clean sync, approved where it is blocked, sets all right."""
        self._prepare("nothing", 0, ())
        report = self._run(_full_sync)
        if report.status is RunStatus.BLOCKED:
            self._approve(report.run_id)
        self._check_agrees()

    # What is always true

    @invariant()
    def the_tables_are_as_they_must_be(self) -> None:
        if not self._has_run:
            return
        self._has_run = False
        database = self.driven.database
        _expect_none(unsound(database))
        _expect_none(wrong_counts(database))
        assert active_runs(database) == []
        ours = product_ids(database, active=False) & self.model.ever
        assert ours <= self.model.ever_gone | self.model.excused, "discontinued, and was always there"

    # Steps

    def _prepare(self, moved: str, where: int, faults: Faults) -> None:
        """Let the catalogue move, and from now on the API fail so."""
        self.driven.sim.faults.set(*faults)
        self.faults = faults
        order = self.model.order
        match moved:
            case "churn":
                self.driven.sim.catalogue.advance()
            case "a few go":
                self._remove(self._pick(order, where, 1 + where % 5))
            case "many go":
                self._remove(self._pick(order, where, len(order) * (25 + where % 76) // 100))
            case "they come back":
                self._bring_back(where, _ALTERED if where % 2 else {})
            case "new ones come":
                self._add(where, 1 + where % 25)
        self._catalogue_moved()

    def _go(self, start: Start, how: How, at: int) -> RunReport | None:
        """Let a run go as `how` says: whatever comes between comes at page, or after transaction, number `at`."""
        match how:
            case "killed":
                self._kill(start, at)
                return None
            case "stopped":
                return self._run(start, at, self.driven.stop)
            case "cancelled":
                return self._run(start, at, self.driven.cancel)
            case "undisturbed":
                return self._run(start)
            case tuple():
                report = self._run(start, at, lambda: self.driven.sim.faults.set(*how), faults=how)
                self.faults = how  # they go on, for a run that is killed before anything else is prepared
                return report
            case _:
                return self._run(start, at, lambda: self._move_on(how), moves=True)

    def _move_on(self, how: str) -> None:
        """What stands first goes, so that all behind it slip to earlier pages; what comes is among the last."""
        if how == "churn":
            self.driven.sim.catalogue.advance()
        if how in ("remove", "swap"):
            self._remove(self.model.order[:3])
        if how in ("add", "swap"):
            self._add(-3, 3)

    def _kill(self, start: Start, transactions: int) -> None:
        active = product_ids(self.driven.database, active=True)
        told = self.driven.run_and_kill(start, transactions)
        run = self._newest_run()
        assert run, "the first transaction records the run"
        note(f"run {run['id']} {run['kind']} {run['status']}: killed after {transactions} transactions")
        self._note_run(run, told)
        assert _pages_told(told) <= self._done_pages(run["id"]), "a page that was told as stored is lost"
        self._check_fallen(active, set(self.model.entries), self.faults)

    def _run(
        self,
        start: Start,
        page: int = 0,
        then: Callable[[], None] | None = None,
        *,
        moves: bool = False,
        faults: tuple[str, ...] = (),
    ) -> RunReport:
        """Let a run go to its end and look at everything that it must have left as it should be."""
        active, offered = product_ids(self.driven.database, active=True), set(self.model.entries)
        report, told = self.driven.run(start, page, then)
        note(f"run {report.run_id} {report.kind} {report.status}: {report.error}")
        assert "fault in g2a-console" not in (report.error or "")
        all_faults = (*self.faults, *faults)
        if moves:
            self._catalogue_moved()
        run = self._newest_run()
        assert run
        self._note_run(run, told, all_faults, moves=moves)
        self._check_fallen(active, offered & self.model.entries.keys(), all_faults)
        if report.kind is not RunKind.PAGE:
            self._check_full_run(report, active, is_undisturbed=not all_faults and then is None)
        return report

    def _check_full_run(self, report: RunReport, active: set[str], *, is_undisturbed: bool) -> None:
        if self.model.honest.get(report.run_id) != self.model.generation:
            return
        counts = report.counts
        assert counts.products_seen + counts.products_rejected <= len(self.model.entries), "some are counted twice"
        if is_undisturbed:
            assert report.status is self.model.ending(active), report.error
        if report.status is RunStatus.SUCCEEDED:
            assert counts.products_seen == len(self.model.entries)
            self._check_agrees()

    def _note_run(
        self, run: Row, told: list[RunEvent], faults: tuple[str, ...] | None = None, *, moves: bool = False
    ) -> None:
        """Keep what the run is known to have seen, where it saw what is."""
        self._has_run = True
        if run["status"] == RunStatus.BLOCKED:
            self.model.offered_since[run["id"]] = set(self.model.entries)
        faults = self.faults if faults is None else faults
        if moves or strikes(faults, (*HIDING, *TWISTING)):
            return
        self.model.saw(told)
        continued = run["continues_run_id"]
        if continued is None or self.model.honest.get(continued) == self.model.generation:
            self.model.honest[run["id"]] = self.model.generation

    def _approve(self, run_id: int) -> None:
        before = product_ids(self.driven.database, active=True)
        listed = {row["product_id"] for row in self._rows("SELECT * FROM run_removals WHERE run_id = ?", run_id)}

        async def ask(engine: Engine) -> int:
            return await approve(engine.database, run_id, "they are gone", "alice", engine.clock.now())

        removed = self.driven.ask(ask)
        self._has_run = True
        fallen = before - product_ids(self.driven.database, active=True)
        assert removed == len(fallen)
        assert fallen <= listed, "more was removed than was approved"
        seen_since = {each for each in fallen if self.model.seen_in.get(each, 0) > run_id}
        assert not seen_since, f"seen after run {run_id} and removed all the same"
        absent = (listed & before & self.model.ever) - self.model.offered_since.get(run_id, set())
        assert absent <= fallen, "less was removed than was approved"
        self.model.excused |= fallen & self.model.entries.keys()

    def _check_fallen(self, before: set[str], offered: set[str], faults: tuple[str, ...]) -> None:
        """Nothing that the API has offered all along was marked as discontinued."""
        wrong = (before - product_ids(self.driven.database, active=True)) & offered
        if wrong and strikes(faults, DENYING):  # asked for each, it said that it has none of them
            assert 100 * len(wrong) <= MAX_REMOVED_PERCENT * len(before | offered)
            self.model.excused |= wrong
            return
        assert not wrong, "discontinued though the API has it"

    def _check_stored(self, ids: list[str]) -> None:
        stored = stored_entries(self.driven.database)
        assert {each: stored.get(each) for each in ids} == {each: self.model.entries[each] for each in ids}

    def _check_agrees(self) -> None:
        _expect_none(differences(stored_entries(self.driven.database), self.model.entries))

    def _catalogue_moved(self) -> None:
        catalogue = self.driven.sim.catalogue
        if self.driven.sim.config.page_limit:  # price windows, which are the way then, show no product without a price
            for product_id, document in catalogue.documents().items():
                if document["minPrice"] is None:
                    catalogue.change(product_id, minPrice=3.5)
        self.model.look(catalogue.documents())

    def _remove(self, ids: list[str]) -> None:
        for product_id in ids:
            self.driven.sim.catalogue.remove(product_id)

    def _bring_back(self, at: int, altered: dict[str, object]) -> None:
        for product_id in self._pick(sorted(self.model.withdrawn), at, 1 + at % 200):
            self.driven.sim.catalogue.add({**self.model.withdrawn[product_id], **altered})

    def _add(self, at: int, count: int) -> None:
        """New products, each right behind one that there is, so that all behind them move."""
        for product_id in self._pick(self.model.order, at, count):
            new = str(int(product_id) + 1)
            if new not in self.model.ever:
                self.driven.sim.catalogue.add({**self.model.document(product_id), "id": new})

    @staticmethod
    def _pick(ids: list[str], at: int, count: int) -> list[str]:
        """That many ids that follow each other, from somewhere on."""
        begin = at % len(ids) if ids else 0
        return [*ids[begin:], *ids[:begin]][:count]

    # What the tables say

    def _rows(self, statement: str, *parameters: object) -> list[Row]:
        return rows(self.driven.database, statement, *parameters)

    def _newest_run(self) -> Row | None:
        return next(reversed(run_rows(self.driven.database)), None)

    def _blocked_runs(self) -> list[int]:
        return [row["id"] for row in self._rows("SELECT id FROM sync_runs WHERE status = 'blocked' ORDER BY id")]

    def _done_pages(self, run_id: int) -> set[tuple[int, int]]:
        done = self._rows("SELECT * FROM sync_pages WHERE run_id = ? AND status = 'done'", run_id)
        return {(row["price_window"], row["page"]) for row in done}

    def _can_retry(self, run: Row | None) -> bool:
        """Whether there is something to go on with: told from the promise, not from the engine."""
        if run is None or run["kind"] == "page" or run["status"] not in CONTINUABLE:
            return False
        return bool(run["status"] != "partial" or len(self._done_pages(run["id"])) < run["pages_total"])

    def _retry_newest(self) -> Start:
        run = self._newest_run()
        assert run
        run_id: int = run["id"]
        return lambda engine: engine.scheduler.retry(run_id, "bob")


async def _full_sync(engine: Engine) -> int:
    return await engine.scheduler.trigger_manual_sync("alice")


def _sync_of(first: int, last: int) -> Start:
    return lambda engine: engine.scheduler.trigger_manual_sync("alice", (first, last))


def _expect_none(found: list[str]) -> None:
    assert not found, "; ".join(found[:10])


def _pages_told(told: list[RunEvent]) -> set[tuple[int, int]]:
    return {(event.window, event.page) for event in told if isinstance(event, PageStored)}


_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"

TestAnySequence = SyncMachine.TestCase
TestAnySequence.settings = hypothesis.settings(
    max_examples=1_000 if _LONG else 30,
    stateful_step_count=40 if _LONG else 15,
    derandomize=not _LONG,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
