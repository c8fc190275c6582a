"""A database with years of runs in it, made in a few seconds: for measuring, and for tests of the history."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from console.store.bulk import for_each
from console.store.database import Database
from console.store.location import Location

FIRST_NIGHT = datetime(2018, 9, 1, 2, 0, tzinfo=UTC)
_STATUSES = ("succeeded",) * 12 + ("partial", "failed", "missed", "succeeded", "interrupted", "skipped", "cancelled")
_PEOPLE = ("alice", "bob", "carol")
_KINDS = ("changed",) * 8 + ("new", "discontinued")


def fill(place: Location | Path, *, runs: int, changes: int, pages: int = 0, rejected: int = 0) -> int:
    """Make the database; its newest run has all these changes, pages and rejected products. Returns that run's id."""
    asyncio.run(_make(place, runs, changes, pages, rejected))
    return runs


async def _make(place: Location | Path, runs: int, changes: int, pages: int, rejected: int) -> None:
    database = await asyncio.to_thread(Database.open, place)

    def write(connection: Connection) -> None:
        for_each(
            connection,
            "INSERT INTO sync_runs (id, kind, trigger, status, requested_by, job_id, slot, started_at, finished_at, "
            "duration_seconds, error, pages_total, pages_done, pages_failed, requests, retries, products_seen, "
            "products_new, products_changed, products_unchanged, products_discontinued, products_rejected) "
            "VALUES (?, 'full', ?, ?, ?, ?, ?, ?, ?, ?, ?, 771, 771, 0, 772, 1, ?, ?, ?, 0, ?, 0)",
            [_run(number) for number in range(1, runs + 1)],
        )
        for_each(
            connection,
            "INSERT INTO products (id, name, qty, min_price, is_active, first_seen_at, last_changed_at, "
            "last_seen_run_id, content_hash) VALUES (?, ?, 1, 1.5, TRUE, '2018-09-01', '2018-09-01', ?, ?)",
            [(str(number), f"Game {number * 7919 % 1_000_003:07} (PC)", runs, b"0") for number in range(changes)],
        )
        for_each(
            connection,
            "INSERT INTO product_changes (run_id, product_id, change, fields, at) VALUES (?, ?, ?, ?, '2026-11-23')",
            [(runs, *_change(number)) for number in range(changes)],
        )
        for_each(
            connection,
            "INSERT INTO sync_pages (run_id, price_window, page, status, attempts, products, duration_ms, error) "
            "VALUES (?, 0, ?, ?, 1, 20, 400, ?)",
            [
                (runs, page, *(("failed", "G2A has a fault of its own (503).") if page % 50 == 0 else ("done", None)))
                for page in range(1, pages + 1)
            ],
        )
        for_each(
            connection,
            "INSERT INTO rejected_products (run_id, page, product_id, reason, document) VALUES (?, 1, ?, ?, ?)",
            [(runs, str(number), "qty is -1", json.dumps({"id": number, "qty": -1})) for number in range(rejected)],
        )

    try:
        await database.write(write)
    finally:
        await database.close()


def _run(number: int) -> tuple[object, ...]:
    """A night: most go well, some do not run at all, and now and then somebody asks for one."""
    slot = FIRST_NIGHT + timedelta(days=number)
    status = _STATUSES[number % len(_STATUSES)]
    by_hand = number % 9 == 0 and status not in ("missed", "skipped")
    ran = status not in ("missed", "skipped")
    seconds = 60.0 + number * 13 % 40 if ran else None
    seen = 15_000 + number * 31 % 900 if ran else 0
    started = _stored(slot) if ran else None
    return (
        number,
        "manual" if by_hand else "scheduled",
        status,
        _PEOPLE[number // 9 % len(_PEOPLE)] if by_hand else None,
        "manual" if by_hand else "daily_product_sync",
        None if by_hand else _stored(slot),
        started,
        _stored(slot + timedelta(seconds=seconds or 0)),
        seconds,
        None if status == "succeeded" else f"It {status}.",
        seen,
        seen // 900,
        seen // 60,
        seen // 3_000,
    )


def _change(number: int) -> tuple[str, str, str | None]:
    kind = _KINDS[number % len(_KINDS)]
    if kind == "new":
        return str(number), kind, None
    if kind == "discontinued":
        return str(number), kind, '{"is_active": [true, false]}'
    old = round(0.5 + number % 997 / 10, 2)
    new = round(old * (0.5 + number % 89 / 80), 2)
    fields: dict[str, list[object]] = {"qty": [number % 50, number % 60]}
    if number % 3:
        fields["min_price"] = [old, new]
    return str(number), kind, json.dumps(fields)


def _stored(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")
