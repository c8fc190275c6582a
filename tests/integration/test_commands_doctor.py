"""`doctor`: one line for each thing, what to do where something is wrong, and 1 where it must be put right."""

import asyncio
import contextlib
import email.utils
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.clock import Clock, SystemClock
from console.home import Home
from console.operations.checks import Check, CheckStatus
from console.operations.doctor import examination, machine
from console.operations.doctor.api import look_at_api
from console.operations.doctor.database import look_at_sqlite
from console.scheduling.lock import RunnerLock
from console.settings import Settings
from tests.integration.bench import Bench
from tests.integration.commands import ROOT, command, document, environment
from tests.integration.replies import answering, ok

LOOSE = 0o644


def checks(bench: Bench, **more: str) -> dict[str, tuple[str, str, str | None]]:
    """What `doctor --json` tells, by name: status, message and advice."""
    done = command(bench, "doctor", "--json", **more)
    found = document(done.stdout)
    problems = [each["name"] for each in found["checks"] if each["status"] == "problem"]
    assert found["ok"] is (not problems)
    assert done.returncode == (1 if problems else 0)
    assert done.stderr == ""
    assert all(each["advice"] for each in found["checks"] if each["status"] != "ok")
    return {each["name"]: (each["status"], each["message"], each["advice"]) for each in found["checks"]}


def test_where_all_is_well_it_says_so_and_writes_nothing(bench: Bench) -> None:
    bench.simulate(products=60)
    before = sorted(bench.home.root.rglob("*"))
    found = checks(bench)
    assert sorted(bench.home.root.rglob("*")) == before
    assert {status for name, (status, _, _) in found.items() if name != "sqlite"} == {"ok"}
    host = bench.sim.url.removeprefix("http://")
    assert found["api"][1].startswith(f"{host} accepts the credentials and answered in ")
    assert found["api"][1].endswith(": 60 products")
    assert bench.sim.counters.products == 1
    assert found["clock"][1] == "not compared: no reply of G2A told the time"
    assert found["database"][1] == f"{bench.database}, made by the first start or sync"
    assert "no terminal" not in found["terminal"][1]


def test_after_a_sync_it_tells_of_the_database(bench: Bench) -> None:
    bench.simulate(products=60)
    assert command(bench, "sync").returncode == 0
    status, said, _ = checks(bench)["database"]
    assert status == "ok"
    assert said.startswith(f"{bench.database} (")
    assert said.endswith("schema 0003, 60 active products")


