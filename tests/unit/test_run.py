"""The words for a run, and the document that programs read."""

from datetime import UTC, datetime

import msgspec
import pytest

from console.run import (
    ACTIVE_STATUSES,
    Change,
    RunCounts,
    RunError,
    RunKind,
    RunReport,
    RunStatus,
    Trigger,
)

REPORT = RunReport(
    run_id=12,
    kind=RunKind.FULL,
    trigger=Trigger.MANUAL,
    status=RunStatus.PARTIAL,
    requested_by="alice",
    started_at=datetime(2026, 11, 23, 2, 0, 0, 123_456, tzinfo=UTC),
    finished_at=datetime(2026, 11, 23, 2, 1, 17, 523_456, tzinfo=UTC),
    duration_seconds=77.4,
    counts=RunCounts(
        pages_total=771,
        pages_done=770,
        pages_failed=1,
        requests=772,
        retries=5,
        products_seen=15_420,
        products_new=12,
        products_changed=233,
        products_unchanged=15_175,
        products_discontinued=4,
        products_rejected=2,
    ),
    errors=(RunError(page=3, error="x"),),
)


def test_the_words_are_those_of_the_contract() -> None:
    assert list(RunKind) == ["full", "page", "retry"]
    assert list(Trigger) == ["scheduled", "manual", "catch_up", "api", "resume"]
    assert " ".join(RunStatus) == (
        "queued running cancelling succeeded partial failed cancelled interrupted missed skipped blocked"
    )
    assert list(Change) == ["new", "changed", "discontinued", "returned"]


@pytest.mark.parametrize("status", RunStatus)
def test_three_statuses_are_active_and_the_others_final(status: RunStatus) -> None:
    assert status.is_active == (status in ("queued", "running", "cancelling"))
    assert status.is_active == (status in ACTIVE_STATUSES)


def test_the_document_has_the_promised_fields_first_and_in_order() -> None:
    promised = (
        "run_id kind trigger status requested_by started_at finished_at duration_seconds pages_total pages_done "
        "pages_failed requests retries products_seen products_new products_changed products_unchanged "
        "products_discontinued products_rejected errors "
    )
    assert " ".join([*REPORT.document(), ""]).startswith(promised)


def test_the_document_says_what_the_report_says() -> None:
    document = msgspec.json.decode(msgspec.json.encode(REPORT.document()))
    assert document["products_seen"] == 15_420
    assert document["errors"] == [{"page": 3, "error": "x"}]
    assert (document["status"], document["requested_by"], document["duration_seconds"]) == ("partial", "alice", 77.4)
    assert "counts" not in document
