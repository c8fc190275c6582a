"""`db check`, `db upgrade`, `db backup FILE`: the database is looked after, and never harmed by it."""

import shutil
import signal
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime

import pytest

from console.scheduling.lock import RunnerLock
from console.store.migrations import HEAD
from tests.integration.bench import Bench
from tests.integration.commands import command, document, start
from tests.integration.database import value
from tests.integration.waiting import wait_until
from tests.unit.store.older import OLDER, make_older


def statuses(bench: Bench) -> dict[str, str]:
    """What `db check` says of each thing."""
    found = document(command(bench, "db", "check", "--json").stdout)
    assert found["ok"] is ("problem" not in {each["status"] for each in found["checks"]})
    return {each["name"]: each["status"] for each in found["checks"]}


def test_a_sound_database_is_said_to_be_so_while_a_sync_runs(bench: Bench) -> None:
    bench.simulate(faults=("slow=60@12",))
    with start(bench, "sync") as process:
        wait_until(lambda: bench.database.exists() and bench.sim.counters.products >= 12)
        done = command(bench, "db", "check")
        assert (done.returncode, done.stderr) == (0, "")
        assert [line.split()[:2] for line in done.stdout.splitlines()] == [
            ["ok", name] for name in ("file", "integrity", "references", "search", "schema", "journal")
        ]
        process.send_signal(signal.SIGTERM)
        process.communicate()


def test_every_kind_of_harm_is_found_and_nothing_is_changed(bench: Bench) -> None:
    bench.simulate(products=60)
    assert command(bench, "sync").returncode == 0
    with closing(sqlite3.connect(bench.database)) as connection:
        connection.execute("INSERT INTO product_categories (product_id, category_id) VALUES ('nobody', 1)")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
        connection.execute("PRAGMA journal_mode = DELETE")
    before = bench.database.read_bytes()
    assert statuses(bench) == {
        "file": "ok", "integrity": "ok", "references": "problem", "search": "ok", "schema": "problem",
        "journal": "warning",
    }  # fmt: skip
    assert command(bench, "db", "check").returncode == 1
    assert bench.database.read_bytes() == before


def test_damage_is_found(bench: Bench) -> None:
    bench.simulate(products=60)
    assert command(bench, "sync").returncode == 0
    with closing(sqlite3.connect(bench.database)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'categories'").fetchone()[0]
    with bench.database.open("r+b") as file:
        file.seek((page - 1) * 4_096)
        file.write(b"\xa5" * 4_096)
    done = command(bench, "db", "check")
    assert done.returncode == 1
    assert "damaged" in done.stdout
    assert "copy a backup to its place" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_where_there_is_none_yet_it_says_what_makes_one_and_makes_none(bench: Bench) -> None:
    bench.simulate()
    check, backup = command(bench, "db", "check"), command(bench, "db", "backup", "copy.db")
    assert (check.returncode, backup.returncode) == (1, 1)
    assert "the first sync makes it" in check.stdout.lower()
    assert backup.stderr == f"There is no database {bench.database} yet: the first sync makes it.\n"
    assert not bench.database.exists()


def test_a_backup_is_made_while_a_sync_runs_and_is_not_overwritten(bench: Bench) -> None:
    bench.simulate(products=600, faults=("slow=60@25",))
    target = bench.home.root / "copy.db"
    with start(bench, "sync") as process:
        wait_until(lambda: bench.database.exists() and bench.sim.counters.products >= 25)
        first, second = command(bench, "db", "backup", "copy.db"), command(bench, "db", "backup", "copy.db")
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith(f"The database was backed up to {target} (")
    assert second.returncode == 1
    assert second.stderr == f"The file {target} exists already: choose another name, or move it away.\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert value(target, "PRAGMA integrity_check") == "ok"
    stored = value(target, "SELECT count(*) FROM products")
    assert stored
    assert stored == 20 * value(target, "SELECT count(*) FROM sync_pages WHERE status = 'done'")
    assert not list(bench.home.root.glob("*.unfinished*"))


def test_a_backup_can_be_put_in_the_place_of_the_database(bench: Bench) -> None:
    bench.simulate(products=60)
    assert command(bench, "sync").returncode == 0
    assert command(bench, "db", "backup", "copy.db").returncode == 0
    bench.database.write_bytes(b"lost")
    refused = command(bench, "sync")
    assert refused.returncode == 1
    assert "no SQLite database" in refused.stderr
    shutil.copy(bench.home.root / "copy.db", bench.database)
    for ending in ("-wal", "-shm"):
        bench.database.with_name(f"catalog.db{ending}").unlink(missing_ok=True)
    report = document(command(bench, "sync", "--json").stdout)
    assert (report["status"], report["products_unchanged"]) == ("succeeded", 60)


def test_an_older_database_is_brought_up_to_date_with_a_backup_first(bench: Bench) -> None:
    bench.simulate()
    make_older(bench.database)
    done = command(bench, "db", "upgrade")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"The database was brought from schema {OLDER} to {HEAD}; a backup is in {bench.home.root}/backups.\n"
    )
    [backup] = bench.home.backups_folder.iterdir()
    assert value(backup, "SELECT version_num FROM alembic_version") == OLDER
    assert value(bench.database, "SELECT id FROM products") == "kept"
    assert "Backed up the database, which has schema 0001" in bench.log_text()
    again = command(bench, "db", "upgrade")
    assert again.stdout == f"The database is up to date already (schema {HEAD}).\n"
    assert [backup] == list(bench.home.backups_folder.iterdir())


def test_it_is_not_brought_up_to_date_while_another_process_runs_the_engine(bench: Bench) -> None:
    bench.simulate()
    make_older(bench.database)
    lock = RunnerLock(bench.home.lock_file)
    lock.take(datetime.now(UTC))
    try:
        done = command(bench, "db", "upgrade")
    finally:
        lock.release()
    assert done.returncode == 4
    assert "Another g2a-console runs here already" in done.stderr
    assert value(bench.database, "SELECT version_num FROM alembic_version") == OLDER


@pytest.mark.parametrize("action", [["check"], ["upgrade"], ["backup", "copy.db"]])
def test_the_database_of_another_program_is_left_alone(bench: Bench, action: list[str]) -> None:
    bench.simulate()
    with closing(sqlite3.connect(bench.database)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.commit()
    before = bench.database.read_bytes()
    done = command(bench, "db", *action)
    assert done.returncode == 1
    assert "holds the tables of another program" in done.stdout + done.stderr
    assert bench.database.read_bytes() == before
    assert {path.name for path in bench.home.root.iterdir()} <= {"catalog.db", "logs", "run"}
