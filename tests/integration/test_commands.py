"""The commands, each a process of its own: what they print, where, and how they end."""

import contextlib
import json
import os
import re
import sqlite3
import stat
from datetime import UTC, datetime, timedelta

import pytest

from console import __version__
from tests.integration.bench import Bench
from tests.integration.commands import command, document, start
from tests.integration.database import check_whole_pages, rows, run_rows, value

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
COUNTS = (
    "pages_total", "pages_done", "pages_failed", "requests", "retries", "products_seen", "products_new",
    "products_changed", "products_unchanged", "products_discontinued", "products_rejected",
)  # fmt: skip
FIELDS = (
    "run_id", "kind", "trigger", "status", "requested_by", "started_at", "finished_at", "duration_seconds", *COUNTS,
    "errors",
)  # fmt: skip


def test_sync_as_json_prints_the_run_and_nothing_else(bench: Bench) -> None:
    bench.simulate(products=300)
    done = command(bench, "sync", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = document(done.stdout)
    assert tuple(report)[: len(FIELDS)] == FIELDS
    assert report["run_id"] == 1
    assert (report["kind"], report["trigger"], report["status"]) == ("full", "manual", "succeeded")
    assert report["requested_by"] == "alice"
    assert TIME.fullmatch(report["started_at"])
    assert TIME.fullmatch(report["finished_at"])
    took = datetime.fromisoformat(report["finished_at"]) - datetime.fromisoformat(report["started_at"])
    assert report["duration_seconds"] == pytest.approx(took.total_seconds(), abs=0.2)
    assert {name: report[name] for name in COUNTS} == dict.fromkeys(COUNTS, 0) | {
        "pages_total": 15, "pages_done": 15, "requests": 16, "products_seen": 300, "products_new": 300,
    }  # fmt: skip
    assert report["errors"] == []
    [row] = run_rows(bench.database)
    assert {name: row[name] for name in COUNTS} == {name: report[name] for name in COUNTS}
    assert row["started_at"] == report["started_at"].replace("T", " ").removesuffix("+00:00")


def test_times_are_utc_wherever_the_machine_stands(bench: Bench) -> None:
    bench.simulate(products=20)
    begun = datetime.now(UTC)
    report = document(command(bench, "sync", "--json", TZ="Pacific/Auckland").stdout)
    [row] = run_rows(bench.database)
    for told in (
        report["started_at"],
        f"{row['started_at']}+00:00",
        f"{bench.log_text().splitlines()[0][:19]}.999+00:00",
        f"{bench.log_text().splitlines()[0].split()[-2]}.999+00:00",
    ):
        assert timedelta(0) <= datetime.fromisoformat(told) - begun < timedelta(minutes=1)


def test_sync_tells_people_how_it_went_in_two_lines(bench: Bench) -> None:
    bench.simulate(products=300)
    done = command(bench, "sync")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        r"Run 1 succeeded after \d+\.\d seconds\.\n"
        r"300 products on 15 pages: 300 new, 0 changed, 0 unchanged, 0 discontinued, 0 rejected\.\n",
        done.stdout,
    )


