"""Weeks and a year of the daily schedule, with everything that can happen to it: each slot has exactly one row.

What exactly is promised is written in `simulation`. HYPOTHESIS_PROFILE=long looks much longer.
"""

import asyncio
import logging
import os
import random
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
from hypothesis import strategies as st

from console.store.database import Database
from tests.clock import FakeClock
from tests.unit.scheduling.simulation import Home, Where, apscheduler_goes_by, days

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
BEGIN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

Event = Callable[[Home], Awaitable[object]]


def simulate(made_once: Path, live: Event) -> None:
    """Live in a new home."""

    async def in_a_home(folder: str) -> None:
        path = Path(folder) / "catalog.db"
        shutil.copy(made_once, path)
        clock = FakeClock(BEGIN)
        database = Database.open(path)
        home = Home(database, clock)
        logging.getLogger("scheduler").addHandler(home.errors)
        with apscheduler_goes_by(clock):
            try:
                await live(home)
            finally:
                await home.kill()
                logging.getLogger("scheduler").removeHandler(home.errors)
                await database.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(in_a_home(folder))


# -- any weeks --------------------------------------------------------------------------------------------------------


def spans(longest_hours: int) -> st.SearchStrategy[timedelta]:
    """Some time, most often of the size of a day or of a few seconds."""
    return st.one_of(
        st.integers(1, longest_hours * 60).map(lambda minutes: timedelta(minutes=minutes)),
        st.integers(1, 120).map(lambda seconds: timedelta(seconds=seconds)),
    )


def named(name: str, *arguments: object) -> "Happening":
    """Something that happens, as hypothesis prints it."""
    return Happening(name, arguments)


class Happening:
    """Something that happens to a home."""

    def __init__(self, name: str, arguments: tuple[object, ...]) -> None:
        self.name, self.arguments = name, arguments

    def __repr__(self) -> str:
        return f"{self.name}{self.arguments}"

    async def __call__(self, home: Home) -> None:
        await getattr(home, self.name)(*self.arguments)


WHERE: st.SearchStrategy[Where] = st.sampled_from(["console", "cli"])
HAPPENINGS = st.one_of(
    st.builds(named, st.just("wait"), spans(100)),
    st.builds(named, st.just("wait"), spans(100)),
    st.builds(named, st.just("kill")),
    st.builds(named, st.just("start")),
    st.builds(named, st.just("jump_ahead"), spans(200)),
    st.builds(named, st.just("set_back"), spans(200)),
    st.builds(named, st.just("fail"), spans(40)),
    st.builds(named, st.just("edit"), st.integers(0, 23), st.integers(0, 59), WHERE),
    st.builds(named, st.just("edit_around_now"), st.integers(-2, 2), WHERE),
    st.builds(named, st.just("reset"), WHERE),
    st.builds(named, st.just("pause_or_resume"), WHERE),
    st.builds(named, st.just("sync_by_hand")),
    st.builds(named, st.just("last"), spans(60)),
)


@hypothesis.settings(
    max_examples=5_000 if IS_LONG else 120, derandomize=not IS_LONG, deadline=None, print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)  # fmt: skip
@hypothesis.example(
    happenings=[
        named("kill"),
        named("wait", timedelta(hours=2)),
        named("pause_or_resume", "cli"),
        named("start"),
        named("wait", timedelta(hours=30)),
        named("pause_or_resume", "console"),
    ]
)
@hypothesis.given(happenings=st.lists(HAPPENINGS, min_size=3, max_size=40))
def test_whatever_happens_each_slot_has_one_row_and_none_is_run_twice(
    made_once: Path, happenings: list[Happening]
) -> None:
    async def live(home: Home) -> None:
        await home.start()
        for happening in happenings:
            await happening(home)
        await home.check()

    simulate(made_once, live)


# -- a year -----------------------------------------------------------------------------------------------------------


def test_a_year_of_restarts_jumps_and_pauses_has_365_slots_and_365_rows(made_once: Path) -> None:
    """The time of day stays, so that plain counting tells what must be there."""
    dice = random.Random(365)

    def some(longest_hours: float) -> timedelta:
        return timedelta(seconds=round(dice.uniform(1, longest_hours * 3600)))

    async def live(home: Home) -> None:
        end = BEGIN + timedelta(days=365)
        events: list[Event] = [
            lambda home: home.wait(some(90)),
            lambda home: home.wait(some(90)),
            lambda home: home.kill(),
            lambda home: home.start(),
            lambda home: home.start(),
            lambda home: home.jump_ahead(some(60)),
            lambda home: home.set_back(some(30)),
            lambda home: home.pause_or_resume("console"),
            lambda home: home.pause_or_resume("cli"),
            lambda home: home.sync_by_hand(),
            lambda home: home.last(some(30)),
        ]
        await home.start()
        while home.clock.now() < end - timedelta(days=10):
            await dice.choice(events)(home)
        await home.wait(end - home.clock.now())
        rows = await home.check()
        assert [row.slot.date() for row in rows] == days(BEGIN.date(), 365)
        assert {row.slot.strftime("%H:%M:%S.%f") for row in rows} == {"02:00:00.000000"}
        assert len({row.status for row in rows}) >= 4, "it was an eventful year"

    simulate(made_once, live)
