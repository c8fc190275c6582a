"""`removals` and `approve`: what a blocked run would have removed, looked at and then removed."""

import json

import pytest

from tests.integration.bench import Bench
from tests.integration.commands import command, document
from tests.integration.database import product_ids, rows, run_rows


@pytest.fixture
def gone(bench: Bench) -> list[str]:
    """Sync a catalogue, take half of it away, and sync again: run 2 is blocked. The ids of what is gone."""
    sim = bench.simulate(products=100)
    bench.sync_as_the_command()
    ids = sorted(sim.catalogue.documents())[:50]
    for product_id in ids:
        sim.catalogue.remove(product_id)
    assert command(bench, "sync").returncode == 4
    return ids


def test_removals_lists_what_would_go_in_the_order_of_the_names(bench: Bench, gone: list[str]) -> None:
    done = command(bench, "removals", "2", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = document(done.stdout)
    assert (found["run_id"], found["total"], found["due"]) == (2, 50, 50)
    assert {each["product_id"] for each in found["products"]} == set(gone)
    names = [each["name"] for each in found["products"]]
    assert names == sorted(names)
    for each in found["products"][:3]:
        [row] = rows(bench.database, "SELECT * FROM products WHERE id = ?", each["product_id"])
        assert each == {
            "product_id": row["id"], "name": row["name"], "min_price": row["min_price"], "qty": row["qty"],
            "platform": row["platform"], "is_due": True,
        }  # fmt: skip


def test_removals_shows_as_many_as_are_wanted_and_says_how_many_more_there_are(bench: Bench, gone: list[str]) -> None:
    done = command(bench, "removals", "2", "--limit", "3")
    lines = done.stdout.splitlines()
    assert lines[0] == "Run 2 was blocked from removing 50 products; approving it would remove 50 of them."
    assert len(lines) == 5
    assert lines[-1] == "  … and 47 more: `g2a-console removals 2 --limit 50` lists all."
    assert done.stderr == "To remove what is due: g2a-console approve 2 --reason TEXT\n"
    assert len(document(command(bench, "removals", "2", "--limit", "3", "--json").stdout)["products"]) == 3


def test_a_run_that_was_not_blocked_has_nothing_to_list(bench: Bench) -> None:
    bench.simulate(products=20)
    bench.sync_as_the_command()
    done = command(bench, "removals", "1")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Run 1 succeeded: there is nothing that it was kept from removing.\n"
    assert document(command(bench, "removals", "1", "--json").stdout) == {
        "run_id": 1, "total": 0, "due": 0, "products": [],
    }  # fmt: skip


def test_run_tells_of_a_blocked_run_what_would_go(bench: Bench, gone: list[str]) -> None:
    shown = document(command(bench, "run", "2", "--json").stdout)
    assert (shown["status"], shown["removals"]["total"], shown["removals"]["due"]) == ("blocked", 50, 50)
    assert {each["product_id"] for each in shown["removals"]["products"]} == set(gone)
    told = command(bench, "run", "2").stdout
    assert "Run 2 was blocked from removing 50 products; approving it would remove 50 of them.\n" in told
    assert told.endswith("  … and 30 more: `g2a-console removals 2 --limit 50` lists all.\n")


def test_approve_removes_exactly_what_was_listed_and_keeps_who_and_why(bench: Bench, gone: list[str]) -> None:
    done = command(bench, "approve", "2", "--reason", "the publisher\nhas left", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert document(done.stdout) == {"run_id": 2, "removed": 50}
    assert product_ids(bench.database, active=False) == set(gone)
    assert run_rows(bench.database)[1]["status"] == "succeeded"
    [audit] = rows(bench.database, "SELECT * FROM audit_events")
    assert (audit["actor"], audit["action"], audit["target"]) == ("alice", "run.approve", "2")
    assert json.loads(audit["after"])["reason"] == "the publisher⏎has left"
    assert "alice approved run 2: 50 products were discontinued" in bench.log_text()
    told = command(bench, "removals", "2").stdout
    assert told.startswith("Run 2 was blocked from removing 50 products; it has succeeded now.\n")


def test_what_was_seen_since_stays(bench: Bench, gone: list[str]) -> None:
    """Listed as staying, and not removed."""
    back = gone[7]
    [row] = rows(bench.database, "SELECT name FROM products WHERE id = ?", back)
    other = bench.start_simulator(products=100)
    bench.sim.catalogue.add(other.catalogue.documents()[back])
    command(bench, "sync", "--page", "1")
    done = command(bench, "removals", "2")
    assert done.stdout.splitlines()[0].endswith("approving it would remove 49 of them.")
    [line] = [line for line in done.stdout.splitlines() if f"({back})" in line]
    assert line.startswith(f"  {row['name']} ")
    assert line.endswith(" (stays: seen since, or gone already)")
    told = command(bench, "approve", "2", "--reason", "right")
    assert told.stdout == "Run 2 is approved: 49 products are discontinued now.\n"
    assert product_ids(bench.database, active=False) == set(gone) - {back}


@pytest.mark.parametrize(
    ("run_id", "reason", "code", "said"),
    [
        ("1", "right", 4, "Run 1 has succeeded, and is not blocked: there is nothing to approve.\n"),
        ("9", "right", 2, "There is no run 9: `g2a-console runs` lists those that there are.\n"),
    ],
)
def test_what_cannot_be_approved_is_told_and_nothing_is_removed(
    bench: Bench, gone: list[str], run_id: str, reason: str, code: int, said: str
) -> None:
    done = command(bench, "approve", run_id, "--reason", reason, "--json")
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)
    assert len(product_ids(bench.database, active=True)) == 100
    assert rows(bench.database, "SELECT * FROM audit_events") == []


@pytest.mark.parametrize("line", [("approve", "2"), ("schedule", "pause")])
def test_a_reason_that_says_nothing_is_wrong_usage(bench: Bench, line: tuple[str, ...]) -> None:
    bench.simulate()
    done = command(bench, *line, "--reason", " \t ")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("argument --reason: takes a reason: a few words\n")


def test_a_run_is_approved_once(bench: Bench, gone: list[str]) -> None:
    assert command(bench, "approve", "2", "--reason", "right").returncode == 0
    done = command(bench, "approve", "2", "--reason", "right")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("Run 2 has succeeded, and is not blocked")


async def test_beside_an_engine_it_is_approved_there(bench: Bench, gone: list[str]) -> None:
    async with bench.open():
        done = command(bench, "approve", "2", "--reason", "right")
        assert command(bench, "removals", "2").returncode == 0
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("Another g2a-console runs here already: process ")
    assert done.stderr.endswith("Use that one, or end it first. Run 2 can be approved there.\n")
    assert len(product_ids(bench.database, active=True)) == 100


def test_without_a_database_there_is_nothing_to_approve_and_none_is_made(bench: Bench) -> None:
    bench.simulate()
    done = command(bench, "approve", "2", "--reason", "right")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no run 2: no sync has run here yet.\n"
    assert not bench.database.exists()
