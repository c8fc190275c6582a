"""What the state machine has found, each reduced to the few steps that it takes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.operations.approval import approve
from console.operations.engine import Engine
from console.run import RunStatus
from tests.integration.database import product_ids, run_rows, value
from tests.integration.driven import DrivenEngine
from tests.integration.ledger import wrong_counts


@pytest.fixture
def driven(tmp_path: Path) -> Iterator[DrivenEngine]:
    """An engine on a catalogue of ten pages, one fetcher."""
    engine = DrivenEngine(tmp_path / "home", 1, products=200, null_prices=0.0)
    try:
        yield engine
    finally:
        engine.close()


async def full_sync(engine: Engine) -> int:
    return await engine.scheduler.trigger_manual_sync("alice")


async def sync_of_page_2(engine: Engine) -> int:
    return await engine.scheduler.trigger_manual_sync("alice", (2, 2))


def ids_of(driven: DrivenEngine) -> list[str]:
    return sorted(driven.sim.catalogue.documents())


def done_pages(driven: DrivenEngine, run_id: int) -> Any:
    return value(driven.database, "SELECT count(*) FROM sync_pages WHERE run_id = ? AND status = 'done'", run_id)


def test_a_run_killed_right_after_it_discontinued_products_counts_them(driven: DrivenEngine) -> None:
    driven.run(full_sync)
    driven.sim.catalogue.remove(ids_of(driven)[0])
    driven.run_and_kill(full_sync, 12)  # the run, ten pages, and what is gone
    assert len(product_ids(driven.database, active=False)) == 1
    assert run_rows(driven.database)[1]["products_discontinued"] == 1


def test_what_a_killed_run_discontinued_counts_for_the_run_that_goes_on_with_it(driven: DrivenEngine) -> None:
    driven.run(full_sync)
    driven.sim.catalogue.remove(ids_of(driven)[0])
    driven.run_and_kill(full_sync, 12)
    driven.run(lambda engine: engine.scheduler.retry(2, "bob"))
    assert len(product_ids(driven.database, active=False)) == 1
    assert wrong_counts(driven.database) == []


def test_a_run_that_is_gone_on_with_keeps_its_first_page_where_that_cannot_be_fetched_again(
    driven: DrivenEngine,
) -> None:
    driven.sim.faults.set("invalid-json@5")
    driven.run(full_sync)
    done = done_pages(driven, 1)
    driven.sim.faults.set("invalid-json@1")
    driven.run(lambda engine: engine.scheduler.retry(1, "bob"))
    assert done_pages(driven, 2) == done
    assert wrong_counts(driven.database) == []


def test_a_page_stays_done_where_it_fails_when_all_pages_are_fetched_again(driven: DrivenEngine) -> None:
    driven.sim.faults.set("repeat-pages@5*1")
    driven.run(full_sync, 10, lambda: driven.sim.faults.set("invalid-json@3"))
    assert wrong_counts(driven.database) == []


def test_a_product_is_counted_once_though_a_page_was_synced_between(driven: DrivenEngine) -> None:
    driven.run(full_sync, 5, driven.stop)
    driven.run(sync_of_page_2)
    report, _ = driven.run(lambda engine: engine.scheduler.retry(1, "bob"))
    assert report.status is RunStatus.SUCCEEDED
    assert report.counts.products_seen == 200


def test_what_a_killed_run_has_seen_is_not_removed_by_approving_an_earlier_one(driven: DrivenEngine) -> None:
    driven.run(full_sync)
    documents = dict(driven.sim.catalogue.documents())
    gone = ids_of(driven)[:60]
    for product_id in gone:
        driven.sim.catalogue.remove(product_id)
    blocked, _ = driven.run(full_sync)
    assert blocked.status is RunStatus.BLOCKED
    for product_id in gone:
        driven.sim.catalogue.add(documents[product_id])
    driven.run_and_kill(full_sync, 8)  # it has seen the first pages, and with them all that came back
    driven.run(sync_of_page_2)

    async def ask(engine: Engine) -> int:
        return await approve(engine.database, blocked.run_id, "they are gone", "alice", engine.clock.now())

    driven.ask(ask)
    assert product_ids(driven.database, active=False) & set(gone) == set()


def test_an_answer_that_shows_another_product_does_not_tell_that_the_one_asked_for_is_gone(
    driven: DrivenEngine,
) -> None:
    driven.run(full_sync)
    driven.sim.faults.set("bad-product-number-id@1")
    driven.run(full_sync)
    assert product_ids(driven.database, active=False) == set()


@pytest.mark.parametrize("transactions", range(6, 14))
def test_a_run_that_is_gone_on_with_knows_again_which_pages_are_refused(tmp_path: Path, transactions: int) -> None:
    driven = DrivenEngine(tmp_path / "home", 1, products=293, null_prices=0.0, page_limit=4)
    try:
        driven.run_and_kill(full_sync, transactions)
        report, _ = driven.run(lambda engine: engine.scheduler.retry(1, "bob"))
        assert (report.status, report.error) == (RunStatus.SUCCEEDED, None)
    finally:
        driven.close()


@pytest.mark.parametrize("transactions", range(11, 17))
def test_a_run_killed_while_it_is_closed_counts_each_product_once_when_it_is_gone_on_with(
    driven: DrivenEngine, transactions: int
) -> None:
    driven.run_and_kill(full_sync, transactions)  # the run, ten pages, and what closes it
    if run_rows(driven.database)[0]["status"] == "interrupted":
        driven.run(lambda engine: engine.scheduler.retry(1, "bob"))
    assert run_rows(driven.database)[-1]["products_seen"] == 200


def test_a_run_that_goes_on_and_is_killed_as_well_counts_what_both_have_stored(driven: DrivenEngine) -> None:
    driven.run_and_kill(full_sync, 4)
    driven.run_and_kill(lambda engine: engine.scheduler.retry(1, "bob"), 3)
    assert wrong_counts(driven.database) == []
    assert done_pages(driven, 2) > done_pages(driven, 1)
