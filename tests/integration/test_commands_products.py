"""`products search`, `show` and `export`: what the catalogue holds, for people, scripts and spreadsheets."""

import csv
import fcntl
import io
import json
import os
import signal
import sqlite3
import struct
import subprocess
import termios
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from rich.cells import cell_len

from console.store.database import Database
from console.store.whole_products import COLUMNS
from tests.integration.bench import Bench
from tests.integration.commands import command, document, environment, start, words
from tests.integration.database import product_ids, rows, value
from tests.integration.test_streams import in_shell
from tests.integration.truth import promised, promised_categories
from tests.integration.waiting import wait_until
from tests.unit.store.older import make_older

NO_DATABASE = "There is no database yet: no sync has run here"
FORMULA = '=HYPERLINK("http://evil.example","Prize")'


def exported(bench: Bench, *options: str) -> list[dict[str, Any]]:
    """What `products export` writes as JSON lines."""
    done = command(bench, "products", "export", "--format", "jsonl", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def exported_csv(bench: Bench, *options: str) -> list[dict[str, str]]:
    """What it writes as CSV."""
    done = command(bench, "products", "export", "--format", "csv", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def execute(bench: Bench, statement: str, *parameters: object) -> None:
    """Change the database behind everybody's back."""
    with closing(sqlite3.connect(bench.database)) as connection:
        connection.execute(statement, parameters)
        connection.commit()


def leave_unindexed(bench: Bench, products: int) -> None:
    """Let so many products be stored and only noted, as after the first pages of a large catalogue."""
    some = "SELECT id FROM products ORDER BY id LIMIT ?"
    execute(bench, f"INSERT INTO product_search_backlog (product_id) {some}", products)
    execute(bench, f"DELETE FROM product_search WHERE product_id IN ({some})", products)


def in_a_terminal(bench: Bench, columns: int, *arguments: str) -> list[str]:
    """The lines of a command whose stdout is a terminal of that width."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        words(bench, *arguments), env=environment(bench.settings()), stdin=subprocess.DEVNULL, stdout=theirs,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        os.close(theirs)
        told = b""
        try:
            while some := os.read(ours, 65_536):
                told += some
        except OSError:  # the other end is closed
            pass
        os.close(ours)
        assert process.wait() == 0
    return told.decode().splitlines()


# -- search ------------------------------------------------------------------------------------------------------------


def test_the_beginnings_of_words_find_products_in_aligned_columns(bench: Bench) -> None:
    sim = bench.simulate(products=60)
    for number, product_id in enumerate(sorted(sim.catalogue.documents())[:3]):
        changes = {"name": f"Pokémon Violet {number}", "platform": "Nintendo", "minPrice": 1234.5, "qty": 7}
        sim.catalogue.change(product_id, **changes)
    bench.sync_as_the_command()
    done = command(bench, "products", "search", "viol", "POKEMON")
    assert (done.returncode, done.stderr) == (0, "")
    header, *lines = done.stdout.splitlines()
    assert header.split() == ["ID", "NAME", "PLATFORM", "REGION", "PRICE", "EUR", "STOCK"]
    assert [line.split()[1:4] for line in lines] == [["Pokémon", "Violet", str(number)] for number in range(3)]
    assert all(line.endswith(" 1,234.50      7") for line in lines)
    at = header.index("PLATFORM")
    assert {line[at : at + 8] for line in lines} == {"Nintendo"}


def test_what_is_found_as_json_is_as_it_is_stored(bench: Bench) -> None:
    bench.simulate(products=60)
    bench.sync_as_the_command()
    execute(
        bench, "UPDATE products SET is_active = 0, discontinued_at = '2026-11-23 02:00:00.500000', min_price = NULL"
    )
    done = command(bench, "products", "search", "--all", "--limit", "2", "--json")
    found = document(done.stdout)
    assert (found["total"], found["unindexed"], len(found["products"])) == (60, 0, 2)
    for each in found["products"]:
        [row] = rows(bench.database, "SELECT name, platform, region, qty FROM products WHERE id = ?", each["id"])
        gone = {"is_active": False, "min_price": None, "discontinued_at": "2026-11-23T02:00:00.500000+00:00"}
        assert each == {"id": each["id"], **row, **gone}
    assert done.stderr == "2 of 60 products: --limit 60 lists all.\n"


def test_filters_and_orders_are_those_of_the_console(bench: Bench) -> None:
    bench.simulate(products=300)
    bench.sync_as_the_command()

    def ids(*options: str) -> list[str]:
        found = document(command(bench, "products", "search", "--limit", "1000", "--json", *options).stdout)
        assert found["total"] == len(found["products"])
        return [each["id"] for each in found["products"]]

    def stored(condition: str, *parameters: object) -> set[str]:
        return {row["id"] for row in rows(bench.database, f"SELECT id FROM products WHERE {condition}", *parameters)}

    assert set(ids("--platform", "steam")) == stored("platform = 'Steam'") != set()
    assert set(ids("--region", "")) == stored("region IS NULL") != set()
    prices = ("--price-from", "5", "--price-to", "9.99")
    assert set(ids(*prices)) == stored("min_price BETWEEN 5 AND 9.99") != set()
    assert {each["id"] for each in exported(bench, *prices, "--platform", "STEAM")} == stored(
        "min_price BETWEEN 5 AND 9.99 AND platform = 'Steam'"
    )
    [category] = rows(
        bench.database,
        "SELECT id, name FROM categories WHERE name IN (SELECT name FROM categories GROUP BY name HAVING count(*) = 1) "
        "AND id IN (SELECT category_id FROM product_categories) LIMIT 1",
    )
    in_it = stored("id IN (SELECT product_id FROM product_categories WHERE category_id = ?)", category["id"])
    assert set(ids("--category", category["name"])) == set(ids("--category", str(category["id"]))) == in_it
    assert {each["id"] for each in exported(bench, "--category", category["name"])} == in_it
    dearest = [
        value(bench.database, "SELECT min_price FROM products WHERE id = ?", each) for each in ids("--sort", "dearest")
    ]
    assert [each for each in dearest if each is not None] == sorted((each for each in dearest if each), reverse=True)


@pytest.mark.parametrize("action", ["search", "export"])
def test_a_filter_that_names_nothing_is_wrong_usage_and_says_what_there_is(bench: Bench, action: str) -> None:
    bench.simulate(products=60)
    bench.sync_as_the_command()
    options = ("--format", "csv") if action == "export" else ()
    done = command(bench, "products", action, *options, "--platform", "Steamm")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith('No product has the platform "Steamm". There are: Steam, ')
    done = command(bench, "products", action, *options, "--category", "none such")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith('There is no category "none such". There are: ')
    execute(bench, "INSERT INTO categories (id, name) VALUES (9000001, 'Twice'), (9000002, 'twice')")
    assert command(bench, "products", action, *options, "--category", "Twice").returncode == 0
    done = command(bench, "products", action, *options, "--category", "TWICE")
    assert done.returncode == 2
    assert done.stderr == ('2 categories are named "TWICE": give the number of one of them, 9000001, 9000002.\n')
    for amount in ("a", "-1", "nan", "inf", "1,5"):
        done = command(bench, "products", action, *options, f"--price-from={amount}")
        assert done.returncode == 2
        assert "takes an amount in EUR such as 19.99" in done.stderr
    done = command(bench, "products", action, *options, "--price-from", "10", "--price-to", "9.99")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "No price is from 10 to 9.99 EUR: the first must not be above the second.\n"


def test_what_cannot_be_found_yet_is_counted_shown_and_exported(bench: Bench) -> None:
    bench.simulate(products=60)
    bench.sync_as_the_command()
    leave_unindexed(bench, 25)
    done = command(bench, "products", "search", "--json", "--limit", "100")
    assert (document(done.stdout)["total"], document(done.stdout)["unindexed"]) == (35, 25)
    assert done.stderr.startswith("25 new products cannot be found yet: they can in some minutes")
    assert {each["id"] for each in exported(bench)} == product_ids(bench.database, active=True)
    first = min(product_ids(bench.database, active=True))
    assert document(command(bench, "products", "show", first, "--json").stdout)["id"] == first


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_table_fits_the_terminal_it_is_shown_on(bench: Bench, columns: int) -> None:
    sim = bench.simulate(products=60)
    wide, long = sorted(sim.catalogue.documents())[:2]
    sim.catalogue.change(wide, name="株式会社カエル" * 20)
    sim.catalogue.change(long, name="A very long name " * 8, region="UNITED STATES", platform="PlayStation Network")
    bench.sync_as_the_command()
    lines = in_a_terminal(bench, columns, "products", "search", "--limit", "60")
    assert len(lines) == 61
    assert max(map(cell_len, lines)) <= columns
    ends = {cell_len(line) for line in lines[1:]}
    assert ends == {max(ends)}, "the stock stands below each other, beside wide letters as well"


# -- show --------------------------------------------------------------------------------------------------------------


def test_show_has_every_column_and_the_history_of_price_and_stock(bench: Bench) -> None:
    sim = bench.simulate(products=60)
    product_id = min(sim.catalogue.documents())
    sim.catalogue.change(product_id, minPrice=17.9, qty=5)
    bench.sync_as_the_command()
    sim.catalogue.change(product_id, minPrice=18.25)
    bench.sync_as_the_command()
    sim.catalogue.change(product_id, qty=2)
    bench.sync_as_the_command()
    shown = document(command(bench, "products", "show", product_id, "--json").stdout)
    assert tuple(shown)[: len(COLUMNS)] == COLUMNS
    assert [each["min_price"] for each in shown["prices"]] == [17.9, 18.25]
    assert [each["qty"] for each in shown["stocks"]] == [5, 2]
    assert [(each["run_id"], each["fields"]) for each in shown["changes"]] == [
        (3, {"qty": [5, 2]}), (2, {"min_price": [17.9, 18.25]}),
    ]  # fmt: skip
    assert shown["changes_total"] == 2
    [line] = exported(bench, "--price-from", "18.25", "--price-to", "18.25")
    assert {name: shown[name] for name in COLUMNS} == line

    lines = command(bench, "products", "show", product_id).stdout.splitlines()
    assert [line.split()[0] for line in lines[: len(COLUMNS)]] == list(COLUMNS)
    at = lines.index("FROM (UTC)        PRICE EUR  STOCK")
    assert [line.split()[2:] for line in lines[at + 1 : at + 4]] == [["17.90", "5"], ["18.25", "5"], ["18.25", "2"]]
    assert lines[at + 5] == "Changes: 2"
    assert lines[at + 6].endswith("  run 3  changed: qty 5 → 2")


def test_a_product_that_there_is_not_is_wrong_usage(bench: Bench) -> None:
    bench.simulate(products=20)
    for options in ((), ("--json",)):
        done = command(bench, "products", "show", "17", *options)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "There is no product 17: no sync has run here yet.\n"
    bench.sync_as_the_command()
    done = command(bench, "products", "show", "\x1b]52;c;eA==\x07")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "There is no product ␛]52;c;eA==␇: `g2a-console products search` finds those that there are.\n"
    )


def test_no_text_from_outside_reaches_the_terminal_as_it_came(bench: Bench) -> None:
    sim = bench.simulate(products=20)
    product_id = min(sim.catalogue.documents())
    bench.sync_as_the_command()
    evil = "\x1b]52;c;eA==\x07\u202eevil\n\x9b31m"
    # the sync has cleaned what it stored; what another program has put there is cleaned where it is told
    columns = ("name", "platform", "region", "developer")
    execute(
        bench, f"UPDATE products SET {', '.join(f'{name} = ?1' for name in columns)} WHERE id = ?2", evil, product_id
    )
    for arguments in (("search", "--limit", "100"), ("show", product_id)):
        told = command(bench, "products", *arguments).stdout
        assert "␛]52;c;eA==␇" in told
        assert all(line.isprintable() for line in told.splitlines())
    for line in (["search", "--json", "--limit", "100"], ["show", product_id, "--json"], ["export", "--json"]):
        told = command(bench, "products", *line).stdout
        assert "\x1b" not in told, "JSON writes it as an escape"
        assert json.dumps(evil)[1:8] in told
    assert evil in {each["name"] for each in exported(bench)}, "as it is stored"


# -- export ------------------------------------------------------------------------------------------------------------


def test_every_active_product_is_exported_as_the_api_has_it(bench: Bench) -> None:
    sim = bench.simulate(products=1_300)
    bench.sync_as_the_command()
    gone = set(sorted(sim.catalogue.documents())[:7])
    for product_id in gone:
        sim.catalogue.remove(product_id)
    bench.sync_as_the_command()
    lines = exported(bench)
    assert [each["id"] for each in lines] == sorted(sim.catalogue.documents())
    check_truth(bench, lines)
    assert {each["id"] for each in exported(bench, "--gone")} == gone
    assert len(exported(bench, "--all")) == 1_300
    sheet = exported_csv(bench)
    assert len(sheet) == len(lines)
    for cells, line in zip(sheet, lines, strict=True):
        assert tuple(cells) == COLUMNS == tuple(line)
        check_same(cells, line)


def check_truth(bench: Bench, lines: Sequence[dict[str, Any]]) -> None:
    """Every column that the API fills is what it said."""
    documents = bench.sim.catalogue.documents()
    for line in lines:
        source = documents[line["id"]]
        truth = promised(source)
        for name in ("min_price", "retail_min_price", "retail_min_base_price", "price_limit_min", "price_limit_max"):
            assert (None if line[name] is None else Decimal(str(line[name]))) == truth.pop(name), name
        for name in ("release_date", "source_updated_at"):
            moment = truth.pop(name)
            told = moment and (
                moment.isoformat(timespec="microseconds") if isinstance(moment, datetime) else str(moment)
            )
            assert line[name] == told
        assert {name: line[name] for name in truth} == truth
        assert {each["id"] for each in line["categories"]} == promised_categories(source)
        assert datetime.fromisoformat(line["first_seen_at"]).tzinfo == UTC


def check_same(cells: dict[str, str], line: dict[str, Any]) -> None:
    """A line of the CSV tells what the line of JSON does."""
    for name, cell in cells.items():
        match line[name]:
            case None:
                assert cell == ""
            case bool() as told:
                assert cell == ("true" if told else "false")
            case float() as amount:
                assert Decimal(cell) == Decimal(str(amount))
                assert len(cell.partition(".")[2]) >= 2
            case list() | dict() as told:
                assert json.loads(cell) == told
            case told:
                assert cell == str(told)


def test_a_spreadsheet_finds_no_formula_in_the_csv(bench: Bench) -> None:
    sim = bench.simulate(products=20)
    names = (FORMULA, "+1", "-2+3", "@SUM(A1)", "  =1", "a; =1;=2", "\uff1d1", "x=1", "'quoted'", 'a "b", c')
    ids = sorted(sim.catalogue.documents())[: len(names)]
    for product_id, name in zip(ids, names, strict=True):
        sim.catalogue.change(product_id, name=name)
    bench.sync_as_the_command()
    cells = {each["id"]: each["name"] for each in exported_csv(bench)}
    assert [cells[product_id] for product_id in ids] == [
        f"'{FORMULA}", "'+1", "'-2+3", "'@SUM(A1)", "  '=1", "a; '=1;'=2", "'\uff1d1", "x=1", "'quoted'", 'a "b", c',
    ]  # fmt: skip
    lines = {each["id"]: each["name"] for each in exported(bench)}
    assert [lines[product_id] for product_id in ids] == list(names), "as they are stored"


def test_a_reader_that_has_seen_enough_ends_the_export_quietly(bench: Bench) -> None:
    bench.simulate(products=1_300)
    bench.sync_as_the_command()
    for form in ("csv", "jsonl"):
        done = in_shell(bench, f"products export --format {form}", "| head -1")
        assert (done.returncode, done.stderr) == (0, "")
        assert len(done.stdout.splitlines()) == 1
    done = in_shell(bench, "products export --format csv", ">/dev/full")
    assert (done.returncode, done.stderr) == (1, "The output cannot be written: No space left on device.\n")


async def test_a_reader_that_is_slow_keeps_nobody_from_writing_or_emptying_the_wal(bench: Bench) -> None:
    bench.simulate(products=1_300)
    await bench.sync()
    before = product_ids(bench.database, active=True)
    with start(bench, "products", "export", "--format", "jsonl") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]  # the pipe is full now, and the export waits
        database = Database.open(bench.database)
        try:
            await database.write(lambda connection: connection.exec_driver_sql("UPDATE products SET qty = qty + 1"))
            with closing(sqlite3.connect(bench.database)) as connection:
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert not busy
            assert bench.database.with_name("catalog.db-wal").stat().st_size == 0
        finally:
            await database.close()
        lines += process.stdout.readlines()
        assert process.wait(30) == 0
    ids = [json.loads(line)["id"] for line in lines]
    assert ids == sorted(before)


def test_an_export_beside_a_sync_tells_every_product_once(bench: Bench) -> None:
    sim = bench.simulate(products=600)
    bench.sync_as_the_command()
    before = product_ids(bench.database, active=True)
    sim.catalogue.advance()
    sim.faults.set("slow=60@9")
    sim.counters.reset()
    with start(bench, "sync") as process:
        wait_until(lambda: sim.counters.pages.get(20) or process.poll() is not None)
        ids = [each["id"] for each in exported(bench)]
        found = document(command(bench, "products", "search", "--json", "--limit", "2000").stdout)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert ids == sorted(set(ids))
    assert before <= set(ids), "none is gone before the end of the sweep"
    assert found["total"] >= len(before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_an_export_that_waits_for_its_reader(bench: Bench, number: signal.Signals) -> None:
    bench.simulate(products=600)
    bench.sync_as_the_command()
    with start(bench, "products", "export", "--format", "csv") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("id,name,")
        process.send_signal(number)
        code = process.wait(30)
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert code in (128 + number, -number), "a shell tells both alike"


def test_the_format_is_named_once(bench: Bench) -> None:
    bench.simulate(products=20)
    bench.sync_as_the_command()
    for options in ((), ("--format", "csv", "--json")):
        done = command(bench, "products", "export", *options)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("Name one format: ")
    lines = command(bench, "products", "export", "--json").stdout
    assert lines == command(bench, "products", "export", "--json", "--format", "jsonl").stdout != ""


def test_where_nothing_passes_the_filters_the_csv_still_has_its_header(bench: Bench) -> None:
    bench.simulate(products=20)
    bench.sync_as_the_command()
    done = command(bench, "products", "export", "--format", "csv", "--gone")
    assert (done.returncode, done.stdout) == (0, f"{','.join(COLUMNS)}\n")
    assert done.stderr == "There is no such product: nothing is exported.\n"
    done = command(bench, "products", "search", "zzyzx")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Nothing is found among what is active: --all looks at all products.\n"


# -- where there is no catalogue ---------------------------------------------------------------------------------------


def test_before_the_first_sync_they_say_so_and_make_nothing(bench: Bench) -> None:
    bench.simulate()
    done = command(bench, "products", "search", "x")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"{NO_DATABASE}.\n")
    done = command(bench, "products", "search", "--json")
    assert document(done.stdout) == {"total": 0, "unindexed": 0, "products": []}
    done = command(bench, "products", "export", "--format", "csv")
    assert (done.returncode, done.stdout) == (1, ""), "nobody takes it for an empty catalogue"
    assert done.stderr == f"{NO_DATABASE}, so there is nothing to export.\n"
    assert not bench.database.exists()


def test_an_older_database_is_left_as_it_is_and_the_way_on_told(bench: Bench) -> None:
    bench.simulate()
    make_older(bench.database)
    for arguments in (("search", "x"), ("show", "kept"), ("export", "--format", "csv")):
        done = command(bench, "products", *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert "`g2a-console db upgrade`" in done.stderr
    assert value(bench.database, "SELECT version_num FROM alembic_version") == "0001"
