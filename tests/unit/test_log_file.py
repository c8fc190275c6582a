"""The log's file stays alive, whatever becomes of the disk or of the file, and owns up to what it has lost."""

import errno
import fcntl
import logging
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from console import logs
from console.logs.file import LogFile
from console.operations import log_file as log_reader
from tests.unit.disks import give_room, small_disk


def record(message: str) -> logging.LogRecord:
    """A record."""
    return logging.makeLogRecord({"name": "scheduler", "levelname": "INFO", "levelno": logging.INFO, "msg": message})


def said(path: Path) -> list[str]:
    """The messages in a log file."""
    lines = path.read_text("utf-8").splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - \w+ - [A-Z]+ - ", line) for line in lines)
    return [line.split(" - ", 3)[3] for line in lines]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log is written."""
    return tmp_path / "logs" / "x.log"


@pytest.fixture
def log_file(path: Path) -> LogFile:
    """A log file that is rotated at a megabyte."""
    path.parent.mkdir()
    return LogFile(path, 1_000_000, 2)


def test_a_file_that_was_moved_away_is_begun_anew_and_the_moved_one_is_complete(path: Path, log_file: LogFile) -> None:
    log_file.handle(record("one"))
    path.rename(path.with_suffix(".moved"))
    log_file.handle(record("two"))
    assert (said(path.with_suffix(".moved")), said(path)) == (["one"], ["two"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_was_deleted_is_begun_anew(path: Path, log_file: LogFile) -> None:
    log_file.handle(record("one"))
    path.unlink()
    log_file.handle(record("two"))
    assert said(path) == ["two"]


def test_a_folder_that_was_deleted_is_made_anew_for_its_owner_alone(path: Path, log_file: LogFile) -> None:
    shutil.rmtree(path.parent)
    log_file.handle(record("one"))
    assert said(path) == ["one"]
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_another_process_has_rotated_is_followed(path: Path, log_file: LogFile) -> None:
    other = LogFile(path, 1_000_000, 2)
    log_file.handle(record("x" * 999_000))
    other.handle(record("y" * 2_000))
    log_file.handle(record("last"))
    assert [message[:4] for message in said(path)] == ["yyyy", "last"]


def test_a_folder_in_the_place_of_the_file_loses_records_until_it_is_gone(path: Path, log_file: LogFile) -> None:
    path.unlink()
    path.mkdir()
    for number in range(3):
        log_file.handle(record(str(number)))
    path.rmdir()
    log_file.handle(record("again"))
    log_file.handle(record("and again"))
    assert said(path) == [
        "Records lost before this one: 3; the log could not be written (Is a directory)",
        "again",
        "and again",
    ]


def test_a_disk_that_becomes_full_loses_whole_records_and_says_how_many_when_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, "64k"):
        path = disk / "x.log"
        log_file = LogFile(path, 100_000_000, 2)
        for number in range(100):
            log_file.handle(record(f"{number} {'x' * 1_000}"))
        kept = said(path)
        assert 10 < len(kept) < 64
        assert [message.split()[0] for message in kept] == [str(number) for number in range(len(kept))]
        assert all(len(message) > 1_000 for message in kept), "no half lines"
        give_room(disk)
        log_file.handle(record("again"))
        log_file.close()
        assert said(path)[len(kept) :] == [
            f"Records lost before this one: {100 - len(kept)}; the log could not be written (No space left on device)",
            "again",
        ]


def test_a_record_that_fits_only_in_part_is_not_written_at_all(
    path: Path, log_file: LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_file.handle(record("one"))
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:10]))
        log_file.handle(record("two"))
    assert said(path) == ["one"]
    log_file.handle(record("three"))
    assert said(path)[1].startswith("Records lost before this one: 1; ")


def test_a_file_that_cannot_be_rotated_is_written_on(
    path: Path, log_file: LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no")

    log_file.handle(record("x" * 999_900))
    monkeypatch.setattr(Path, "replace", refuse)
    log_file.handle(record("one"))
    assert [message[-3:] for message in said(path)] == ["xxx", "one"]


def test_a_file_that_others_could_read_is_made_private(path: Path, log_file: LogFile) -> None:
    log_file.close()
    path.chmod(0o644)
    LogFile(path, 1_000_000, 2).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_device_keeps_its_rights() -> None:
    null = Path(os.devnull)
    before = null.stat().st_mode
    LogFile(null, 1_000_000, 2).close()
    assert null.stat().st_mode == before


def test_a_disk_that_hangs_holds_up_the_end_of_the_program_no_longer_than_promised(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    monkeypatch.setattr(logs, "_CLOSE_SECONDS", 0.2)
    monkeypatch.setattr(logs, "_QUEUE_LIMIT", 2)
    hangs, go_on = threading.Event(), threading.Event()

    class Stuck(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            del record
            hangs.set()
            go_on.wait(30)

    root = logging.getLogger()
    level = root.level
    log = logs.Log([Stuck()], "INFO", [])
    log._start()
    try:
        for number in range(5):
            logging.getLogger("scheduler").info("%s", number)
        assert hangs.wait(10)
        begun = time.monotonic()
        log.close()
        assert time.monotonic() - begun < 5
    finally:
        go_on.set()
        root.setLevel(level)


def test_records_that_came_too_fast_are_counted_and_told_before_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_QUEUE_LIMIT", 5)
    root = logging.getLogger()
    level = root.level
    stuck, go_on, over = threading.Event(), threading.Event(), threading.Event()
    log = logs.Log([], "INFO", [])
    log._start()

    def hear(line: logs.LogLine) -> None:
        if line.message == "first":
            stuck.set()
            assert go_on.wait(30)
        if line.message == "4":
            over.set()

    log.listen(hear)
    logger = logging.getLogger("scheduler")
    try:
        logger.info("first")
        assert stuck.wait(10)
        for number in range(12):
            logger.info("%s", number)
        go_on.set()
        assert over.wait(10)
        logger.info("after")
    finally:
        log.close()
        root.setLevel(level)
    assert [line.message for line in log.tail(20)] == [
        "first",
        *map(str, range(5)),
        "Records lost: 7; they came faster than they could be written",
        "after",
    ]


WRITER = """
import logging, sys
from pathlib import Path
from console.logs.file import LogFile
log_file = LogFile(Path(sys.argv[1]), 20_000, 200)
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
for number in range(2_000):
    message = f"{sys.argv[2]}{number}"
    told = {"name": "scheduler", "levelname": "INFO", "levelno": logging.INFO, "msg": message}
    log_file.handle(logging.makeLogRecord(told))
