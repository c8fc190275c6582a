"""The server that tests use holds what it promises to them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.postgres import PostgresDatabase


def test_a_database_is_reached_by_its_url_as_an_ordinary_user(postgres: PostgresDatabase) -> None:
    with psycopg.connect(postgres.url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT usesuper, current_database() FROM pg_user WHERE usename = current_user")
        assert row.fetchone() == (False, postgres.name)
        connection.execute("CREATE TABLE here (id int)")


def test_every_test_has_an_empty_database(postgres: PostgresDatabase) -> None:
    assert postgres.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []


def test_connections_are_cut_and_a_restarted_server_is_reached_again(postgres: PostgresDatabase) -> None:
    with postgres.connect() as connection:
        assert postgres.cut_connections() == 1
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with postgres.connect() as connection:
        postgres.server.restart()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert postgres.value("SELECT %s::int + 1", 1) == 2


def test_no_server_outlives_tests_that_are_killed(tmp_path: Path) -> None:
    script = tmp_path / "test_killed.py"
    script.write_text(
        "import os, signal\n"
        "from tests.postgres import postgres, postgres_server\n"
        "def test_it(postgres):\n"
        "    with open(os.environ['TOLD'], 'w') as told:\n"
        "        told.write(str(postgres.server._process.pid) + ' ' + str(postgres.server.folder))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    told = tmp_path / "told"
    root = Path(__file__).resolve().parents[2]
    line = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        f"--rootdir={tmp_path}",
        str(script),
    ]
    environment = os.environ | {"TOLD": str(told), "PYTHONPATH": str(root)}
    done = subprocess.run(line, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    if not told.exists():
        pytest.skip(done.stdout[-300:])
    pid, folder = told.read_text().split()
    try:
        deadline = time.monotonic() + 20
        while _runs(int(pid)):
            assert time.monotonic() < deadline, "it still runs"
            time.sleep(0.01)
    finally:
        subprocess.run(["rm", "-rf", folder], check=True)


def _runs(pid: int) -> bool:
    try:
        status: str = psutil.Process(pid).status()
    except psutil.NoSuchProcess:
        return False
    return status != psutil.STATUS_ZOMBIE
