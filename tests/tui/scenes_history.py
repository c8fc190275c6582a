"""Months of runs, and what one of them found, as the engine would tell of them."""

import json
import random
from dataclasses import replace as with_changes
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from console.history import ProductChange, Rejected
from console.operations.history import Fault, Page
from console.run import Change, PageState, RunCounts, RunKind, RunReport, RunStatus, Trigger
from tests.tui.fake import FakeOperations
from tests.tui.fake_history import FakeHistory
from tests.tui.scenes import PAGES, blocked, idle, partial

RUNS = 412
_LAST_NIGHT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_ENDINGS = {
    7: RunStatus.PARTIAL,
    13: RunStatus.FAILED,
    19: RunStatus.MISSED,
    20: RunStatus.SKIPPED,
    25: RunStatus.INTERRUPTED,
    29: RunStatus.CANCELLED,
    33: RunStatus.BLOCKED,
}
_REASONS = {
    RunStatus.MISSED: "g2a-console was not running at 02:00 UTC, and not within SYNC_CATCH_UP_HOURS after it.",
    RunStatus.SKIPPED: "The schedule was paused by bob: G2A moves house until Thursday",
    RunStatus.FAILED: "16 pages in a row failed for good, the last one so: G2A has a fault of its own (503: <html>).",
    RunStatus.INTERRUPTED: "The process that ran it ended without finishing it.",
}
_EXCERPT = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><hr>nginx/1.25.3</body>"


def runs(count: int = RUNS) -> tuple[RunReport, ...]:
    """A run each night, now and then one by hand, with everything that may happen."""
    dice = random.Random(5)
    return tuple(_run(count - back, back, dice) for back in range(count))


