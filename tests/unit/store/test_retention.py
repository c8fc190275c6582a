"""What is older than 90 days is forgotten, and nothing else."""

from datetime import timedelta

import pytest

from console.scheduling.maintenance import KEPT, maintain, quiet_hour
from console.store import retention
from tests.clock import FakeClock
from tests.unit.store.conftest import NOW, Shop, doc


async def test_what_changed_long_ago_is_forgotten_in_small_steps_and_the_rest_stays(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_ROWS_AT_ONCE", 3)
    old, recent = NOW - KEPT - timedelta(hours=1), NOW - KEPT + timedelta(hours=1)
    first = await shop.begin_run(at=old)
    await shop.put(first, *[doc(str(number)) for number in range(1, 8)], {"id": "9"}, at=old)
    await shop.database.write(lambda connection: connection.exec_driver_sql(
        "UPDATE sync_runs SET status = 'succeeded', finished_at = started_at"
    ))  # fmt: skip
    second = await shop.begin_run(at=recent)
    await shop.put(second, *[doc(str(number), qty=5) for number in range(1, 8)], {"id": "9"}, at=recent)
    forgotten = await maintain(shop.database, FakeClock(NOW))
    assert forgotten == 7 + 1 + 1
    for table in ("product_changes", "rejected_products", "sync_pages"):
        assert {run for (run,) in await shop.rows(f"SELECT run_id FROM {table}")} == {second}
    assert await shop.value("SELECT count(*) FROM products") == 7
    assert await shop.value("SELECT count(*) FROM sync_runs") == 2
    assert await maintain(shop.database, FakeClock(NOW)) == 0


@pytest.mark.parametrize(("daily", "quiet"), [(2, 14), (14, 2), (23, 11), (0, 12)])
def test_the_quiet_hour_is_half_a_day_away(daily: int, quiet: int) -> None:
    assert quiet_hour(daily) == quiet
