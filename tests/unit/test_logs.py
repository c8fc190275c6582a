"""The log: its form to the letter, no secrets, no forged lines, and nobody waits for it."""

import contextlib
import logging
import os
import re
import stat
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console import logs
from console.logs import Log, LogLine, block, traceback_lines

RECORD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - [\w.]+ - (DEBUG|INFO|WARNING|ERROR|CRITICAL) - .*")
SECRET = "hunter2-and-a-half"

logger = logging.getLogger("scheduler")

OpenLog = Callable[..., Log]


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    """Where the log is written."""
    return tmp_path / "product_sync_scheduler.log"


@pytest.fixture
def open_log(log_file: Path) -> Iterator[OpenLog]:
    """Opens logs; afterwards they are closed, and Python's logging is as it was before."""
    root = logging.getLogger()
    level, raises = root.level, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in logs._CHATTY}
    with contextlib.ExitStack() as opened:

        def begin(path: Path = log_file, level: str = "INFO", max_megabytes: int = 10, backups: int = 5) -> Log:
            log = Log.open(path, level, [SECRET, ""], max_megabytes, backups)
            opened.callback(log.close)  # which may be done twice
            return log

        yield begin
    root.setLevel(level)
    logging.raiseExceptions = raises
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def far_from_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that lives 10½ hours away from UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "XXX-10:30")
        time.tzset()
        yield
    time.tzset()


def record(message: str, at: float) -> logging.LogRecord:
    """A record of that moment."""
    made = logging.makeLogRecord({"name": "scheduler", "levelno": logging.INFO, "levelname": "INFO", "msg": message})
    made.created, made.msecs = at, round(at % 1 * 1000)
    return made


@pytest.mark.usefixtures("far_from_greenwich")
def test_a_record_has_the_form_that_other_programs_read_with_its_time_in_utc(open_log: OpenLog, log_file: Path) -> None:
    log = open_log()
    moment = datetime(2025, 9, 17, 2, 0, 0, 123_000, tzinfo=UTC)
    logger.handle(record("=== DAILY PRODUCT SYNC STARTED at 2025-09-17T02:00:00 ===", moment.timestamp()))
    log.close()
    assert log_file.read_text("utf-8") == (
        "2025-09-17 02:00:00,123 - scheduler - INFO - === DAILY PRODUCT SYNC STARTED at 2025-09-17T02:00:00 ===\n"
    )


@pytest.mark.parametrize(
    "forged",
    [
        "x\n2025-09-17 02:00:00,123 - scheduler - INFO - === DAILY PRODUCT SYNC COMPLETED SUCCESSFULLY ===",
        "x\r\nEnd Time: 2025-09-17T02:05:30",
        "x\x0b\x0c\x1c\x85\u2028\u2029y",
        "x\x1b[2J",
    ],
)
def test_a_value_from_outside_cannot_start_a_line(open_log: OpenLog, log_file: Path, forged: str) -> None:
    log = open_log()
    logger.info("The name is %s", forged)
    logger.info(forged)
    log.close()
    lines = log_file.read_text("utf-8").splitlines()
    assert len(lines) == 2
    assert all(RECORD.fullmatch(line) for line in lines)
    assert "\x1b" not in log_file.read_text("utf-8")


def test_only_a_block_has_several_lines_and_each_is_cleaned_by_itself(open_log: OpenLog, log_file: Path) -> None:
    log = open_log()
    logger.info(**block("=== FIRST ===", "Error: a\nEnd Time: forged", "100 % done"))
    log.close()
    first, second, third = log_file.read_text("utf-8").splitlines()
    assert RECORD.fullmatch(first)
    assert first.endswith(" - scheduler - INFO - === FIRST ===")
    assert (second, third) == ("Error: a⏎End Time: forged", "100 % done")


def fail_deeply() -> None:
    """Raise an error with a cause, a secret and a newline in it."""
    local_variable = "never shown"
    try:
        raise KeyError(f"{SECRET}\nforged")
    except KeyError as error:
        assert local_variable
        raise ValueError(f"outer {SECRET}") from error


def test_an_exception_is_one_line_with_its_cause_and_no_local_variables(open_log: OpenLog, log_file: Path) -> None:
    log = open_log()
    try:
        fail_deeply()
    except ValueError:
        logger.exception("It failed")
    log.close()
    (line,) = log_file.read_text("utf-8").splitlines()
    assert RECORD.fullmatch(line)
    assert "It failed | Traceback (most recent call last): |" in line
    assert line.index("KeyError: ") < line.index("ValueError: outer ***")
    assert "fail_deeply" in line
    assert "never shown" not in line.replace('local_variable = "never shown"', "")


