"""What comes after the pages: is the sweep complete, what is gone, and may it be removed."""

import logging

import msgspec

from console.run import RunStatus
from console.store.catalogue import count_active, count_sightings, count_unseen, discontinue_by, list_unseen
from console.store.removals import save_removals
from console.sync.guard import Removal, blocked_because
from console.sync.plan import FullPlan
from console.sync.second_look import LOOKS_AT_MOST, Looked, ask_for_total, look_again
from console.sync.sweep import Sweep
from console.sync.tally import Tally
from console.sync.work import Work

logger = logging.getLogger("scheduler")

_SWEEPS_AGAIN = 2
"""How often all pages are fetched once more, because fewer products came than there are."""


class Outcome(msgspec.Struct, frozen=True):
    """How a run ends: its status, and in one line why, where it did not simply succeed."""

    status: RunStatus
    error: str | None = None
    failure: BaseException | None = None


class Ending:
    """Ends a sweep over the whole catalogue. `sweep` has fetched all its pages, and none failed."""

    def __init__(self, *, work: Work, sweep: Sweep, plan: FullPlan, tally: Tally, max_removed_percent: float) -> None:
        self._work = work
        self._sweep = sweep
        self._plan = plan
        self._tally = tally
        self._max_removed_percent = max_removed_percent
        self._gone: set[str] = set()
        self._unanswered = 0
        self._why_unanswered: str | None = None

    async def outcome(self) -> Outcome:
        """How the run ends.

        Raises:
            G2AError, StoreError, Hopeless: the run cannot go on.
        """
        await self._find_what_slipped_past()
        if self._work.stop.is_asked():
            return Outcome(self._work.stop.status)
        incomplete = await self._incomplete()
        if incomplete:
            return Outcome(RunStatus.PARTIAL, f"{incomplete}: nothing was discontinued.")
        return await self._remove()

    async def _missing(self) -> int:
        """How many products came fewer than there are now."""
        run_id = self._work.ticket.run_id
        if self._tally.is_moving:
            self._tally.total_is(await ask_for_total(self._work))
        found = await self._work.database.read(count_sightings, run_id) + self._tally.unidentified
        return max(self._tally.products_total - found, 0)

    async def _find_what_slipped_past(self) -> None:
        """Look again, within bounds, where fewer products came than there are: they move between pages meanwhile."""
        missing = await self._missing()
        if missing and await self._work.database.read(count_unseen, self._work.ticket.run_id) <= LOOKS_AT_MOST:
            await self._ask_for_unseen()
            missing = await self._missing()
        for _ in range(0 if self._plan.is_cut else _SWEEPS_AGAIN):
            if not missing or self._work.stop.is_asked():
                return
            logger.info("%s products did not come: all pages are fetched again", missing)
            self._tally.total_is(0)
            sweep = Sweep(work=self._work, plan=FullPlan(), tally=self._tally, is_look_again=True)
            await sweep.run()
            missing = await self._missing() if not sweep.errors else 0

    async def _ask_for_unseen(self) -> None:
        """Ask for each product that we have and the sweep did not see, unless it was asked for before."""
        unseen = await self._work.database.read(list_unseen, self._work.ticket.run_id, LOOKS_AT_MOST)
        looked = await look_again([each for each in unseen if each not in self._gone], self._work)
        await self._keep(looked)
        self._gone.update(looked.gone)

    async def _keep(self, looked: Looked) -> None:
        self._tally.requests = self._work.client.requests
        if looked.there:
            logger.info("%s products had slipped past the sweep and are still there", len(looked.there))
            await self._sweep.write_products(looked.there)
        self._why_unanswered = looked.error

    async def _incomplete(self) -> str | None:
        """Why the sweep cannot tell what is gone, though every page came; None where it can."""
        tally = self._tally
        missing = await self._missing()
        if missing:
            return _told(tally.products_total, missing, self._plan)
        return f"{tally.unidentified} products came without an id" if tally.unidentified else None

    async def _remove(self) -> Outcome:
        database, run_id = self._work.database, self._work.ticket.run_id
        removal = Removal(
            gone=await database.read(count_unseen, run_id),
            active=await database.read(count_active),
            total=self._tally.products_total,
        )
        reason = blocked_because(removal, self._max_removed_percent)
        if reason:
            await database.write(save_removals, run_id)
            return Outcome(RunStatus.BLOCKED, reason)
        if removal.gone:
            return await self._discontinue(removal)
        return end_of_all(self._tally)

    async def _discontinue(self, removal: Removal) -> Outcome:
        """Discontinue what was not seen, was asked for one by one, and is not there."""
        database, run_id = self._work.database, self._work.ticket.run_id
        await self._ask_for_unseen()
        if self._work.stop.is_asked():
            return Outcome(self._work.stop.status)
        unseen = set(await database.read(list_unseen, run_id, removal.gone))
        gone = sorted(unseen & self._gone)
        self._tally.discontinued += await database.write(discontinue_by, run_id, gone, self._work.clock.now())
        unsure = len(unseen) - len(gone)
        if unsure:
            why = f" ({self._why_unanswered})" if self._why_unanswered else ""
            problem = f"{unsure:,} products did not come and could not be asked for{why}: they were kept."
            return Outcome(RunStatus.PARTIAL, problem)
        return end_of_all(self._tally)


def end_of_all(tally: Tally) -> Outcome:
    """How a run ends of which every page came: as succeeded, unless products were rejected."""
    if tally.rejected:
        return Outcome(RunStatus.PARTIAL, f"{tally.rejected} products were rejected.")
    return Outcome(RunStatus.SUCCEEDED)


def _told(total: int, missing: int, plan: FullPlan) -> str:
    """Why products are missing, as exactly as it can be known."""
    told = f"G2A has {total:,} products, and {total - missing:,} of them came"
    if plan.unreachable:
        windows = " and ".join(str(window) for window in plan.unreachable)
        return f"{told}; G2A shows no more than 10,000 of those at {windows}"
    if plan.is_cut:
        return f"{told}; G2A refuses pages above {plan.reach_pages}, and price windows show no product without a price"
    return told
