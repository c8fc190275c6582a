"""What a run writes into the log, to the letter: other programs read it."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.logs import Log
from console.run import RunCounts, RunError, RunKind, RunReport, RunStatus, Trigger
from console.sync.journal import log_finished, log_started

STARTED = datetime(2025, 9, 17, 2, 0, 0, 123_000, tzinfo=UTC)
FINISHED = datetime(2025, 9, 17, 2, 5, 30, 456_000, tzinfo=UTC)


class Reader:
    """The log of a test, read as another program would."""

    def __init__(self, log: Log, path: Path) -> None:
        self._log = log
        self._path = path

    def read(self) -> str:
        """All that was written; the moment of each record is 2025-09-17 02:05:30,456."""
        self._log.close()
        return self._path.read_text("utf-8")


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A log in which it is always the same moment."""
    root, raises = logging.getLogger(), logging.raiseExceptions
    level = root.level
    make = logging.getLogRecordFactory()

    def frozen(*arguments: Any, **more: Any) -> logging.LogRecord:
        record = make(*arguments, **more)
        record.created, record.msecs = FINISHED.timestamp(), 456
        return record

    logging.setLogRecordFactory(frozen)
    log = Log.open(tmp_path / "x.log", "INFO", ["hunter2"], 10, 5)
    yield Reader(log, tmp_path / "x.log")
    logging.setLogRecordFactory(make)
    root.setLevel(level)
    logging.raiseExceptions = raises
    for handler in [each for each in root.handlers if type(each).__name__ == "_CleaningQueueHandler"]:
        root.removeHandler(handler)


def report(status: RunStatus, **changes: Any) -> RunReport:
    """How a run ended."""
    usual: dict[str, Any] = {
        "run_id": 1,
        "kind": RunKind.FULL,
        "trigger": Trigger.SCHEDULED,
        "status": status,
        "requested_by": None,
        "started_at": STARTED,
        "finished_at": FINISHED,
        "duration_seconds": 330.333,
        "counts": RunCounts(products_seen=15_420, pages_done=771),
    }
    return RunReport(**(usual | changes))


def test_a_run_opens_with_its_line(reader: Reader) -> None:
    log_started(RunKind.FULL, Trigger.SCHEDULED, STARTED)
    assert reader.read() == (
        "2025-09-17 02:05:30,456 - scheduler - INFO - === DAILY PRODUCT SYNC STARTED at 2025-09-17T02:00:00 ===\n"
    )


def test_a_run_that_succeeded_closes_with_its_block(reader: Reader) -> None:
    log_finished(report(RunStatus.SUCCEEDED), None)
    assert reader.read() == (
        "2025-09-17 02:05:30,456 - scheduler - INFO - === DAILY PRODUCT SYNC COMPLETED SUCCESSFULLY ===\n"
        "Duration: 330.33 seconds\n"
        "Products Synced: 15420\n"
        "Pages Processed: 771\n"
        "Errors: 0\n"
        "End Time: 2025-09-17T02:05:30\n"
    )


def test_a_run_that_failed_closes_with_the_traceback(reader: Reader) -> None:
    try:
        raise ValueError("first\nEnd Time: forged, hunter2")
    except ValueError as error:
        log_finished(report(RunStatus.FAILED, error="It failed\nEnd Time: forged"), error)
    lines = reader.read().splitlines()
    assert lines[:6] == [
        "2025-09-17 02:05:30,456 - scheduler - ERROR - === DAILY PRODUCT SYNC FAILED ===",
        "Duration: 330.33 seconds",
        "Error: It failed⏎End Time: forged",
        "End Time: 2025-09-17T02:05:30",
        "Full traceback:",
        "Traceback (most recent call last):",
    ]
    assert lines[-1] == "ValueError: first⏎End Time: forged, ***"
    assert any("test_journal.py" in line for line in lines[6:-1])