def test_sync_of_a_page_syncs_that_page_alone(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    done = command(bench, "sync", "--page", "3", "--json")
    report = document(done.stdout)
    assert done.returncode == 0
    assert (report["kind"], report["pages_total"], report["requests"], report["products_new"]) == ("page", 1, 1, 20)
    ids = sorted(sim.catalogue.documents())
    assert {row["id"] for row in rows(bench.database, "SELECT id FROM products")} == set(ids[40:60])
    assert sim.counters.pages == {3: 1}


def test_sync_of_some_pages_syncs_those_pages_alone(bench: Bench) -> None:
    sim = bench.simulate(products=300)
    done = command(bench, "sync", "--pages", "3-5", "--json")
    report = document(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (report["kind"], report["pages_total"], report["requests"], report["products_new"]) == ("page", 3, 3, 60)
    ids = sorted(sim.catalogue.documents())
    assert {row["id"] for row in rows(bench.database, "SELECT id FROM products")} == set(ids[40:100])
    assert sim.counters.pages == {3: 1, 4: 1, 5: 1}


def test_sync_of_pages_goes_no_further_than_the_catalogue(bench: Bench) -> None:
    bench.simulate(products=300)
    report = document(command(bench, "sync", "--pages", "14-99", "--json").stdout)
    assert (report["status"], report["pages_total"], report["products_new"]) == ("succeeded", 2, 40)


def test_a_sync_that_is_partial_exits_with_3(bench: Bench) -> None:
    bench.simulate(products=300, faults=("bad-product-negative-price@2",))
    done = command(bench, "sync", "--json")
    assert done.returncode == 3
    report = document(done.stdout)
    assert (report["status"], report["products_rejected"], report["products_seen"]) == ("partial", 1, 299)
    assert report["errors"] == [{"page": None, "error": "1 products were rejected."}]


def test_a_sync_that_is_blocked_exits_with_4_and_says_why_on_stderr(bench: Bench) -> None:
    sim = bench.simulate(products=100)
    assert command(bench, "sync").returncode == 0
    for product_id in sorted(sim.catalogue.documents())[:50]:
        sim.catalogue.remove(product_id)
    done = command(bench, "sync")
    assert done.returncode == 4
    assert done.stderr == (
        "50 of 100 active products (50.0 %) would be removed, more than SYNC_MAX_REMOVED_PERCENT allows (20 %): "
        "nothing was removed.\n"
        "`g2a-console removals 2` lists what would go, and `g2a-console approve 2 --reason TEXT` removes it.\n"
    )
    assert done.stdout.startswith("Run 2 blocked")


def test_a_sync_that_fails_exits_with_1_and_says_what_to_check_on_stderr(bench: Bench) -> None:
    bench.simulate(faults=("401",))
    done = command(bench, "sync")
    assert done.returncode == 1
    assert done.stdout.startswith("Run 1 failed")
    assert done.stderr.startswith("G2A refuses the credentials (401 AUTH02: Authorization failed): check G2A_CLIENT_ID")
    assert len(done.stderr.splitlines()) == 1


def test_without_credentials_sync_says_what_to_set_and_where_and_exits_with_2(bench: Bench) -> None:
    sim = bench.simulate()
    done = command(bench, "sync", "--json", G2A_CLIENT_ID="", G2A_CLIENT_SECRET="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"No G2A credentials yet: set G2A_CLIENT_ID and G2A_CLIENT_SECRET in {bench.home.env_file} "
        "or in the environment. Or try `g2a-console demo`, which needs none.\n"
    )
    assert sim.counters.requests == 0
    assert not bench.database.exists()


def test_settings_come_from_the_homes_env_file_and_the_environment_wins(bench: Bench) -> None:
    sim = bench.simulate(products=40)
    bench.home.env_file.write_text(
        f"G2A_CLIENT_ID='{sim.config.client_id}'\nG2A_BASE_URL=http://127.0.0.1:9\nSYNC_SCHEDULE_HOUR=7\n"
    )
    assert command(bench, "sync", G2A_CLIENT_ID="").returncode == 0
    shown = document(command(bench, "schedule", "show", "--json").stdout)
    assert shown["time"] == "07:00"


@pytest.mark.parametrize(
    ("name", "bad", "takes"),
    [
        ("SYNC_CONCURRENCY", "65", "takes a whole number from 1 to 64, not '65'"),
        ("SYNC_SCHEDULE_HOUR", "24", "takes a whole number from 0 to 23, not '24'"),
        ("G2A_BASE_URL", "http://api.g2a.com", "takes an https:// address"),
        ("G2A_CLIENT_SECRET", "two\nlines", "takes printable text: correct it"),
        ("DATABASE_URL", "mysql://x", "takes sqlite:///PATH"),
    ],
)
def test_a_bad_setting_is_named_and_exits_with_2(bench: Bench, name: str, bad: str, takes: str) -> None:
    bench.simulate()
    done = command(bench, "sync", **{name: bad})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{name} {takes}")
    assert len(done.stderr.splitlines()) == 1
    assert "two" not in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "sync --page 0",
        "sync --page x",
        "sync --pages 3",
        "sync --pages 0-2",
        "sync --pages 3-2",
        "sync --pages 1-2-3",
        "sync --page 1 --pages 1-2",
        "retry",
        "retry 0",
        "retry 9223372036854775808",
        "run -1",
        "runs --limit x",
        "removals 1 --limit 0",
        "approve 1",
        "schedule set 24:00",
        "schedule pause",
        "schedule",
        "nonsense",
    ],
)
def test_words_that_make_no_sense_exit_with_2(bench: Bench, line: str) -> None:
    bench.simulate()
    done = command(bench, *line.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")


def test_the_version_is_told_in_one_line(bench: Bench) -> None:
    bench.simulate()
    done = command(bench, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"g2a-console {__version__}\n", "")


def test_the_schedule_is_shown_set_and_shown_again(bench: Bench) -> None:
    bench.simulate()
    settings = {"SYNC_SCHEDULE_HOUR": "4", "SYNC_SCHEDULE_MINUTE": "15"}
    before = document(command(bench, "schedule", "show", "--json", **settings).stdout)
    assert (before["time"], before["timezone"], before["enabled"], before["updated_by"]) == ("04:15", "UTC", True, None)
    assert not bench.database.exists()

    done = command(bench, "schedule", "set", "3:30", "--json", **settings)
    assert (done.returncode, done.stderr) == (0, "")
    shown = document(command(bench, "schedule", "show", "--json", **settings).stdout)
    assert document(done.stdout) == shown
    assert (shown["time"], shown["enabled"], shown["pause_reason"], shown["updated_by"]) == (
        "03:30", True, None, "alice",
    )  # fmt: skip
    assert TIME.fullmatch(shown["updated_at"])
    next_runs = [datetime.fromisoformat(moment) for moment in shown["next_runs"]]
    assert [run.strftime("%H:%M:%S%z") for run in next_runs] == ["03:30:00+0000"] * 3
    assert next_runs[0] > datetime.now(UTC)
    assert next_runs[2] - next_runs[1] == next_runs[1] - next_runs[0] == timedelta(days=1)

    [row] = rows(bench.database, "SELECT * FROM schedules")
    assert (row["job_id"], row["hour"], row["minute"], row["updated_by"]) == ("daily_product_sync", 3, 30, "alice")
    [audit] = rows(bench.database, "SELECT * FROM audit_events")
    assert (audit["actor"], audit["action"], audit["target"]) == ("alice", "schedule.set", "daily_product_sync")
    before, after = json.loads(audit["before"]), json.loads(audit["after"])
    assert (before, after["time"], after["set_by"]) == ({"time": "04:15", "set_by": None}, "03:30", "alice")

    told = command(bench, "schedule", "show").stdout.splitlines()
    assert told[0] == "The daily product sync runs at 03:30 UTC (set by alice)."
    assert re.fullmatch(r"Next runs: (\w{3} \d{4}-\d\d-\d\d 03:30(, | UTC)){3}", told[1])


def test_the_schedule_is_paused_and_resumed_with_a_reason_that_everybody_sees(bench: Bench) -> None:
    bench.simulate()
    pause = ("schedule", "pause", "--json", "--reason")
    paused = document(command(bench, *pause, "stocktaking").stdout)
    assert (paused["enabled"], paused["pause_reason"], paused["paused_by"]) == (False, "stocktaking", "alice")
    assert (paused["time"], paused["updated_by"], paused["next_runs"]) == ("02:00", None, [])
    assert document(command(bench, "schedule", "show", "--json").stdout) == paused
    assert TIME.fullmatch(paused["paused_at"])
    told = command(bench, "schedule", "show").stdout.splitlines()
    assert told[0] == "The daily product sync runs at 02:00 UTC (from the settings)."
    since = r"paused by alice since \w{3} \d{4}-\d\d-\d\d \d\d:\d\d UTC: stocktaking"
    assert re.fullmatch(f"It is {since}.", told[1])
    assert re.search(f"Schedule   daily at 02:00 UTC, {since}", command(bench, "status").stdout)
    status = document(command(bench, "status", "--json").stdout)
    assert (status["schedule_enabled"], status["paused_by"], status["paused_at"], status["pause_reason"]) == (
        False, "alice", paused["paused_at"], "stocktaking",
    )  # fmt: skip
    twice = command(bench, *pause, "holidays")
    assert (twice.returncode, twice.stdout) == (4, "")
    assert twice.stderr == "The schedule is paused by alice: stocktaking. Resume it first to pause it anew.\n"

    assert document(command(bench, "schedule", "set", "03:30", "--json").stdout)["enabled"] is False
    reset = document(command(bench, "schedule", "reset", "--json").stdout)
    assert (reset["time"], reset["updated_by"], reset["enabled"]) == ("02:00", None, False)
    resumed = command(bench, "schedule", "resume")
    assert resumed.returncode == 0
    assert resumed.stdout.splitlines()[1].startswith("Next runs: ")
    again = command(bench, "schedule", "resume")
    assert (again.returncode, again.stdout) == (4, "")
    assert again.stderr == "The schedule is not paused: the daily sync runs at 02:00 UTC.\n"

    [row] = rows(bench.database, "SELECT * FROM schedules")
    assert (row["enabled"], row["pause_reason"], row["updated_by"]) == (1, None, None)
    audits = rows(bench.database, "SELECT actor, action FROM audit_events ORDER BY id")
    actions = ["schedule.pause", "schedule.set", "schedule.reset", "schedule.resume"]
    assert [(audit["actor"], audit["action"]) for audit in audits] == [("alice", action) for action in actions]


def test_the_last_change_of_the_schedule_is_undone_and_redone_by_command(bench: Bench) -> None:
    bench.simulate()
    nothing = command(bench, "schedule", "undo")
    assert (nothing.returncode, nothing.stdout) == (4, "")
    assert nothing.stderr == "There is nothing to undo: nobody has changed the schedule.\n"

    command(bench, "schedule", "set", "03:30", LOGNAME="bob")
    command(bench, "schedule", "pause", "--reason", "stocktaking")
    undone = command(bench, "schedule", "undo", "--json")
    assert undone.returncode == 0
    assert re.fullmatch(r"Undone: alice's pause( on .*)? at \d\d:\d\d UTC\.\n", undone.stderr)
    told = document(undone.stdout)
    assert (told["enabled"], told["time"], told["updated_by"], told["paused_at"]) == (True, "03:30", "bob", None)
    redone = command(bench, "schedule", "undo", LOGNAME="bob")
    assert redone.stderr.startswith("Undone: alice's undo")
    assert "It is paused by alice since " in redone.stdout

    audits = rows(
        bench.database, "SELECT id, actor, role, action, before, after, outcome FROM audit_events ORDER BY id"
    )
    assert [(audit["actor"], audit["action"]) for audit in audits] == [
        ("bob", "schedule.set"), ("alice", "schedule.pause"), ("alice", "schedule.undo"), ("bob", "schedule.undo"),
    ]  # fmt: skip
    assert {(audit["role"], audit["outcome"]) for audit in audits} == {("admin", "done")}
    after = json.loads(audits[2]["after"])
    assert (after["enabled"], after["undid"], after["undid_action"]) == (True, audits[1]["id"], "schedule.pause")
    assert json.loads(audits[2]["before"])["reason"] == "stocktaking"


async def test_status_tells_how_things_stand(bench: Bench) -> None:
    bench.simulate(products=40)
    empty = document(command(bench, "status", "--json").stdout)
    assert (empty["active_products"], empty["last_run"], empty["runner"]) == (0, None, None)
    assert (empty["scheduler_running"], empty["next_run_time"]) == (False, None)
    async with bench.open() as engine:
        await engine.scheduler.trigger_manual_sync("alice")
        await engine.runner.wait()
        bench.sim.faults.set("slow=30@2")
        await engine.scheduler.trigger_manual_sync("bob")
        done = command(bench, "status", "--json")
        assert (done.returncode, done.stderr) == (0, "")
        status = document(done.stdout)
        assert status["home"] == str(bench.home.root)
        assert status["database"] == str(bench.database)
        assert status["active_products"] == 40
        assert status["runner"]["pid"] == os.getpid()
        assert status["scheduler_running"] is True
        assert status["schedule"] == "02:00"
        assert datetime.fromisoformat(status["next_run_time"]) > datetime.now(UTC)
        assert (status["last_run"]["run_id"], status["last_run"]["status"]) == (1, "succeeded")
        assert (status["active_run"]["run_id"], status["active_run"]["status"]) == (2, "running")
        assert tuple(status["last_run"])[: len(FIELDS)] == FIELDS
        told = command(bench, "status").stdout
    assert f"Engine     process {os.getpid()} of " in told
    assert "Running    run 2: " in told
    assert "Last run   run 1 succeeded on " in told


def test_everything_in_the_home_is_for_its_owner_alone(bench: Bench) -> None:
    bench.simulate(products=40)
    bench.home.root.chmod(0o755)
    for folder in (bench.home.log_file.parent, bench.home.run_folder):
        folder.rmdir()
    assert command(bench, "sync").returncode == 0
    for path in bench.home.root.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_file_that_is_no_database_is_refused_and_left_alone(bench: Bench) -> None:
    bench.simulate(products=20)
    content = b"not a database at all" * 300
    bench.database.write_bytes(content)
    for words in (("sync",), ("status",), ("schedule", "set", "03:00")):
        done = command(bench, *words)
        assert (done.returncode, done.stdout) == (1, "")
        assert "is no SQLite database: move it away, or set DATABASE_URL to another" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert bench.database.read_bytes() == content


def test_a_database_of_another_program_is_refused_and_left_alone(bench: Bench) -> None:
    bench.simulate(products=20)
    with contextlib.closing(sqlite3.connect(bench.database)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.commit()
    content = bench.database.read_bytes()
    for words in (("sync",), ("status",), ("schedule", "set", "03:00")):
        done = command(bench, *words)
        assert (done.returncode, done.stdout) == (1, "")
        assert "holds the tables of another program" in done.stderr
    assert bench.database.read_bytes() == content


@pytest.mark.parametrize(
    ("name", "code"),
    [("run/runner.lock", 1), ("catalog.db", 1), ("logs/product_sync_scheduler.log", 2), (".env", 2)],
)
def test_a_folder_where_a_file_should_be_is_told_in_one_line(bench: Bench, name: str, code: int) -> None:
    bench.simulate(products=20)
    (bench.home.root / name).mkdir()
    done = command(bench, "sync")
    assert (done.returncode, done.stdout) == (code, "")
    assert len(done.stderr.splitlines()) == 1
    assert str(bench.home.root / name) in done.stderr


def test_an_empty_file_is_taken_for_a_database_that_is_still_to_be_made(bench: Bench) -> None:
    bench.simulate(products=20)
    bench.database.touch(0o600)
    assert document(command(bench, "status", "--json").stdout)["active_products"] == 0
    assert command(bench, "sync").returncode == 0
    assert value(bench.database, "SELECT count(*) FROM products") == 20


def test_a_file_that_cannot_grow_fails_the_sync_and_it_works_again_when_there_is_room(bench: Bench) -> None:
    """As on a full disk: the run fails in plain words, and nothing that was acknowledged is lost."""
    sim = bench.simulate(products=800)
    with start(bench, "sync", "--json", limit_bytes=400_000) as process:
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (1, "")
    report = document(stdout)
    assert report["status"] == "failed"
    assert report["error"].startswith("The database refused: the disk ")
    assert value(bench.database, "PRAGMA integrity_check") == "ok"
    assert 0 < check_whole_pages(bench.database, sorted(sim.catalogue.documents()), 1) == report["pages_done"] < 40
    done = command(bench, "sync", "--json")
    assert (done.returncode, document(done.stdout)["products_seen"]) == (0, 800)
    assert value(bench.database, "SELECT count(*) FROM sync_runs WHERE status = 'running'") == 0
