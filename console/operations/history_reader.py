"""The history of the runs, read from the database: the one way to it, for the screen, the commands and whoever watches.

It may be asked from any loop: what it does happens on the threads of the database's readers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from console.history import ChangeOrder, RunFilter, RunPoint
from console.operations.findings import faults_of, pages_of, rejected_of
from console.operations.history import Changes, FaultList, PageList, RejectedList, RunList
from console.operations.protocol import Refused
from console.run import Change, PageState, RunReport
from console.store.database import Database
from console.store.errors import StoreError
from console.store.findings import count_changes, order_changes, read_changes, span_of_changes
from console.store.history import count_runs, find_neighbour, find_runs, people_of_runs, run_figures
from console.store.runs import get_run

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class _Known:
    """What is known of the changes of the run that was looked at last; `span` tells whether there are others now."""

    run_id: int
    span: tuple[int, int]
    by_kind: dict[Change, int]
    order: tuple[ChangeOrder, Change | None] | None = None
    rows: list[int] = field(default_factory=list)

    def put_in(self, order: ChangeOrder, kind: Change | None, rows: list[int]) -> "_Known":
        """The same, with the rows in this order."""
        return replace(self, order=(order, kind), rows=rows)


class HistoryReader:
    """Looks into the database of the moment; where there is none yet, there have been no runs."""

    def __init__(self, database: Callable[[], Database | None]) -> None:
        self._database = database
        self._known: _Known | None = None

    async def runs(self, wanted: RunFilter, limit: int, offset: int = 0) -> RunList:
        """The runs, newest first."""
        return await self._read(RunList(total=0, runs=()), _runs, wanted, limit, offset)

    async def trend(self, wanted: RunFilter, limit: int) -> tuple[RunPoint, ...]:
        """The newest runs, oldest first, as a chart shows them."""
        return tuple(await self._read([], run_figures, wanted, limit))

    async def people(self) -> tuple[str, ...]:
        """Everybody who ever asked for a run."""
        return tuple(await self._read([], people_of_runs))

    async def run(self, run_id: int) -> RunReport:
        """One run. Refused where there is no such run."""
        report = await self._read(None, get_run, run_id)
        if report is None:
            raise Refused(f"There is no run {run_id}.")
        return report

    async def neighbour(self, run_id: int, wanted: RunFilter, *, newer: bool) -> RunReport | None:
        """The next newer or older of these runs, or None where this one is the last of them."""

        def look(connection: Connection) -> RunReport | None:
            return find_neighbour(connection, run_id, wanted, newer=newer)

        return await self._read(None, look)

    async def pages(self, run_id: int, limit: int, offset: int = 0, state: PageState | None = None) -> PageList:
        """The run's pages (in this state)."""
        return await self._read(PageList(total=0, pages=()), pages_of, run_id, limit, offset, state)

    async def faults(self, run_id: int, limit: int, offset: int = 0) -> FaultList:
        """What went wrong in the run: its pages that failed, then whatever else it tells."""
        found = await self._read([], faults_of, run_id)
        return FaultList(total=len(found), faults=tuple(found[offset : offset + limit]))

    async def rejected(self, run_id: int, limit: int, offset: int = 0) -> RejectedList:
        """The products that the run could not store, each with its document."""
        return await self._read(RejectedList(total=0, products=()), rejected_of, run_id, limit, offset)

    async def changes(
        self,
        run_id: int,
        limit: int,
        offset: int = 0,
        *,
        kind: Change | None = None,
        order: ChangeOrder = ChangeOrder.FOUND,
    ) -> Changes:
        """What the run changed (in this way); all of it is counted."""
        return await self._read(Changes(by_kind={}, listed=()), self._changes, run_id, limit, offset, kind, order)

    def _changes(
        self, connection: Connection, run_id: int, limit: int, offset: int, kind: Change | None, order: ChangeOrder
    ) -> Changes:
        # Hundreds of thousands are counted and put in order once, not once a page: whoever scrolls must not wait.
        known, span = self._known, span_of_changes(connection, run_id)
        if known is None or (known.run_id, known.span) != (run_id, span):
            known = self._known = _Known(run_id, span, count_changes(connection, run_id))
        if order is ChangeOrder.FOUND:
            rows = order_changes(connection, run_id, order, kind, limit, offset)
        else:
            if known.order != (order, kind):
                known = self._known = known.put_in(order, kind, order_changes(connection, run_id, order, kind))
            rows = known.rows[offset : offset + limit]
        return Changes(by_kind=known.by_kind, listed=tuple(read_changes(connection, rows)))

    async def _read(
        self, nothing: T, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        database = self._database()
        if database is None:
            return nothing
        try:
            return await database.read(work, *args, **kwargs)
        except StoreError as error:
            raise Refused(str(error)) from None


def _runs(connection: Connection, wanted: RunFilter, limit: int, offset: int) -> RunList:
    return RunList(total=count_runs(connection, wanted), runs=tuple(find_runs(connection, wanted, limit, offset)))