def test_the_lines_of_a_traceback_are_ours_alone() -> None:
    try:
        fail_deeply()
    except ValueError as error:
        lines = traceback_lines(error)
    assert lines.count("Traceback (most recent call last):") == 2
    assert lines[-1] == f"ValueError: outer {SECRET}"
    assert f"KeyError: '{SECRET}\\nforged'" in lines
    assert all(len(line.splitlines()) == 1 for line in lines)


def test_a_context_that_was_set_aside_is_not_in_the_traceback() -> None:
    def fail() -> None:
        try:
            raise KeyError("hidden")
        except KeyError:
            raise ValueError("shown") from None

    with pytest.raises(ValueError, match="shown") as failure:
        fail()
    assert "hidden" not in "".join(line for line in traceback_lines(failure.value) if not line.startswith(" "))


def test_causes_that_go_in_circles_end() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert [line for line in traceback_lines(first) if "Error" in line] == ["ValueError: second", "ValueError: first"]


@pytest.mark.parametrize("how", ["message", "argument", "block", "exception", "traceback", "twice"])
def test_a_secret_is_blacked_out_wherever_it_stands(open_log: OpenLog, log_file: Path, how: str) -> None:
    log = open_log()
    try:
        raise ValueError(f"refused: {SECRET}")
    except ValueError as error:
        match how:
            case "message":
                logger.error(f"refused: {SECRET}")  # noqa: G004, TRY400, RUF100
            case "argument":
                logger.error("refused: %s", {"client_secret": SECRET})
            case "block":
                logger.error(**block("Full traceback:", f"refused: {SECRET}"))
            case "exception":
                logger.exception("It failed")
            case "traceback":
                logger.error(**block("Full traceback:", *traceback_lines(error)))
            case "twice":
                logger.error("%s%s", SECRET, SECRET)
    log.close()
    assert SECRET not in log_file.read_text("utf-8")
    assert "***" in log_file.read_text("utf-8")
    assert all(SECRET not in line.message for line in log.tail(10))


def test_a_secret_is_blacked_out_before_the_message_is_cut(open_log: OpenLog, log_file: Path) -> None:
    log = open_log()
    logger.info("%s%s", "x" * (logs._MESSAGE_LIMIT - 10), SECRET)
    log.close()
    assert SECRET[:5] not in log_file.read_text("utf-8")


def test_a_message_of_a_megabyte_is_cut(open_log: OpenLog, log_file: Path) -> None:
    log = open_log()
    logger.info("x" * 1_000_000)
    log.close()
    assert log_file.stat().st_size < 5_000


def test_text_that_is_no_unicode_does_not_stop_the_log(open_log: OpenLog, log_file: Path) -> None:
    log = open_log()
    logger.info("a\udcffb 中 👍")
    log.close()
    assert log_file.read_text("utf-8").endswith(" - a\N{REPLACEMENT CHARACTER}b 中 👍\n")


def test_the_file_is_for_its_owner_alone_and_is_continued(open_log: OpenLog, log_file: Path) -> None:
    before = os.umask(0)
    try:
        first = open_log()
        logger.info("first")
        first.close()
        second = open_log()
        logger.info("second")
        second.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600
    assert [line.rpartition(" - ")[2] for line in log_file.read_text().splitlines()] == ["first", "second"]


