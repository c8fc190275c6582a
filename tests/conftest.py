"""What every room of the tests may use."""

import fcntl
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.clock import FakeClock
from tests.postgres import postgres, postgres_server

__all__ = ["postgres", "postgres_server"]

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("patient")

_SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "g2a" / "samples"

for _size in ("COLUMNS", "LINES"):  # a program that a test starts asks its own terminal, not the one the tests run in
    os.environ.pop(_size, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs alone runs last: until then no process waits for another."""
    items.sort(key=_is_alone)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Tests share the machine, but for one that measures time: it waits for those that run, and the others for it."""
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if _is_alone(item) else fcntl.LOCK_SH)
        try:
            return (yield)
        finally:  # by hand: a child that a test has forked may still have the file open
            fcntl.flock(lock, fcntl.LOCK_UN)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Lone surrogates, which tests log on purpose, cannot go from process to process as they are."""
    report = yield
    return _escaped(report)


def _is_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None


def _escaped(value: Any) -> Any:
    match value:
        case str():
            return value.encode(errors="backslashreplace").decode()
        case dict():
            return {_escaped(key): _escaped(each) for key, each in value.items()}
        case list() | tuple():
            return type(value)(_escaped(each) for each in value)
        case _:
            return value


@pytest.fixture
def samples() -> Path:
    """The folder of recorded responses of the G2A API, which lies beside the repository and not in it."""
    if not _SAMPLES.is_dir():
        pytest.skip("the recorded responses are not here")
    return _SAMPLES


@pytest.fixture
def clock() -> FakeClock:
    """A clock on which every sleep passes at once."""
    return FakeClock()
