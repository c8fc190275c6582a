"""Looking back: runs by what is asked for, their figures, and what each of them found, a page at a time."""

from datetime import UTC, datetime

import pytest

from console.history import NOBODY, ChangeOrder, ProductChange, RunFilter
from console.operations.history_reader import HistoryReader
from console.operations.protocol import Refused
from console.run import Change, PageState, RunKind, RunStatus, Trigger
from console.settings import SecretStr
from console.store.database import Database
from console.store.location import Location, PostgresServer, SqliteFile
from tests.benchmarks.history_database import fill
from tests.postgres import PostgresServer as Server
from tests.unit.store.conftest import BOTH, Shop, doc

RUNS, CHANGES = 200, 1_000


@pytest.fixture(scope="module", params=BOTH)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Location:
    """A database with two hundred nights in it, of each kind in turn."""
    place: Location = SqliteFile(tmp_path_factory.mktemp("history") / "catalog.db")
    if request.param == "postgres":
        server: Server = request.getfixturevalue("postgres_server")
        place = PostgresServer(SecretStr(server.create().url))
    fill(place, runs=RUNS, changes=CHANGES, pages=120, rejected=30)
    return place


@pytest.fixture
async def history(made: Location) -> object:
    """The way to it."""
    database = Database.open(made, is_only_writer=False)
    yield HistoryReader(lambda: database)
    await database.close()


async def test_runs_come_newest_first_a_page_at_a_time_with_their_number(history: HistoryReader) -> None:
    first = await history.runs(RunFilter(), 50)
    second = await history.runs(RunFilter(), 50, 50)
    assert (first.total, second.total) == (RUNS, RUNS)
    assert [run.run_id for run in (*first.runs, *second.runs)] == list(range(200, 100, -1))


@pytest.mark.parametrize(
    "wanted",
    [
        RunFilter(statuses=(RunStatus.FAILED, RunStatus.PARTIAL)),
        RunFilter(triggers=(Trigger.MANUAL,)),
        RunFilter(kinds=(RunKind.FULL,), person="bob"),
        RunFilter(person=NOBODY),
        RunFilter(since=datetime(2018, 12, 24, tzinfo=UTC), until=datetime(2019, 1, 7, tzinfo=UTC)),
        RunFilter(words=("MISSED",)),
        RunFilter(words=("alice", "2018-1")),
        RunFilter(statuses=(RunStatus.FAILED,), words=("%",)),
    ],
    ids=str,
)
async def test_a_filter_leaves_exactly_the_runs_of_which_all_its_conditions_hold(
    history: HistoryReader, wanted: RunFilter
) -> None:
    everything = (await history.runs(RunFilter(), RUNS)).runs

    def holds(place: int) -> bool:
        run = everything[place]
        at = run.started_at or run.slot
        told = f"{run.run_id} {run.kind} {run.trigger} {run.status} {run.requested_by or ''} {at} {run.error}".lower()
        assert at is not None
        return (
            (not wanted.statuses or run.status in wanted.statuses)
            and (not wanted.triggers or run.trigger in wanted.triggers)
            and (not wanted.kinds or run.kind in wanted.kinds)
            and (wanted.person is None or (run.requested_by or "") == wanted.person)
            and (wanted.since is None or at >= wanted.since)
            and (wanted.until is None or at < wanted.until)
            and all(word.lower() in told for word in wanted.words)
        )

    expected = [everything[place].run_id for place in range(RUNS) if holds(place)]
    found = await history.runs(wanted, RUNS)
    assert ([run.run_id for run in found.runs], found.total) == (expected, len(expected))
    assert [point.run_id for point in await history.trend(wanted, RUNS)] == expected[::-1]
    assert 0 < len(expected) < RUNS or wanted.words == ("%",)


async def test_the_neighbour_of_a_run_is_the_next_that_the_filter_leaves(history: HistoryReader) -> None:
    failed = RunFilter(statuses=(RunStatus.FAILED,))
    ids = [run.run_id for run in (await history.runs(failed, RUNS)).runs]
    older = await history.neighbour(ids[0], failed, newer=False)
    newer = await history.neighbour(ids[1], failed, newer=True)
    assert (older and older.run_id, newer and newer.run_id) == (ids[1], ids[0])
    assert await history.neighbour(ids[0], failed, newer=True) is None


