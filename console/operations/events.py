"""Every event that the engine tells, in one place for its faces."""

from console.operations.protocol import (
    CatalogueChanged,
    EngineFailed,
    Event,
    LogWritten,
    ReadOnlyChanged,
    ScheduleChanged,
)
from console.scheduling.lock import LockHolder
from console.sync.events import (
    PageFailed,
    PageHeldBack,
    PageRequested,
    PageRetrying,
    PageStored,
    RunCancelling,
    RunEvent,
    RunFinished,
    RunPlanned,
    RunStarted,
)
from console.sync.pages import PageProgress, PageRank, Pages
from console.sync.progress import RunProgress

__all__ = [
    "CatalogueChanged",
    "EngineFailed",
    "Event",
    "LockHolder",
    "LogWritten",
    "PageFailed",
    "PageHeldBack",
    "PageProgress",
    "PageRank",
    "PageRequested",
    "PageRetrying",
    "PageStored",
    "Pages",
    "ReadOnlyChanged",
    "RunCancelling",
    "RunEvent",
    "RunFinished",
    "RunPlanned",
    "RunProgress",
    "RunStarted",
    "ScheduleChanged",
]