def test_as_text_there_is_a_line_for_each(bench: Bench) -> None:
    bench.simulate()
    done = command(bench, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == len(checks(bench))
    assert {line.split()[0] for line in lines} <= {"ok", "warning"}


def test_every_setting_is_told_with_where_it_comes_from_and_no_secret(bench: Bench) -> None:
    bench.simulate()
    bench.home.env_file.write_text("SYNC_CONCURRENCY=4\nG2A_EMAIL=nobody@example.com\nSYNC_CONCURENCY=7\n")
    bench.home.env_file.chmod(0o600)
    found = checks(bench, LOG_LEVEL="DEBUG")
    told = {name: found[name][1] for name in ("SYNC_CONCURRENCY", "LOG_LEVEL", "LOG_BACKUPS", "G2A_CLIENT_SECRET")}
    assert told == {
        "SYNC_CONCURRENCY": "4 (.env)",
        "LOG_LEVEL": "DEBUG (environment)",
        "LOG_BACKUPS": "5 (default)",
        "G2A_CLIENT_SECRET": "set (environment)",
    }
    assert found[".env"] == ("warning", "SYNC_CONCURENCY: no such settings.", "Correct the names: see .env.example.")


def test_missing_credentials_are_a_problem_that_says_what_to_set_and_where(bench: Bench) -> None:
    bench.simulate()
    status, said, advice = checks(bench, G2A_CLIENT_SECRET="")["api"]
    assert (status, said) == ("problem", "No G2A credentials yet.")
    assert advice == f"Set G2A_CLIENT_SECRET in {bench.home.env_file} or in the environment."
    assert bench.sim.counters.requests == 0


@pytest.mark.parametrize(
    ("fault", "said", "advice"),
    [
        ("401", "G2A refuses the credentials (401 AUTH02", "Compare them with those of your G2A account."),
        ("redirect", "redirects to elsewhere.invalid", "Nothing is sent there until it is right."),
        ("503", "G2A has a fault of its own (503", "Try again in a few minutes"),
        ("html", "G2A", "Try again in a few minutes"),
    ],
)
def test_an_api_that_does_not_serve_is_told_with_what_to_do(bench: Bench, fault: str, said: str, advice: str) -> None:
    bench.simulate(faults=(fault,))
    status, message, what_to_do = checks(bench, G2A_AUTH="hash")["api"]
    assert status == "problem"
    assert said in message
    assert what_to_do is not None
    assert what_to_do.startswith(advice)


def test_an_api_that_cannot_be_reached_is_told(bench: Bench) -> None:
    bench.simulate()
    status, message, advice = checks(bench, G2A_BASE_URL="http://127.0.0.1:9")["api"]
    assert status == "problem"
    assert message.startswith("127.0.0.1:9 cannot be reached")
    assert advice is not None
    assert advice.startswith("Check the network")


class AheadClock(SystemClock):
    """A clock that is wrong by so much."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def now(self) -> datetime:
        """The wrong time."""
        return datetime.now(UTC) + timedelta(seconds=self._seconds)


@pytest.mark.parametrize(("seconds", "said"), [(0, None), (50, None), (300, "ahead of"), (-300, "behind")])
async def test_a_clock_that_is_wrong_by_more_than_a_minute_is_told(
    bench: Bench, seconds: float, said: str | None
) -> None:
    def answer(request: bytes) -> bytes:
        del request
        date = f"Date: {email.utils.format_datetime(datetime.now(UTC), usegmt=True)}\r\n"
        return ok(b'{"total": 0, "page": 1, "docs": []}').replace(b"\r\n", b"\r\n" + date.encode(), 1)

    bench.simulate()
    async with answering(answer) as address:
        settings = bench.settings(g2a_base_url=address, g2a_auth="hash")
        found = {check.name: check for check in await look_at_api(settings, bench.home, AheadClock(seconds))}
    assert found["api"].status is CheckStatus.OK
    assert found["clock"].status is (CheckStatus.WARNING if said else CheckStatus.OK)
    assert said is None or f"seconds {said} that of G2A" in found["clock"].message


@pytest.mark.parametrize(
    ("version", "is_well"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
        ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_a_sqlite_with_the_fault_of_older_ones_is_told_and_why_it_is_safe(
    version: tuple[int, int, int], is_well: bool
) -> None:
    [check] = look_at_sqlite(version)
    assert check.status is (CheckStatus.OK if is_well else CheckStatus.WARNING)
    assert is_well or "It is safe here" in check.message


def damage(bench: Bench) -> None:
    """Other bytes in the middle of the database."""
    with contextlib.closing(sqlite3.connect(bench.database)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'products'").fetchone()[0]
    with bench.database.open("r+b") as file:
        file.seek((page - 1) * 4_096)
        file.write(b"\xa5" * 4_096)


def test_a_damaged_database_is_a_problem_and_everything_else_is_still_told(bench: Bench) -> None:
    bench.simulate(products=60)
    assert command(bench, "sync").returncode == 0
    damage(bench)
    found = checks(bench)
    status, message, _ = found["database"]
    assert status == "problem"
    assert "damaged" in message
    assert found["api"][0] == "ok"


def test_a_database_of_another_program_is_a_problem_and_stays_as_it_is(bench: Bench) -> None:
    bench.simulate()
    with contextlib.closing(sqlite3.connect(bench.database)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = bench.database.read_bytes()
    status, message, _ = checks(bench)["database"]
    assert status == "problem"
    assert "another program" in message
    assert bench.database.read_bytes() == before


def test_a_folder_of_the_database_that_is_missing_is_a_problem(bench: Bench) -> None:
    bench.simulate()
    status, message, _ = checks(bench, DATABASE_URL="sqlite:////nowhere/x.db")["database"]
    assert status == "problem"
    assert message.startswith("The folder /nowhere, where the database is to be, does not exist")


def test_who_holds_the_lock_is_told(bench: Bench) -> None:
    bench.simulate()
    assert checks(bench)["engine"][1] == "not running: nothing is synced until it is started"
    lock = RunnerLock(bench.home.lock_file)
    lock.take(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    try:
        assert "since 2026-11-23 02:00 UTC" in checks(bench)["engine"][1]
    finally:
        lock.release()


def test_what_others_can_read_is_told_with_how_to_mend_it(bench: Bench) -> None:
    bench.simulate(products=60)
    assert command(bench, "sync").returncode == 0
    for path in (bench.home.env_file, bench.database, bench.home.log_file):
        path.touch()
        path.chmod(LOOSE)
    found = checks(bench)
    assert found["permissions of .env"][2] == f"`chmod 600 {bench.home.env_file}`."
    advice = str(found["permissions"][2])
    assert advice.startswith("`chmod go-rwx ")
    # while the doctor itself looks at the database, SQLite's files stand beside it with the mode that it has
    beside = {f"{bench.database}-wal", f"{bench.database}-shm"}
    named = set(advice.strip("`").split()[2:]) - beside
    assert named == {str(bench.database), str(bench.home.log_file)}


def test_a_file_of_settings_that_others_can_read_is_told_when_a_sync_starts_on_stderr_and_in_the_log(
    bench: Bench,
) -> None:
    bench.simulate(products=60)
    bench.home.env_file.touch()
    bench.home.env_file.chmod(LOOSE)
    done = command(bench, "sync", "--json")
    said = f"Others can read or write {bench.home.env_file}, which may hold the client secret: `chmod 600 "
    assert said in done.stderr
    assert said in bench.log_text()
    assert document(done.stdout)["status"] == "succeeded"


async def test_a_check_that_raises_or_hangs_is_told_and_the_others_go_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.simulate()
    go_on = threading.Event()

    def fail(settings: Settings, home: Home, told: Mapping[str, str]) -> list[Check]:
        raise RuntimeError("a fault\nof ours")

    def hang(home: Home) -> list[Check]:
        go_on.wait(30)
        return []

    async def never(settings: Settings, home: Home, clock: Clock) -> list[Check]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(examination, "look_at_settings", fail)
    monkeypatch.setattr(examination, "look_at_home", hang)
    monkeypatch.setattr(examination, "look_at_api", never)
    found = await examination.examine(bench.settings(), bench.home, {}, SystemClock(), seconds=1.0)
    go_on.set()
    told = {check.name: check for check in found}
    assert told["settings"].message == "This could not be looked at (RuntimeError: a fault⏎of ours)."
    assert told["home"].message == told["api"].message == "This took more than 1 seconds."
    assert told["engine"].status is CheckStatus.OK
    assert told["database"].status is CheckStatus.OK


def test_another_package_of_that_name_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = machine._version
    monkeypatch.setattr(machine, "_version", lambda name: "0.9" if name == "console" else ours(name))
    [*_, check] = machine.look_at_packages()
    assert check.status is CheckStatus.PROBLEM
    assert "pip uninstall console" in (check.advice or "")


@pytest.mark.parametrize("words", [["status"], ["doctor"], ["--help"], []])
def test_where_another_package_has_overwritten_ours_every_command_says_so(tmp_path: Path, words: list[str]) -> None:
    shutil.copytree(ROOT / "console", tmp_path / "console", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "console" / "__init__.py").write_text("VERSION = 'something else'\n")
    told = {**environment(None), "PYTHONPATH": str(tmp_path)}
    line = [sys.executable, "-c", "from console.cli import main; main()", *words]
    done = subprocess.run(line, cwd=tmp_path, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Another package named `console` has overwritten files of g2a-console: `pip uninst")
    assert len(done.stderr.splitlines()) == 1


def test_it_names_what_is_wrong_in_the_file_of_moved_keys(bench: Bench) -> None:
    bench.simulate(products=60)
    assert "keys" not in checks(bench)
    path = bench.home.root / "keys.toml"
    path.write_text('[main]\nsync_now = "f2"\n')
    assert checks(bench)["keys"] == ("ok", "keys.toml is in order", None)
    path.write_text('[main]\nsync_now = "ctrl+q"\n')
    status, message, advice = checks(bench)["keys"]
    assert status == "warning"
    assert message == "keys.toml: [main] sync_now: Ctrl+Q goes back or leaves, and stays so."
    assert advice