async def test_a_point_of_the_trend_has_what_its_run_counted(history: HistoryReader) -> None:
    [point] = await history.trend(RunFilter(), 1)
    run = await history.run(point.run_id)
    counts = run.counts
    assert point.changes == counts.products_new + counts.products_changed + counts.products_discontinued
    assert (point.products, point.duration_seconds) == (counts.products_seen, run.duration_seconds)


async def test_everybody_who_asked_for_a_run_is_named_once(history: HistoryReader) -> None:
    assert await history.people() == ("alice", "bob", "carol")


async def test_a_run_that_there_is_not_is_refused_in_plain_words(history: HistoryReader) -> None:
    with pytest.raises(Refused, match=r"There is no run 9999\."):
        await history.run(9_999)


@pytest.mark.parametrize("order", ChangeOrder)
@pytest.mark.parametrize("kind", [None, Change.CHANGED, Change.NEW])
async def test_pages_of_changes_together_are_all_of_them_in_order(
    history: HistoryReader, order: ChangeOrder, kind: Change | None
) -> None:
    listed: list[ProductChange] = []
    for offset in range(0, CHANGES, 300):
        listed += (await history.changes(RUNS, 300, offset, kind=kind, order=order)).listed
    told = await history.changes(RUNS, 1, kind=kind, order=order)
    assert (len(listed), told.total) == (told.count(kind), CHANGES)
    assert len({change.product_id for change in listed}) == len(listed)
    match order:
        case ChangeOrder.FOUND:
            keys = [float(change.product_id) for change in listed]
        case ChangeOrder.NAME:
            assert [change.name for change in listed] == sorted(change.name for change in listed)
            return
        case ChangeOrder.PRICE | ChangeOrder.PERCENT:
            keys = [-_moved(change.fields or {}, in_percent=order is ChangeOrder.PERCENT) for change in listed]
    assert keys == pytest.approx(sorted(keys))


def _moved(fields: dict[str, list[float]], *, in_percent: bool) -> float:
    """How much the price moved; -1 where it did not."""
    if "min_price" not in fields:
        return -1
    old, new = fields["min_price"]
    return abs(new - old) / (old if in_percent else 1)


async def test_pages_that_failed_are_told_among_all_and_alone(history: HistoryReader) -> None:
    pages = await history.pages(RUNS, 60, 30)
    assert (pages.total, [page.page for page in pages.pages]) == (120, list(range(31, 91)))
    failed = await history.pages(RUNS, 60, state=PageState.FAILED)
    assert [(page.page, page.name) for page in failed.pages] == [(50, "page 50"), (100, "page 100")]
    faults = await history.faults(RUNS, 10)
    assert (faults.total, faults.faults[0].error) == (2, "G2A has a fault of its own (503).")


async def test_rejected_products_come_with_their_document(history: HistoryReader) -> None:
    found = await history.rejected(RUNS, 2, 28)
    assert (found.total, [each.document for each in found.products]) == (
        30, ['{"id": 28, "qty": -1}', '{"id": 29, "qty": -1}'],
    )  # fmt: skip


async def test_what_a_run_finds_while_it_is_looked_at_is_seen_at_the_next_look(shop: Shop) -> None:
    history = HistoryReader(lambda: shop.database)
    run_id = await shop.begin_run()
    await shop.put(run_id, doc("1"), doc("2"))
    by_name = {"kind": None, "order": ChangeOrder.NAME}
    assert (await history.changes(run_id, 10, **by_name)).total == 2  # type: ignore[arg-type]
    await shop.put(run_id, doc("0"), page=2)
    found = await history.changes(run_id, 10, **by_name)  # type: ignore[arg-type]
    assert [change.product_id for change in found.listed] == ["0", "1", "2"]


async def test_where_there_is_no_database_yet_there_have_been_no_runs() -> None:
    history = HistoryReader(lambda: None)
    assert (await history.runs(RunFilter(), 10)).total == 0
    assert await history.trend(RunFilter(), 10) == ()
    assert (await history.changes(1, 10)).total == 0
    with pytest.raises(Refused):
        await history.run(1)
