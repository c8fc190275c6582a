"""The slots of a daily job: pure arithmetic on UTC."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

_DAY = timedelta(days=1)


def next_slots(now: datetime, hour: int, minute: int) -> Iterator[datetime]:
    """The slots after `now`, soonest first, for ever. All in UTC, where every day has each hour once."""
    slot = previous_slot(now, hour, minute)
    while True:
        slot += _DAY
        yield slot


def previous_slot(now: datetime, hour: int, minute: int) -> datetime:
    """The latest slot that is not after `now`."""
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today <= now else today - _DAY


def slots_between(after: datetime, until: datetime, hour: int, minute: int) -> list[datetime]:
    """The slots later than `after` and not later than `until`, oldest first."""
    return list(itertools.takewhile(lambda slot: slot <= until, next_slots(after, hour, minute)))


def time_of_day(told: str) -> tuple[int, int] | None:
    """The hour and minute of HH:MM; None where it is no time of day."""
    hour, _, minute = told.partition(":")
    is_one = hour.isdecimal() and minute.isdecimal() and is_time_of_day(int(hour), int(minute))
    return (int(hour), int(minute)) if is_one else None


def is_time_of_day(hour: int, minute: int) -> bool:
    """Whether there is such a time."""
    return 0 <= hour < 24 and 0 <= minute < 60  # noqa: PLR2004 - hours and minutes
