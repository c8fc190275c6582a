"""When jobs run, as an operator has set it, and who did."""

import json
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from console.store.audit import AuditEvent, write_audit
from console.store.schedules import StoredSchedule, get_schedule, save_schedule
from tests.unit.store.conftest import NOW, Shop

SCHEDULE = StoredSchedule(
    job_id="daily_product_sync", hour=3, minute=30, enabled=True, pause_reason=None, updated_by="alice", updated_at=NOW
)
AUDIT = AuditEvent(
    at=NOW,
    actor="alice",
    role="admin",
    method="console",
    action="schedule.set",
    target="daily_product_sync",
    before={"time": "02:00"},
    after={"time": "03:30"},
    outcome="done",
)


async def test_what_nobody_has_set_is_none(shop: Shop) -> None:
    assert await shop.database.read(get_schedule, "daily_product_sync") is None


async def test_a_schedule_is_kept_and_replaced(shop: Shop) -> None:
    await shop.database.write(save_schedule, SCHEDULE, AUDIT)
    assert await shop.database.read(get_schedule, "daily_product_sync") == SCHEDULE
    later = replace(
        SCHEDULE,
        hour=0,
        minute=0,
        enabled=False,
        pause_reason="stocktaking\n",
        updated_by=None,
        updated_at=NOW + timedelta(microseconds=1),
    )
    await shop.database.write(save_schedule, later, AUDIT)
    assert await shop.database.read(get_schedule, "daily_product_sync") == later
    assert await shop.value("SELECT count(*) FROM schedules") == 1


async def test_each_job_has_its_own(shop: Shop) -> None:
    await shop.database.write(save_schedule, SCHEDULE, AUDIT)
    await shop.database.write(save_schedule, replace(SCHEDULE, job_id="other", hour=5), AUDIT)
    found = await shop.database.read(get_schedule, "daily_product_sync")
    assert found == SCHEDULE


async def test_who_set_it_is_kept_with_what_was_before_and_after(shop: Shop) -> None:
    await shop.database.write(save_schedule, SCHEDULE, AUDIT)
    columns = "at, actor, role, method, action, target, before, after, outcome"
    (row,) = await shop.rows(f"SELECT {columns} FROM audit_events")
    at, *words, before, after, outcome = row
    assert at == "2026-11-23 02:00:00.123456"
    assert words == ["alice", "admin", "console", "schedule.set", "daily_product_sync"]
    assert (json.loads(before), json.loads(after), outcome) == ({"time": "02:00"}, {"time": "03:30"}, "done")


@pytest.mark.parametrize("value", [None, {"a": [1, None]}, "text", 5])
async def test_an_audit_may_hold_anything_that_is_json(shop: Shop, value: Any) -> None:
    await shop.database.write(write_audit, replace(AUDIT, before=value, target=None))
    assert json.loads(str(await shop.value("SELECT before FROM audit_events"))) == value


async def test_a_schedule_without_its_audit_is_not_kept(shop: Shop) -> None:
    def save(connection: Connection) -> None:
        save_schedule(connection, SCHEDULE, replace(AUDIT, after=object()))

    with pytest.raises(TypeError):
        await shop.database.write(save)
    assert await shop.database.read(get_schedule, "daily_product_sync") is None
    assert await shop.value("SELECT count(*) FROM audit_events") == 0
