"""The runner lock of a PostgreSQL database: of several hosts exactly one has it, whatever happens to connections."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.scheduling.database_lock import DatabaseLock, LockLost
from console.scheduling.lock import LockHeld, LockUnusable, RunnerLock, own_user
from console.settings import SecretStr
from console.store.errors import ConnectionLost
from console.store.location import PostgresServer
from console.store.postgres.backend import PostgresBackend
from tests.integration.commands import ROOT
from tests.integration.waiting import wait_until
from tests.postgres import PASSWORD, PostgresDatabase

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

TAKE_AND_WAIT = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from console.scheduling.database_lock import DatabaseLock
from console.scheduling.lock import LockHeld, RunnerLock
from console.settings import SecretStr
from console.store.location import PostgresServer
from console.store.postgres.backend import PostgresBackend
lock = RunnerLock(Path(sys.argv[1]), DatabaseLock(PostgresServer(SecretStr(os.environ["URL"]))))
try:
    lock.take(datetime(2026, 11, 23, 1, 59, tzinfo=UTC))
except LockHeld as error:
    print(error, flush=True)
else:
    print("taken", flush=True)
    sys.stdin.read()
"""


def database_lock(postgres: PostgresDatabase) -> DatabaseLock:
    """The lock of that database, as another host would have it."""
    return DatabaseLock(PostgresServer(SecretStr(postgres.url)))