"""


def test_two_processes_with_one_file_lose_nothing_and_write_into_no_file_that_was_renamed(path: Path) -> None:
    path.parent.mkdir()
    reader = log_reader.LogFile(path)
    seen: list[str] = []
    line = [sys.executable, "-c", WRITER, str(path)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([*line, "a"], **pipes) as first, subprocess.Popen([*line, "b"], **pipes) as second:
        both = (first, second)
        for each in both:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        reader.read()
        for each in both:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        while any(each.poll() is None for each in both):
            seen += [record.message for record in reader.read()]
    seen += [record.message for record in reader.read()]
    reader.close()
    wanted = {f"{name}{number}" for name in "ab" for number in range(2_000)}
    files = [path, *path.parent.glob("x.log.*")]
    written = [message for each in files for message in said(each)]
    assert (len(written), set(written)) == (len(wanted), wanted)
    assert all(19_000 < each.stat().st_size <= 20_000 for each in files if each != path), "none rotated twice, or grown"
    assert (len(seen), set(seen)) == (len(wanted), wanted)


def test_a_process_that_was_stopped_with_the_file_in_its_hand_holds_up_the_log_for_a_second_at_most(
    path: Path, log_file: LogFile
) -> None:
    with path.open("ab") as stuck:
        fcntl.flock(stuck, fcntl.LOCK_EX)
        begun = time.monotonic()
        log_file.handle(record("on"))
        assert time.monotonic() - begun < 10
    assert said(path) == ["on"]


def test_a_log_that_is_closed_twice_is_closed_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    monkeypatch.setattr(logs, "_QUEUE_LIMIT", 1)
    root = logging.getLogger()
    level = root.level
    log = logs.Log.open(path, "INFO", [], 1, 1)
    try:
        logging.getLogger("scheduler").info("one")
        log.close()
        assert said(path) == ["one"]
        begun = time.monotonic()
        for _ in range(3):
            log.close()
        assert time.monotonic() - begun < 4, "nobody takes anything from the queue any more"
    finally:
        root.setLevel(level)
