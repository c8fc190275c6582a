"""The runner lock: one process has it, says who it is, and loses it when it ends, however it ends."""

import errno
import fcntl
import getpass
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.scheduling.lock import LockHeld, LockHolder, LockUnusable, RunnerLock, read_holder

NOW = datetime(2026, 11, 23, 2, 0, 42, tzinfo=UTC)
TAKEN = datetime(2026, 11, 23, 1, 59, tzinfo=UTC)
"""When another process takes the lock."""
USER = getpass.getuser()
ROOT = Path(__file__).resolve().parents[3]

TAKE_AND_WAIT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from console.scheduling.lock import LockHeld, RunnerLock
lock = RunnerLock(Path(sys.argv[1]))
try:
    lock.take(datetime(2026, 11, 23, 1, 59, tzinfo=UTC))
except LockHeld as error:
    print(error, flush=True)
else:
    print("taken", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the lock lies."""
    return tmp_path / "runner.lock"


@contextmanager
def another_process(path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that tries to take the lock, and what it says; it keeps it until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_AND_WAIT, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_of_two_processes_the_second_is_refused_with_the_name_of_the_first(path: Path) -> None:
    with another_process(path) as (first, said):
        assert said == "taken"
        refusal = (
            f"Another g2a-console runs here already: process {first.pid} of {USER} on {socket.gethostname()}, "
            "since 2026-11-23 01:59 UTC, last heartbeat 0 s ago. Use that one, or end it first."
        )
        with another_process(path) as (_, said_second):
            assert said_second == refusal
        with pytest.raises(LockHeld) as refused:
            RunnerLock(path).take(TAKEN + timedelta(seconds=3))
        assert str(refused.value) == refusal.replace("0 s ago", "3 s ago")
        assert read_holder(path) == LockHolder(first.pid, socket.gethostname(), TAKEN, USER, TAKEN)


def test_a_process_that_is_killed_lets_go_of_it(path: Path) -> None:
    with another_process(path) as (process, said):
        assert said == "taken"
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    assert path.read_bytes(), "it had no time to clean up"
    assert read_holder(path) is None
    lock = RunnerLock(path)
    lock.take(NOW)
    assert read_holder(path) == LockHolder(os.getpid(), socket.gethostname(), NOW, USER, NOW)
    lock.release()


def test_a_process_that_ends_lets_go_of_it(path: Path) -> None:
    with another_process(path) as (process, said):
        assert said == "taken"
        process.communicate("", timeout=20)
    RunnerLock(path).take(NOW)


def test_a_program_started_by_the_holder_does_not_inherit_it(path: Path) -> None:
    lock = RunnerLock(path)
    lock.take(NOW)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False) as child:
        lock.release()
        RunnerLock(path).take(NOW)
        child.communicate(b"\n", timeout=20)


def test_the_same_process_has_it_once_too(path: Path) -> None:
    lock = RunnerLock(path)
    lock.take(NOW)
    with pytest.raises(LockHeld, match=f"process {os.getpid()} of {USER} on "):
        RunnerLock(path).take(NOW)
    lock.release()


def test_after_the_release_it_is_free_and_says_nobody(path: Path) -> None:
    lock = RunnerLock(path)
    lock.take(NOW)
    lock.release()
    assert path.read_bytes() == b""
    assert read_holder(path) is None
    lock.release()
    lock.take(NOW)
    lock.release()


def test_who_could_not_close_all_leaves_its_name_and_the_next_holder_knows(path: Path) -> None:
    lock = RunnerLock(path)
    lock.take(NOW)
    lock.release(leaving_behind=True)
    assert read_holder(path) is None
    after = RunnerLock(path)
    after.take(NOW)
    assert after.was_left_behind
    after.release()
    lock.take(NOW)
    assert not lock.was_left_behind
    lock.release()


def test_a_shorter_name_leaves_nothing_of_a_longer_one(path: Path) -> None:
    path.write_bytes(b"x" * 10_000)
    lock = RunnerLock(path)
    lock.take(NOW)
    assert read_holder(path) == LockHolder(os.getpid(), socket.gethostname(), NOW, USER, NOW)
    lock.release()


def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        lock = RunnerLock(path)
        lock.take(NOW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lock.release()


@pytest.mark.parametrize("written", [b"", b"{", b"null", b'{"pid":"x"}', b"\xff", b"[" * 10_000], ids=len)
def test_a_holder_that_does_not_say_who_it_is_still_holds_it(path: Path, written: bytes) -> None:
    lock = RunnerLock(path)
    lock.take(NOW)
    path.write_bytes(written)
    assert read_holder(path) is None
    with pytest.raises(LockHeld, match="already: it does not say who it is"):
        RunnerLock(path).take(NOW)
    lock.release()


def test_whoever_only_looks_is_no_reason_to_give_up(path: Path) -> None:
    path.touch()
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            read_holder(path)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(100):
            lock = RunnerLock(path)
            lock.take(NOW)
            lock.release()
    finally:
        stop.set()
        looking.join()


def test_where_there_is_no_lock_nobody_has_it(path: Path) -> None:
    assert read_holder(path) is None
    path.mkdir()
    assert read_holder(path) is None


def test_a_file_that_cannot_be_made_is_told_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(LockUnusable, match=r"missing/runner\.lock cannot be used: No such file or directory\.$"):
        RunnerLock(tmp_path / "missing" / "runner.lock").take(NOW)
    with pytest.raises(LockUnusable, match=r"cannot be used: Is a directory\.$"):
        RunnerLock(tmp_path).take(NOW)


def test_a_file_that_cannot_be_locked_is_told_with_the_reason_and_closed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", no_locks)
        with pytest.raises(LockUnusable, match="cannot be used: No locks available"):
            RunnerLock(path).take(NOW)
    RunnerLock(path).take(NOW)


def test_on_a_full_disk_it_is_held_though_nobody_is_told_by_whom(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    lock = RunnerLock(path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        lock.take(NOW)
    with pytest.raises(LockHeld, match="it does not say who it is"):
        RunnerLock(path).take(NOW)
    lock.release()
    RunnerLock(path).take(NOW)


def test_a_heartbeat_is_told_and_changes_nothing_of_what_the_holder_said(path: Path) -> None:
    lock = RunnerLock(path)
    lock.take(NOW)
    said = path.read_bytes()
    lock.beat(NOW + timedelta(minutes=5))
    holder = read_holder(path)
    assert holder is not None
    assert (holder.since, holder.heartbeat_at) == (NOW, NOW + timedelta(minutes=5))
    assert path.read_bytes() == said
    lock.release()


def test_a_heartbeat_after_the_release_touches_nothing(path: Path) -> None:
    lock = RunnerLock(path)
    lock.take(NOW)
    lock.release()
    before = path.stat().st_mtime_ns
    lock.beat(NOW)
    assert path.stat().st_mtime_ns == before


def test_a_disk_that_takes_no_heartbeat_is_no_reason_to_fail(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    lock = RunnerLock(path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "utime", full)
        lock.take(NOW)
        lock.beat(NOW)
    assert str(read_holder(path)).startswith(f"process {os.getpid()} of {USER} on ")
    lock.release()


def test_looking_leaves_no_trace_on_the_holder(path: Path) -> None:
    lock = RunnerLock(path)
    lock.take(NOW)
    before = path.stat()
    assert not RunnerLock(path).try_take(NOW + timedelta(hours=1))
    for _ in range(10):
        read_holder(path)
    after = path.stat()
    assert (before.st_mtime_ns, before.st_size, before.st_ino) == (after.st_mtime_ns, after.st_size, after.st_ino)
    lock.release()


def test_trying_takes_the_lock_where_nobody_has_it(path: Path) -> None:
    first, second = RunnerLock(path), RunnerLock(path)
    assert first.try_take(NOW)
    assert not second.try_take(NOW)
    first.release()
    assert second.try_take(NOW)
    second.release()


def test_the_name_of_one_that_was_killed_is_not_taken_for_that_of_the_winner(path: Path) -> None:
    """Between taking the lock and saying so, the file still holds what the dead process has said."""
    with another_process(path) as (dead, _):
        dead.kill()
        dead.wait(20)
    assert read_holder(path) is None
    stale = path.read_bytes()
    lock = RunnerLock(path)
    lock.take(NOW)
    said = path.read_bytes()
    path.write_bytes(stale)
    saying = threading.Timer(0.05, path.write_bytes, (said,))
    saying.start()
    with pytest.raises(LockHeld, match=f"process {os.getpid()} of"):
        RunnerLock(path).take(NOW)
    saying.join()
    lock.release()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (0, "0 s"), (59, "59 s"), (60, "1 m"), (3_599, "59 m"), (3_600, "1 h"), (200_000, "55 h")],
)
def test_the_heartbeat_is_told_in_the_unit_that_tells(seconds: int, words: str) -> None:
    holder = LockHolder(4711, "web1", datetime(2026, 11, 25, 1, 0, tzinfo=UTC), "alice", NOW)
    assert holder.words(NOW + timedelta(seconds=seconds)) == (
        f"process 4711 of alice on web1, since 2026-11-25 01:00 UTC, last heartbeat {words} ago"
    )
    assert "heartbeat" not in LockHolder(1, "web1", NOW).words(NOW)


def test_the_name_of_a_host_is_shown_harmlessly() -> None:
    assert str(LockHolder(7, "a\x1b[2J\nb" + "x" * 500, NOW)).startswith("process 7 on a␛[2J⏎bxxx")
    assert len(str(LockHolder(7, "x" * 500, NOW))) < 140