@contextmanager
def another_host(postgres: PostgresDatabase, home: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A process with a home of its own that tries to take the lock, and what it says."""
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_AND_WAIT, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=ROOT, env=os.environ | {"URL": postgres.url},
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@contextmanager
def writing(postgres: PostgresDatabase, lock: DatabaseLock) -> Iterator[None]:
    """A transaction that begins as every one that writes does."""
    engine = PostgresBackend(PostgresServer(SecretStr(postgres.url)), is_only_writer=True).writer()
    try:
        with engine.begin() as connection:
            lock.guard(connection)
            yield
    finally:
        engine.dispose()


def test_of_two_hosts_the_second_is_refused_with_the_name_of_the_first(
    postgres: PostgresDatabase, tmp_path: Path
) -> None:
    with another_host(postgres, tmp_path / "one") as (first, said):
        assert said == "taken"
        lock = RunnerLock(tmp_path / "two", database_lock(postgres))
        with pytest.raises(LockHeld) as refused:
            lock.take(NOW)
        lock.release()
    assert str(refused.value) == (
        f"Another g2a-console runs here already: process {first.pid} of {own_user()} on {socket.gethostname()}, "
        "since 2026-11-23 01:59 UTC, last heartbeat 0 s ago. Use that one, or end it first."
    )


def test_a_holder_that_is_killed_has_it_no_more_and_another_host_takes_it(
    postgres: PostgresDatabase, tmp_path: Path
) -> None:
    lock = RunnerLock(tmp_path / "two", database_lock(postgres))
    with another_host(postgres, tmp_path / "one") as (process, _):
        assert not lock.try_take(NOW)
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        wait_until(lambda: lock.try_take(NOW))
    found = lock.holder(NOW)
    assert found is not None
    assert (found.pid, found.host, found.since) == (os.getpid(), socket.gethostname(), NOW)
    lock.release()


def test_after_the_release_nobody_has_it(postgres: PostgresDatabase) -> None:
    lock, other = database_lock(postgres), database_lock(postgres)
    assert lock.try_take(NOW)
    assert not other.try_take(NOW)
    lock.release()
    assert other.holder(NOW) is None
    assert other.try_take(NOW)
    other.release()


def test_the_locks_of_two_databases_of_a_server_are_two(postgres: PostgresDatabase) -> None:
    another = postgres.server.create()
    try:
        lock, other = database_lock(postgres), database_lock(another)
        assert lock.try_take(NOW)
        assert other.try_take(NOW)
        lock.release()
        other.release()
    finally:
        postgres.server.drop(another)


def test_the_heartbeat_is_that_of_the_last_beat(postgres: PostgresDatabase) -> None:
    lock, other = database_lock(postgres), database_lock(postgres)
    assert lock.try_take(NOW)

    def silent() -> float:
        holder = other.holder(NOW)
        assert holder is not None
        assert holder.heartbeat_at is not None
        return (NOW - holder.heartbeat_at).total_seconds()

    wait_until(lambda: silent() > 0.1)
    before = silent()
    lock.beat()
    assert silent() < before
    lock.release()
    other.release()


def test_whoever_only_watches_holds_no_lock_of_its_home_meanwhile(postgres: PostgresDatabase, tmp_path: Path) -> None:
    lock = RunnerLock(tmp_path / "one", database_lock(postgres))
    assert lock.try_take(NOW)
    watcher = RunnerLock(tmp_path / "two", database_lock(postgres))
    assert not watcher.try_take(NOW)
    assert not (tmp_path / "two").exists()
    watcher.release()
    lock.release()


def test_where_the_home_is_locked_the_database_is_left_alone(postgres: PostgresDatabase, tmp_path: Path) -> None:
    with another_home_s_engine(tmp_path / "one"):
        lock = RunnerLock(tmp_path / "one", database_lock(postgres))
        assert not lock.try_take(NOW)
        other = database_lock(postgres)
        assert other.holder(NOW) is None
        other.release()
        lock.release()


@contextmanager
def another_home_s_engine(path: Path) -> Iterator[None]:
    """The home's lock is held by an engine with another database."""
    lock = RunnerLock(path)
    assert lock.try_take(NOW)
    yield
    lock.release()


def test_a_lock_whose_connection_was_cut_is_taken_again_before_the_next_write(postgres: PostgresDatabase) -> None:
    lock, other = database_lock(postgres), database_lock(postgres)
    assert lock.try_take(NOW)
    with writing(postgres, lock):
        pass
    postgres.cut_connections()
    with writing(postgres, lock):
        assert not other.try_take(NOW)
    lock.release()
    other.release()


def test_a_lock_whose_connection_was_cut_is_taken_again_by_the_heartbeat(postgres: PostgresDatabase) -> None:
    lock, other = database_lock(postgres), database_lock(postgres)
    assert lock.try_take(NOW)
    postgres.server.restart()
    lock.beat()  # this one finds out
    lock.beat()
    assert not other.try_take(NOW)
    found = other.holder(NOW)
    assert found is not None
    assert found.since == NOW
    lock.release()
    other.release()


def test_a_session_that_the_server_takes_for_alive_is_ended_where_it_was_our_own(postgres: PostgresDatabase) -> None:
    lock, other = database_lock(postgres), database_lock(postgres)
    assert lock.try_take(NOW)
    connection = lock._connection
    assert connection is not None
    lock._connection = None  # as where a network is gone: nobody tells the server
    lock.beat()
    assert not other.try_take(NOW)
    with writing(postgres, lock):
        pass
    connection.close()
    lock.release()
    other.release()


def test_who_lost_the_lock_to_another_host_writes_nothing_and_says_who_has_it(postgres: PostgresDatabase) -> None:
    lock, other = database_lock(postgres), database_lock(postgres)
    assert lock.try_take(NOW)
    postgres.cut_connections()
    assert other.try_take(NOW + timedelta(minutes=1))
    refusal = r"^Another g2a-console has taken over .* since 2026-11-23 02:01 UTC"
    with pytest.raises(LockLost, match=refusal), writing(postgres, lock):
        pytest.fail("it wrote")
    lock.beat()
    with writing(postgres, other):
        pass
    lock.release()
    other.release()


def test_who_takes_over_waits_until_the_last_transaction_of_before_is_over(postgres: PostgresDatabase) -> None:
    """One that hangs, because its host is gone in the middle of it, is ended after some seconds."""
    lock, other = database_lock(postgres), database_lock(postgres)
    assert lock.try_take(NOW)
    ended = False
    try:
        with writing(postgres, lock):
            with postgres.connect() as admin:
                admin.execute("SELECT pg_terminate_backend(%s)", (lock._session,))
            wait_until(lambda: not other.is_held())
            assert other.try_take(NOW)
            ended = True
    except Exception as error:  # noqa: BLE001 - the transaction was ended from without, however that is told
        assert "terminating connection" in str(error)  # noqa: PT017
    assert ended
    lock.release()
    other.release()


def test_the_server_misses_a_host_that_is_gone_without_a_word_within_a_minute(postgres: PostgresDatabase) -> None:
    """What it does then is its own affair, and its system's; that it is asked to is ours."""
    lock = database_lock(postgres)
    assert lock.try_take(NOW)
    connection = lock._connection
    assert connection is not None

    def setting(name: str) -> int:
        row = connection.execute("SELECT setting::int FROM pg_settings WHERE name = %s", (name,)).fetchone()
        assert row is not None
        return int(row[0])

    probes = setting("tcp_keepalives_interval") * setting("tcp_keepalives_count")
    assert 0 < setting("tcp_keepalives_idle") + probes < 60
    assert 0 < setting("tcp_user_timeout") < 60_000
    lock.release()


def test_where_the_server_cannot_be_reached_this_is_said_without_the_password(postgres: PostgresDatabase) -> None:
    lock = database_lock(postgres)
    postgres.server.stop()
    try:
        with pytest.raises(LockUnusable) as refusal:
            lock.try_take(NOW)
        assert str(refusal.value).startswith("The database postgresql://shop@127.0.0.1:")
        assert "onnection refused" in str(refusal.value)
        assert PASSWORD not in str(refusal.value)
        assert lock.holder(NOW) is None
    finally:
        postgres.server.start()
    assert lock.try_take(NOW)
    elsewhere = PostgresServer(SecretStr("postgresql+psycopg://shop:hunter2@127.0.0.1:1/shop"))
    postgres.cut_connections()
    lock._server = elsewhere
    with pytest.raises(ConnectionLost, match="no server listens there"), writing(postgres, lock):
        pytest.fail("it wrote")
    lock.release()
