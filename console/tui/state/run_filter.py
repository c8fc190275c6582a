"""Which runs the history shows: one choice for each key, and the words that were typed."""

from datetime import UTC, datetime, timedelta

import msgspec

from console.history import NOBODY, RunFilter
from console.run import ACTIVE_STATUSES, RunKind, RunStatus, Trigger


class Outcome(msgspec.Struct, frozen=True):
    """A choice of outcomes."""

    name: str
    statuses: tuple[RunStatus, ...] = ()


class Origin(msgspec.Struct, frozen=True):
    """A choice of why runs exist, and what they fetch."""

    name: str
    triggers: tuple[Trigger, ...] = ()
    kinds: tuple[RunKind, ...] = ()


class Span(msgspec.Struct, frozen=True):
    """A choice of days: today is one, None is all time."""

    name: str
    days: int | None = None


_TROUBLE = (RunStatus.PARTIAL, RunStatus.FAILED, RunStatus.BLOCKED, RunStatus.INTERRUPTED, RunStatus.MISSED)

OUTCOMES = (
    Outcome("any outcome"),
    Outcome("in trouble", _TROUBLE),
    *(Outcome(status.value, (status,)) for status in RunStatus if status not in ACTIVE_STATUSES),
)
ORIGINS = (
    Origin("any trigger"),
    Origin("daily", triggers=(Trigger.SCHEDULED,)),
    Origin("catch-up", triggers=(Trigger.CATCH_UP,)),
    Origin("manual", triggers=(Trigger.MANUAL,)),
    Origin("requested", triggers=(Trigger.API,)),
    Origin("resumed", triggers=(Trigger.RESUME,)),
    Origin("full syncs", kinds=(RunKind.FULL,)),
    Origin("single pages", kinds=(RunKind.PAGE,)),
    Origin("retries", kinds=(RunKind.RETRY,)),
)
SPANS = (
    Span("any time"),
    Span("today", 1),
    Span("last 7 days", 7),
    Span("last 30 days", 30),
    Span("last 90 days", 90),
    Span("last 365 days", 365),
)


class HistoryFilter(msgspec.Struct, frozen=True):
    """What was chosen; `person` is None where it may be anybody."""

    outcome: Outcome = OUTCOMES[0]
    origin: Origin = ORIGINS[0]
    person: str | None = None
    span: Span = SPANS[0]
    words: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it leaves all runs."""
        return self == HistoryFilter()

    @property
    def told(self) -> list[str]:
        """What was chosen, in words, each key's choice apart."""
        parts = [self.outcome.name] if self.outcome != OUTCOMES[0] else []
        parts += [self.origin.name] if self.origin != ORIGINS[0] else []
        parts += [by_whom(self.person)] if self.person is not None else []
        parts += [self.span.name] if self.span != SPANS[0] else []
        return [*parts, f'"{self.words.strip()}"'] if self.words.strip() else parts

    def wanted(self, now: datetime) -> RunFilter:
        """What to ask for. A span begins with a day in UTC, so that it stays the same all day."""
        since = None
        if self.span.days is not None:
            midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
            since = midnight - timedelta(days=self.span.days - 1)
        return RunFilter(
            statuses=self.outcome.statuses,
            triggers=self.origin.triggers,
            kinds=self.origin.kinds,
            person=self.person,
            since=since,
            words=tuple(self.words.split()),
        )


def by_whom(person: str) -> str:
    """Who asked for a run, as a choice is named."""
    return "by the schedule" if person == NOBODY else f"by {person}"
