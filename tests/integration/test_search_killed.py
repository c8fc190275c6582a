"""Whatever kills the process, what can be found is what is stored: the index is written with the products."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from console.search import Query
from console.store.checkup import check_up
from console.store.database import Database
from console.store.search import count, unindexed
from console.store.search_index import index_noted

ROOT = Path(__file__).resolve().parents[2]

WRITES = """
import asyncio, sys
from pathlib import Path
from console.store.database import Database
from console.store.search_index import index_noted
from tests.unit.store.conftest import Shop, doc

async def main():
    shop = Shop(Database.open(Path(sys.argv[1])))
    is_first = sys.argv[2] == "first"
    run_id = await shop.begin_run()
    for page in range(1, 10_000):
        await shop.put(run_id, *(doc(f"{page:05}{at:03}") for at in range(20)), page=page, record_new=not is_first)
        await shop.database.write(index_noted, 33)
        if page > 5:
            run = await shop.begin_run()
            await shop.put(run, doc(f"{page - 5:05}000", name=f"Renamed {page}"), page=page)
            run_id = await shop.begin_run()
        print(page, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("kind", ["first", "later"])
@pytest.mark.parametrize("pages", [1, 13, 40])
def test_after_kill_9_in_the_middle_of_writing_the_index_is_in_step(tmp_path: Path, kind: str, pages: int) -> None:
    path = tmp_path / "catalog.db"
    command = [sys.executable, "-c", WRITES, str(path), kind]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for _ in range(pages):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    checked = check_up(path)
    assert (checked.damage, checked.strays) == (None, 0)
    asyncio.run(_finish(path))
    assert check_up(path).strays == 0


async def _finish(path: Path) -> None:
    """What the next start does: all that is stored can be found."""
    database = Database.open(path)
    try:
        while await database.write(index_noted, 500):
            pass
        stored = await database.read(
            lambda connection: connection.exec_driver_sql("SELECT count(*) FROM products").scalar_one()
        )
        assert await database.read(unindexed) == 0
        assert await database.read(count, Query()) == stored
        assert await database.read(count, Query(text="game ren")) + await database.read(count, Query(text="game")) > 0
    finally:
        await database.close()
