"""How long a search takes over a large catalogue: in the reader, and from a key to the list in a real terminal.

    python -m tests.benchmarks.bench_products [--products N] [--rounds N] [--database FILE] [--skip-terminal]
    python -m tests.benchmarks.bench_products --database postgresql+psycopg://… [--fill] [--products N] [--rounds N]

`--database` names a database to use instead of a new file, a home's `catalog.db` or one of a server; it is brought up
to date. With `--fill` it is an empty one, which is filled first.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from console.operations.products import Facet, Query, Sort, Standing
from console.operations.products_reader import ProductsReader
from console.settings import SecretStr
from console.store.database import Database
from console.store.location import Location, PostgresServer, SqliteFile
from tests.benchmarks.catalogue_of import fill
from tests.benchmarks.simulator_process import environment_for
from tests.pty.terminal import Terminal

_ROWS = 200
_NAME_SHOWN = 20
_TYPED_ON_SCREEN = ("q", "wi", "gift ca", "lod")
_TYPED = ("s", "st", "a", "z", "steam", "global", "steam global", "wolf", "wolf st", "zzyzx", "key pc st")


def _queries() -> dict[str, Query]:
    """What is measured, by its name."""
    told = {"nothing typed": Query()} | {f"typed: {text}": Query(text=text) for text in _TYPED}
    told |= {f"everything, {sort}": Query(sort=sort) for sort in Sort if sort is not Sort.NAME}
    told |= {f"typed: s, {sort}": Query(text="s", sort=sort) for sort in Sort if sort is not Sort.NAME}
    return told | {
        "Steam": Query(platform="Steam"),
        "Steam, typed: s": Query(text="s", platform="Steam"),
        "1 to 2 EUR": Query(price_from=Decimal(1), price_to=Decimal(2)),
        "1.01 to 1.02 EUR, typed: s": Query(text="s", price_from=Decimal("1.01"), price_to=Decimal("1.02")),
        "gone": Query(standing=Standing.GONE),
        "gone, typed: s": Query(text="s", standing=Standing.GONE),
    }


async def _median(ask: Callable[[], Awaitable[object]], rounds: int) -> tuple[float, float]:
    """Milliseconds: the median and the worst."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), max(times)


async def _readings(reader: ProductsReader, rounds: int) -> None:
    print(f"\n{'milliseconds':<34}{'list':>8}{'worst':>8}{'count':>8}{'products':>10}")
    queries = _queries()
    categories = await reader.facet(Query(), Facet.CATEGORY)
    for each in (categories[0], categories[-1]):
        queries[f"category of {each.count:,}"] = Query(category=int(each.key))
        queries[f"category of {each.count:,}, typed: s"] = Query(text="s", category=int(each.key))
    for name, query in queries.items():
        median, worst = await _median(lambda query=query: reader.search(query, _ROWS), rounds)  # type: ignore[misc]
        counted, _ = await _median(lambda query=query: reader.count(query), 3)  # type: ignore[misc]
        total = await reader.count(query)
        print(f"{name:<34}{median:>8.1f}{worst:>8.1f}{counted:>8.1f}{total:>10,}")
    total = await reader.count(Query())
    for name, offset in (("page in the middle", total // 2), ("last page", total - _ROWS)):
        median, worst = await _median(lambda offset=offset: reader.search(Query(), _ROWS, offset), rounds)  # type: ignore[misc]
        print(f"{name:<34}{median:>8.1f}{worst:>8.1f}")
    for facet in Facet:
        median, worst = await _median(lambda facet=facet: reader.facet(Query(), facet), 3)  # type: ignore[misc]
        print(f"{f'list of every {facet}':<34}{median:>8.1f}{worst:>8.1f}")
    [line] = (await reader.search(replace(Query(), text="steam"), 1)).products
    median, worst = await _median(lambda: reader.product(line.product_id), rounds)
    print(f"{'one product':<34}{median:>8.1f}{worst:>8.1f}")


def _type(terminal: Terminal, keys: str, wanted: str) -> float:
    begun = time.perf_counter()
    terminal.press(keys)
    terminal.until(wanted)
    return (time.perf_counter() - begun) * 1000


async def _expected(path: Path, text: str) -> tuple[str, str]:
    """The beginning of the first name that a search shows, and how many products it finds."""
    database = await asyncio.to_thread(Database.open, path, is_only_writer=False)
    try:
        reader = ProductsReader(lambda: database)
        [first] = (await reader.search(Query(text=text), 1)).products
        return first.name[:_NAME_SHOWN], f"{await reader.count(Query(text=text)):,} found"
    finally:
        await database.close()


def key_to_screen(path: Path, rounds: int) -> Iterator[tuple[str, list[float], list[float]]]:
    """For each text, milliseconds from its last key to the list on the screen, and to the count, which takes longer.

    The terminal emulator's work is included.
    """
    expected = {text: asyncio.run(_expected(path, text)) for text in _TYPED_ON_SCREEN}
    everything, _ = asyncio.run(_expected(path, ""))
    environment = {"TERM": "xterm-256color", "LANG": "C.UTF-8", **environment_for("http://127.0.0.1:1")}
    with Terminal(["--home", str(path.parent)], environment, 120, 36) as terminal:
        terminal.until("active products")
        terminal.press("b")
        terminal.until(everything)
        for text, (first, counted) in expected.items():
            lists, counts = [], []
            for _ in range(rounds):
                terminal.press(text[:-1])
                terminal.until_settled()
                lists.append(_type(terminal, text[-1], first))
                terminal.until_settled()
                terminal.press("\x7f")
                terminal.until_settled()
                counts.append(_type(terminal, text[-1], counted))
                terminal.press("\x15")
                terminal.until(everything)
                terminal.until_settled()
            yield text, lists, counts


def _in_a_terminal(path: Path, rounds: int) -> None:
    print(f"\n{'key to screen, milliseconds':<34}{'list':>8}{'worst':>8}{'count':>8}")
    for text, lists, counts in key_to_screen(path, rounds):
        row = f"{statistics.median(lists):>8.1f}{max(lists):>8.1f}{statistics.median(counts):>8.1f}"
        print(f"{f'typed: {text}':<34}{row}")


async def _measure(location: Location, rounds: int) -> None:
    begun = time.perf_counter()
    database = await asyncio.to_thread(Database.open, location)
    print(f"opened and brought up to date in {time.perf_counter() - begun:.1f} s")
    try:
        await _readings(ProductsReader(lambda: database), rounds)
    finally:
        await database.close()


def main(words: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--database")
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("--skip-terminal", action="store_true")
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        location = _location(arguments.database or f"{folder}/catalog.db")
        if arguments.fill or not arguments.database:
            begun = time.perf_counter()
            asyncio.run(fill(location, arguments.products))
            print(f"filled in {time.perf_counter() - begun:.1f} s")
        asyncio.run(_measure(location, arguments.rounds))
        if isinstance(location, SqliteFile) and not arguments.skip_terminal:
            _in_a_terminal(location.path, arguments.rounds)


def _location(database: str) -> Location:
    return PostgresServer(SecretStr(database)) if "://" in database else SqliteFile(Path(database))


if __name__ == "__main__":
    main()
