"""The words for looking back at runs: which of them, their figures, and what each of them found."""

import enum
from datetime import datetime
from typing import Any

import msgspec

from console.run import Change, RunKind, RunStatus, Trigger

NOBODY = ""
"""In place of a person: what nobody asked for, but the schedule."""


class RunFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs: every condition holds, and one that is empty or None is none.

    `person` is who asked for them, NOBODY where that was the schedule. `since` and `until` are about when a run began
    or should have; `until` itself is left out. `words` each occur in what the list tells of a run.
    """

    statuses: tuple[RunStatus, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    kinds: tuple[RunKind, ...] = ()
    person: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()


class RunPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A run in a chart. `at` is when it began or should have; `changes` counts new, changed and discontinued."""

    run_id: int
    at: datetime | None
    status: RunStatus
    duration_seconds: float | None
    products: int
    changes: int


class ProductChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found different about a product; `fields` maps a column to [old, new]. The name is that of today."""

    product_id: str
    name: str
    change: Change
    fields: dict[str, list[Any]] | None


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A product that could not be stored, why, and its document (JSON text, bounded).

    On page 0 are those that were asked for one by one.
    """

    page: int
    product_id: str | None
    reason: str
    document: str | None = None


class ChangeOrder(enum.StrEnum):
    """How changes are ordered: as they were found, by name, or by how much the price moved, in EUR or in percent."""

    FOUND = "found"
    NAME = "name"
    PRICE = "price"
    PERCENT = "percent"
