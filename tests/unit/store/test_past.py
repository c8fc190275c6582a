"""What earlier runs tell, from the tables."""

from datetime import timedelta

from msgspec.structs import replace

from console.run import Past, RunKind, RunStatus
from console.store.past import read_past
from console.store.runs import finish_run, get_run
from tests.unit.store.conftest import NOW, Shop


async def ended(shop: Shop, seconds: float, status: RunStatus = RunStatus.SUCCEEDED, **told: object) -> None:
    """A run that took so long; `told` are a new run's own words, `changed` how many products it changed."""
    changed = told.pop("changed", 0)
    run_id = await shop.begin_run(**told)  # type: ignore[arg-type]
    report = await shop.database.read(get_run, run_id)
    assert report is not None
    counts = replace(report.counts, products_changed=changed)
    at = NOW + timedelta(seconds=seconds)
    ended = replace(report, status=status, counts=counts, finished_at=at, duration_seconds=seconds)
    await shop.database.write(finish_run, ended)


async def test_before_the_first_run_there_is_nothing_to_tell(shop: Shop) -> None:
    assert await shop.database.read(read_past) == Past()


async def test_only_full_syncs_that_succeeded_say_how_long_one_takes(shop: Shop) -> None:
    await ended(shop, 80)
    await ended(shop, 3, kind=RunKind.PAGE)
    await ended(shop, 5, status=RunStatus.PARTIAL, changed=7)
    await ended(shop, 9, kind=RunKind.RETRY)
    past = await shop.database.read(read_past)
    assert past.durations == (80.0,)
    assert past.last_success_at == NOW + timedelta(seconds=9), "a retry that succeeded completes the catalogue too"
    assert past.last_change_at == NOW + timedelta(seconds=5)


async def test_the_ten_latest_count_oldest_first(shop: Shop) -> None:
    for seconds in range(1, 13):
        await ended(shop, seconds)
    past = await shop.database.read(read_past)
    assert past.durations == tuple(map(float, range(3, 13)))
    assert past.usual_seconds == 7.5