def test_a_file_that_cannot_be_written_is_told_at_once(open_log: OpenLog, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file or directory"):
        open_log(tmp_path / "missing" / "x.log")
    with pytest.raises(OSError, match="Is a directory"):
        open_log(tmp_path)


def test_the_file_is_rotated_and_old_ones_are_private_and_few(open_log: OpenLog, log_file: Path) -> None:
    before = os.umask(0)
    try:
        log = open_log(max_megabytes=1, backups=2)
        for number in range(900):
            logger.info("%s %s", number, "x" * 3_990)
        log.close()
    finally:
        os.umask(before)
    files = sorted(log_file.parent.iterdir())
    assert [file.name.removeprefix(log_file.name) for file in files] == ["", ".1", ".2"]
    assert all(file.stat().st_size <= 1_000_000 for file in files)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert "- 899 x" in log_file.read_text().splitlines()[-1]


@pytest.mark.parametrize(("level", "written"), [("DEBUG", 3), ("INFO", 2), ("ERROR", 1)])
def test_the_log_level_decides_what_enters(open_log: OpenLog, log_file: Path, level: str, written: int) -> None:
    log = open_log(level=level)
    logger.debug("debug")
    logger.info("info")
    logger.error("error")
    log.close()
    assert len(log_file.read_text().splitlines()) == written


@pytest.mark.parametrize("library", ["httpx", "apscheduler.scheduler", "sqlalchemy.engine", "alembic.runtime"])
def test_libraries_are_heard_only_when_something_is_wrong(open_log: OpenLog, log_file: Path, library: str) -> None:
    log = open_log(level="DEBUG")
    logging.getLogger(library).info("HTTP Request: GET /v1/products?page=1")
    logging.getLogger(library).warning("trouble")
    log.close()
    (line,) = log_file.read_text().splitlines()
    assert line.endswith(f"{library} - WARNING - trouble")


def test_who_listens_hears_every_record_from_then_on_until_it_ends(open_log: OpenLog) -> None:
    log = open_log()
    heard: list[LogLine] = []
    arrived = threading.Event()
    logger.info("before")
    wait_for(log, 1)

    def hear(line: LogLine) -> None:
        heard.append(line)
        arrived.set()

    end = log.listen(hear)
    logger.warning("while")
    assert arrived.wait(10)
    end()
    logger.info("after")
    log.close()
    (line,) = heard
    assert (line.logger, line.level, line.message) == ("scheduler", "WARNING", "while")
    assert abs((datetime.now(UTC) - line.at).total_seconds()) < 60
    assert [each.message for each in log.tail(10)] == ["before", "while", "after"]


def wait_for(log: Log, records: int) -> None:
    """Until the log's thread has seen that many records."""
    seen = threading.Semaphore(0)
    end = log.listen(lambda _: seen.release())
    missing = records - len(log.tail(records))
    for _ in range(missing):
        assert seen.acquire(timeout=10)
    end()


def test_a_listener_that_fails_ends_neither_the_log_nor_the_others(open_log: OpenLog, log_file: Path) -> None:
    log = open_log()
    heard: list[str] = []

    def fail(_: LogLine) -> None:
        raise RuntimeError("a fault of the screen")

    log.listen(fail)
    log.listen(lambda line: heard.append(line.message))
    logger.info("one")
    logger.info("two")
    log.close()
    assert heard == ["one", "two"]
    assert len(log_file.read_text().splitlines()) == 2


def test_a_listener_may_end_itself_while_it_is_told(open_log: OpenLog) -> None:
    log = open_log()
    heard: list[str] = []
    ends: list[Callable[[], None]] = []

    def once(line: LogLine) -> None:
        heard.append(f"once {line.message}")
        ends[0]()

    ends.append(log.listen(once))
    log.listen(lambda line: heard.append(f"always {line.message}"))
    logger.info("1")
    logger.info("2")
    log.close()
    assert heard == ["once 1", "always 1", "always 2"]


def test_the_tail_is_the_newest_records_oldest_first(open_log: OpenLog) -> None:
    log = open_log()
    for number in range(10):
        logger.info("%s", number)
    log.close()
    assert [line.message for line in log.tail(3)] == ["7", "8", "9"]
    assert len(log.tail(100)) == 10
    assert log.tail(0) == ()


def test_memory_holds_only_the_newest_records(open_log: OpenLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "RECORDS_KEPT", 5)
    log = open_log()
    for number in range(20):
        logger.info("%s", number)
    log.close()
    assert [line.message for line in log.tail(100)] == ["15", "16", "17", "18", "19"]


def test_a_full_queue_loses_records_rather_than_hold_up_who_logs(
    open_log: OpenLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_QUEUE_LIMIT", 100)
    log = open_log()
    stuck, go_on = threading.Event(), threading.Event()

    def stall(_: LogLine) -> None:
        stuck.set()
        assert go_on.wait(30)

    end = log.listen(stall)
    logger.info("the one on which the disk hangs")
    assert stuck.wait(10)

    def log_much() -> None:
        for number in range(500):
            logger.info("%s", number)

    writer = threading.Thread(target=log_much, daemon=True)
    writer.start()
    writer.join(10)
    was_held_up = writer.is_alive()
    go_on.set()
    end()
    log.close()
    assert not was_held_up
    written = [line.message for line in log.tail(1_000)][1:]
    assert written[:100] == [str(number) for number in range(100)]
    assert written[100:] == ["Records lost: 400; they came faster than they could be written"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_loses_records_and_nothing_else(open_log: OpenLog, capfd: pytest.CaptureFixture[str]) -> None:
    log = open_log(Path("/dev/full"))
    logger.info("one")
    logger.info("two")
    log.close()
    assert [line.message for line in log.tail(10)] == ["one", "two"]
    assert capfd.readouterr() == ("", ""), "nothing is written over the screen"


def test_a_message_with_the_wrong_arguments_is_lost_and_nothing_else(
    open_log: OpenLog, log_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = open_log()
    logger.info("%d pages", "many")
    logger.info("two")
    log.close()
    assert log_file.read_text().splitlines()[-1].endswith(" - two")
    assert capfd.readouterr() == ("", "")