def _run(run_id: int, back: int, dice: random.Random) -> RunReport:
    at = _LAST_NIGHT - timedelta(days=back)
    status = _ENDINGS.get(back % 41, RunStatus.SUCCEEDED)
    by_hand = back % 10 == 4
    ran = status not in (RunStatus.MISSED, RunStatus.SKIPPED)
    seconds = 66 + dice.random() * 25 + (60 if back % 17 == 3 else 0)
    changed = 150 + dice.randrange(160)
    failed = 3 if status in (RunStatus.PARTIAL, RunStatus.FAILED) else 0
    counts = RunCounts(
        pages_total=PAGES,
        pages_done=PAGES - failed,
        pages_failed=failed,
        requests=PAGES + 4,
        retries=4,
        products_seen=15_420 - dice.randrange(60),
        products_new=dice.randrange(24),
        products_changed=changed,
        products_unchanged=15_420 - changed,
        products_discontinued=dice.randrange(9),
        products_rejected=2 if failed else 0,
    )
    return RunReport(
        run_id=run_id,
        kind=RunKind.PAGE if back % 50 == 14 else RunKind.FULL,
        trigger=Trigger.MANUAL if by_hand else Trigger.SCHEDULED,
        status=status,
        requested_by=("alice", "bob", "[b]eve[/b]")[back // 10 % 3] if by_hand else None,
        started_at=at if ran else None,
        finished_at=at + timedelta(seconds=seconds),
        duration_seconds=seconds if ran else None,
        counts=counts if ran else RunCounts(),
        error=_REASONS.get(status),
        job_id="daily_product_sync",
        slot=None if by_hand else at,
    )


def pages() -> tuple[Page, ...]:
    """All pages of a run, three of which failed."""
    return tuple(
        Page(
            page=page,
            window=None,
            state=PageState.FAILED if page in (113, 114, 602) else PageState.DONE,
            attempts=6 if page in (113, 114, 602) else 1 + (page % 90 == 0),
            products=0 if page in (113, 114, 602) else 20,
            duration_ms=310 + page * 37 % 400,
            error=f"G2A has a fault of its own (502: {_EXCERPT})." if page in (113, 114, 602) else None,
        )
        for page in range(1, PAGES + 1)
    )


def faults() -> tuple[Fault, ...]:
    """What went wrong."""
    told = [
        Fault(page=page.page, window=page.window, attempts=page.attempts, error=page.error or "")
        for page in pages()
        if page.state is PageState.FAILED
    ]
    again = Fault(page=9, window=None, attempts=None, error="G2A sent something that is no JSON: nothing at all")
    return (*told, again)


def rejected() -> tuple[Rejected, ...]:
    """Products that could not be stored."""
    document = {
        "id": "10000000788017",
        "name": "Stardew Valley (PC) - Steam Key - GLOBAL",
        "type": "key",
        "qty": -3,
        "minPrice": 8.49,
        "availableToBuy": True,
        "categories": [{"id": 189, "name": "Steam Games"}, {"id": "none", "name": "Indie"}],
        "priceLimit": {"min": 2.5, "max": None},
        "restrictions": {"pegi_violence": False},
    }
    return (
        Rejected(page=12, product_id="10000000788017", reason="qty is -3", document=json.dumps(document)),
        Rejected(
            page=97,
            product_id="10000000788018",
            reason="categories[...].id: expected int, got str",
            document=json.dumps({**document, "id": "10000000788018", "qty": 3}),
        ),
        Rejected(page=0, product_id=None, reason="its id is empty", document=json.dumps({**document, "id": ""})),
    )


_NAMES = (
    "Assassin's Creed Valhalla (PC) - Ubisoft Connect Key - EUROPE",
    "Baldur's Gate 3 (PC) - Steam Gift - GLOBAL",
    "Microsoft Windows 11 Pro (PC) - Microsoft Key - GLOBAL",
    "The Witcher 3: Wild Hunt - Game of the Year Edition (PC) - GOG.COM Key - GLOBAL",
    "[red]Xbox[/red] Game Pass Ultimate 3 Months - Xbox Live Key - EUROPE",
)


def changes(count: int = 600) -> tuple[ProductChange, ...]:
    """What was different about some products."""
    found = []
    for at in range(count):
        kind = (Change.NEW, Change.DISCONTINUED, Change.RETURNED)[at // 7 % 3] if at % 7 == 6 else Change.CHANGED
        old = 1.99 + at * 13 % 60
        new = round(old * (0.6 + at * 29 % 90 / 100), 2)
        fields: dict[str, list[object]] | None = {"min_price": [old, new]} if at % 5 else {}
        if fields is not None and at % 3 == 0:
            fields["qty"] = [at % 40, at % 33]
        if kind is not Change.CHANGED:
            fields = {"is_active": [True, False]} if kind is Change.DISCONTINUED else None
        name = _NAMES[at % len(_NAMES)]
        found.append(ProductChange(product_id=str(10_000_000_700_000 + at), name=name, change=kind, fields=fields))
    return tuple(found)


def history(told: tuple[RunReport, ...] | None = None) -> FakeHistory:
    """The history of a shop that has been open for a year."""
    return FakeHistory(
        told=runs() if told is None else told,
        found_pages=pages(),
        found_faults=faults(),
        found_rejected=rejected(),
        found_changes=changes(),
    )


def years() -> FakeOperations:
    """An idle engine with a year of runs."""
    return with_changes(idle(), history=history())


def empty() -> FakeOperations:
    """An engine that never ran."""
    return with_changes(idle(), history=FakeHistory())


def after(operations: FakeOperations) -> FakeOperations:
    """An engine of which the last run is the newest of the history."""
    last = operations.told.last_run
    assert last is not None
    older = tuple(run for run in runs(40) if run.run_id < 40)
    return with_changes(operations, history=history((replace(last, run_id=41), *older)))


def after_partial() -> FakeOperations:
    """The last run can be gone on with."""
    return after(partial())


def after_blocked() -> FakeOperations:
    """The last run waits for somebody to look at a removal."""
    return after(blocked())