def test_a_failure_without_an_exception_has_no_traceback(reader: Reader) -> None:
    log_finished(report(RunStatus.FAILED, error="no"), None)
    assert reader.read().splitlines()[1:] == [
        "Duration: 330.33 seconds",
        "Error: no",
        "End Time: 2025-09-17T02:05:30",
    ]


def test_a_run_with_errors_lists_them(reader: Reader) -> None:
    errors = (RunError(page=3, error="G2A has a fault\nof its own"), RunError(page=None, error="nothing discontinued"))
    log_finished(report(RunStatus.PARTIAL, errors=errors), None)
    assert reader.read() == (
        "2025-09-17 02:05:30,456 - scheduler - WARNING - === DAILY PRODUCT SYNC COMPLETED WITH ERRORS ===\n"
        "Duration: 330.33 seconds\n"
        "Products Synced: 15420\n"
        "Pages Processed: 771\n"
        "Errors: 2\n"
        "End Time: 2025-09-17T02:05:30\n"
        "Error on page 3: G2A has a fault⏎of its own\n"
        "Error: nothing discontinued\n"
    )


def test_of_very_many_errors_the_first_are_listed_and_the_rest_counted(reader: Reader) -> None:
    errors = tuple(RunError(page=page, error="x") for page in range(1, 772))
    log_finished(report(RunStatus.PARTIAL, errors=errors), None)
    lines = reader.read().splitlines()
    assert lines[4] == "Errors: 771"
    assert lines[6] == "Error on page 1: x"
    assert lines[-2:] == ["Error on page 50: x", "… and 721 more"]


@pytest.mark.parametrize("status", [RunStatus.CANCELLED, RunStatus.INTERRUPTED, RunStatus.BLOCKED])
def test_any_other_end_is_named_with_its_reason(reader: Reader, status: RunStatus) -> None:
    log_finished(report(status, error="because"), None)
    lines = reader.read().splitlines()
    assert lines[0].endswith(f" - scheduler - WARNING - === DAILY PRODUCT SYNC {status.upper()} ===")
    assert lines[-1] == "Reason: because"
    assert lines[1:-1] == [
        "Duration: 330.33 seconds",
        "Products Synced: 15420",
        "Pages Processed: 771",
        "Errors: 0",
        "End Time: 2025-09-17T02:05:30",
    ]


@pytest.mark.parametrize(
    ("kind", "trigger", "title"),
    [
        (RunKind.FULL, Trigger.SCHEDULED, "DAILY"),
        (RunKind.FULL, Trigger.MANUAL, "MANUAL"),
        (RunKind.FULL, Trigger.CATCH_UP, "CATCH-UP"),
        (RunKind.FULL, Trigger.API, "API"),
        (RunKind.FULL, Trigger.RESUME, "RESUMED"),
        (RunKind.PAGE, Trigger.MANUAL, "MANUAL PAGE"),
        (RunKind.RETRY, Trigger.MANUAL, "MANUAL RETRY"),
    ],
)
def test_the_title_says_why_and_what(reader: Reader, kind: RunKind, trigger: Trigger, title: str) -> None:
    log_started(kind, trigger, STARTED)
    log_finished(report(RunStatus.SUCCEEDED, kind=kind, trigger=trigger), None)
    lines = reader.read().splitlines()
    assert f"=== {title} PRODUCT SYNC STARTED at 2025-09-17T02:00:00 ===" in lines[0]
    assert f"=== {title} PRODUCT SYNC COMPLETED SUCCESSFULLY ===" in lines[1]


def test_every_trigger_has_a_title(reader: Reader) -> None:
    for trigger in Trigger:
        log_started(RunKind.FULL, trigger, STARTED)
    assert len(reader.read().splitlines()) == len(Trigger)


def test_every_final_status_has_a_block_of_its_own(reader: Reader) -> None:
    final = [status for status in RunStatus if not status.is_active]
    for status in final:
        log_finished(report(status), None)
    titles = [line for line in reader.read().splitlines() if "===" in line]
    assert len(set(titles)) == len(final)
