"""Following a log that another process writes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.logs import LogLine
from console.operations import log_file
from console.operations.log_file import LogFile
from console.operations.log_source import JoinedLog, Listener

AT = datetime(2026, 11, 23, 2, 0, 0, 123_000, tzinfo=UTC)
HEAD = "2026-11-23 02:00:00,123 - scheduler - INFO - "


def record(message: str) -> LogLine:
    return LogLine(AT, "scheduler", "INFO", message)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log is."""
    return tmp_path / "sync.log"


@pytest.fixture
def log(path: Path) -> Iterator[LogFile]:
    """The log, followed."""
    followed = LogFile(path)
    yield followed
    followed.close()


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_records_and_the_lines_that_belong_to_them(path: Path, log: LogFile) -> None:
    append(path, f"the end of something\n{HEAD}=== SYNC ===\nDuration: 1\nErrors: 0\n{HEAD}next - with a dash\n")
    assert log.read() == [record("=== SYNC ===\nDuration: 1\nErrors: 0"), record("next - with a dash")]
    assert log.read() == []
    append(path, "a line that came late\n")
    assert log.read() == [record("a line that came late")]
    assert len(log.tail(10)) == 3
    assert log.tail(1) == (record("a line that came late"),)
    assert log.tail(0) == ()


def test_a_line_is_told_when_it_is_whole(path: Path, log: LogFile) -> None:
    assert log.read() == []
    append(path, HEAD + "half")
    assert log.read() == []
    append(path, " and half\n")
    assert log.read() == [record("half and half")]


def test_what_it_holds_is_shown_harmlessly(path: Path, log: LogFile) -> None:
    path.write_bytes(HEAD.encode() + b"\x1b]52;c;AAAA\x07 \xff \xe2\x80\xae\nmore\x1b[2J\n")
    assert log.read() == [record("␛]52;c;AAAA␇ � �\nmore␛[2J")]


def test_through_a_rotation_nothing_is_lost(path: Path, log: LogFile) -> None:
    append(path, HEAD + "one\n")
    log.read()
    append(path, HEAD + "two\n")
    path.rename(path.with_suffix(".1"))
    append(path, HEAD + "three\n")
    assert log.read() == [record("two"), record("three")]
    path.write_text("")
    assert log.read() == []
    append(path, HEAD + "four\n")
    assert log.read() == [record("four")]


def test_of_a_long_log_only_the_end_is_read(path: Path, log: LogFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "_READ_AT_MOST", 1_000)
    append(path, "".join(f"{HEAD}{number}\n" for number in range(1_000)))
    told = log.read()
    assert told[-1] == record("999")
    assert 10 < len(told) < 30


def test_a_time_that_there_is_not_begins_no_record(path: Path, log: LogFile) -> None:
    append(path, f"{HEAD}one\n2026-13-45 02:00:00,123 - scheduler - INFO - two\n")
    assert log.read() == [record("one\n2026-13-45 02:00:00,123 - scheduler - INFO - two")]


class Source:
    """A log that a test speaks through."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []

    def tail(self, limit: int) -> tuple[LogLine, ...]:
        raise NotImplementedError

    def listen(self, listener: Listener) -> "object":
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def say(self, message: str) -> None:
        for listener in self.listeners:
            listener(LogLine(AT.replace(microsecond=123_456), "scheduler", "INFO", message))


def test_the_file_and_then_this_process_each_record_once() -> None:
    source, heard = Source(), list[str]()
    log = JoinedLog(source)  # type: ignore[arg-type]
    source.say("in both")
    source.say("not yet in the file")
    log.begin([record("old"), record("in both")])
    end = log.listen(lambda line: heard.append(line.message))
    source.say("new")
    assert heard == ["not yet in the file", "new"]
    assert [line.message for line in log.tail(10)] == ["old", "in both", "not yet in the file", "new"]
    assert [line.message for line in log.tail(2)] == ["not yet in the file", "new"]
    assert log.tail(0) == ()
    end()
    log.close()
    assert source.listeners == []
