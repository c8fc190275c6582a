"""The slots of a daily job: pure arithmetic."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.scheduling.slots import is_time_of_day, next_slots, previous_slot, slots_between

DAY = timedelta(days=1)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
hours, minutes = st.integers(0, 23), st.integers(0, 59)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(moments, hours, minutes)
def test_the_next_slot_is_after_now_and_at_the_time(now: datetime, hour: int, minute: int) -> None:
    slot = next(next_slots(now, hour, minute))
    assert now < slot <= now + DAY
    assert (slot.hour, slot.minute, slot.second, slot.microsecond) == (hour, minute, 0, 0)
    assert slot.tzinfo is UTC


@given(moments, hours, minutes)
def test_slots_are_a_day_apart_for_ever(now: datetime, hour: int, minute: int) -> None:
    slots = list(itertools.islice(next_slots(now, hour, minute), 400))
    assert {later - earlier for earlier, later in itertools.pairwise(slots)} == {DAY}


@given(moments, hours, minutes)
def test_the_previous_slot_is_not_after_now_and_the_next_is(now: datetime, hour: int, minute: int) -> None:
    previous, following = previous_slot(now, hour, minute), next(next_slots(now, hour, minute))
    assert previous <= now < following
    assert following - previous == DAY


@given(moments, st.timedeltas(timedelta(0), timedelta(days=40)), hours, minutes)
def test_the_slots_between_two_moments_are_all_of_them(now: datetime, gap: timedelta, hour: int, minute: int) -> None:
    slots = slots_between(now, now + gap, hour, minute)
    assert all(now < slot <= now + gap for slot in slots)
    assert [now < slot <= now + gap for slot in itertools.islice(next_slots(now, hour, minute), len(slots) + 1)] == [
        *[True] * len(slots),
        False,
    ]


@given(moments, moments, moments, hours, minutes)
def test_no_slot_is_lost_or_doubled_where_two_spans_meet(
    one: datetime, two: datetime, three: datetime, hour: int, minute: int
) -> None:
    first, middle, last = sorted((one, two, three))
    last, middle = min(last, first + 100 * DAY), min(middle, first + 100 * DAY)
    whole = slots_between(first, last, hour, minute)
    assert slots_between(first, middle, hour, minute) + slots_between(middle, last, hour, minute) == whole


@pytest.mark.parametrize(
    ("now", "previous", "following"),
    [
        ("2026-11-23 01:59:59.999999", "2026-11-22 02:00", "2026-11-23 02:00"),
        ("2026-11-23 02:00:00", "2026-11-23 02:00", "2026-11-24 02:00"),
        ("2026-11-23 02:00:00.000001", "2026-11-23 02:00", "2026-11-24 02:00"),
        ("2027-01-01 01:00", "2026-12-31 02:00", "2027-01-01 02:00"),
        ("2028-02-29 00:00", "2028-02-28 02:00", "2028-02-29 02:00"),
        ("2026-03-29 01:30", "2026-03-28 02:00", "2026-03-29 02:00"),  # summer time begins, but not in UTC
    ],
)
def test_slots_at_the_edges(now: str, previous: str, following: str) -> None:
    assert previous_slot(at(now), 2, 0) == at(previous)
    assert next(next_slots(at(now), 2, 0)) == at(following)


@pytest.mark.parametrize(
    ("hour", "minute", "is_one"),
    [(0, 0, True), (23, 59, True), (24, 0, False), (0, 60, False), (-1, 0, False), (0, -1, False)],
)
def test_what_is_a_time_of_day(hour: int, minute: int, is_one: bool) -> None:
    assert is_time_of_day(hour, minute) is is_one
