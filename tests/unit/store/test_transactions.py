"""A transaction is all or nothing, sees one state of the database, and comes one after the other; on both alike."""

import asyncio
import threading

import pytest
from sqlalchemy import Connection

from console.store.database import Database
from console.store.errors import StoreError
from console.store.location import Location
from tests.unit.store.conftest import add_category, plain_engine, select


async def test_what_fails_half_way_leaves_nothing_and_the_next_works(database: Database) -> None:
    def half(connection: Connection) -> None:
        add_category(connection, 1)
        raise LookupError("a fault of ours")

    with pytest.raises(LookupError):
        await database.write(half)
    assert await database.read(select, "SELECT * FROM categories") == []
    assert await database.write(add_category, 2) == 2
    assert await database.read(select, "SELECT id FROM categories") == [(2,)]


async def test_what_the_database_refuses_leaves_nothing_and_is_told_plainly(database: Database) -> None:
    def twice(connection: Connection) -> None:
        add_category(connection, 1, "secret name")
        add_category(connection, 1, "secret name")

    with pytest.raises(StoreError) as refusal:
        await database.write(twice)
    assert str(refusal.value) in (
        "The database refused: UNIQUE constraint failed: categories.id.",
        'The database refused: duplicate key value violates unique constraint "categories_pkey".',
    )
    assert await database.read(select, "SELECT * FROM categories") == []


async def test_tables_are_made_in_the_transaction_as_everything_else(database: Database) -> None:
    def half(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half_made (x INTEGER)")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(half)
    with pytest.raises(StoreError, match="half_made"):
        await database.read(select, "SELECT * FROM half_made")


async def test_a_reader_sees_one_state_while_somebody_writes(database: Database) -> None:
    seen, go_on = threading.Event(), threading.Event()

    def look_twice(connection: Connection) -> tuple[int, int]:
        first = len(select(connection, "SELECT * FROM categories"))
        seen.set()
        assert go_on.wait(20)
        return first, len(select(connection, "SELECT * FROM categories"))

    looking = asyncio.create_task(database.read(look_twice))
    await asyncio.to_thread(seen.wait, 20)
    await database.write(add_category, 1)
    go_on.set()
    assert await looking == (0, 0)
    assert len(await database.read(select, "SELECT * FROM categories")) == 1


async def test_writes_come_one_after_the_other_in_their_order(database: Database) -> None:
    numbers = list(range(50))
    done: list[int] = []

    def note(connection: Connection, number: int) -> int:
        done.append(number)
        return add_category(connection, number)

    assert await asyncio.gather(*(database.write(note, number) for number in numbers)) == numbers
    assert done == numbers
    assert await database.read(select, "SELECT count(*) FROM categories") == [(50,)]


async def test_a_write_that_has_begun_is_carried_to_its_end_though_its_caller_is_cancelled(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(connection: Connection) -> None:
        begun.set()
        assert go_on.wait(20)
        add_category(connection, 1)

    writing = asyncio.create_task(database.write(slowly))
    await asyncio.to_thread(begun.wait, 20)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    go_on.set()
    await database.write(add_category, 2)
    assert await database.read(select, "SELECT id FROM categories") == [(1,), (2,)]


async def test_what_cannot_write_does_not(database: Database) -> None:
    with pytest.raises(StoreError, match="the database is read-only"):
        await database.read(add_category, 1)
    assert await database.read(select, "SELECT * FROM categories") == []


async def test_a_product_and_its_category_must_be_there_to_belong_together(database: Database) -> None:
    def orphan(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO product_categories (product_id, category_id) VALUES ('1', 1)")

    with pytest.raises(StoreError, match=r"(?i)foreign key constraint"):
        await database.write(orphan)


async def test_what_one_process_reads_to_write_no_other_writes_meanwhile(location: Location) -> None:
    one, other = Database.open(location), Database.open(location, is_only_writer=False)
    has_read, go_on = threading.Event(), threading.Event()

    def count_up(connection: Connection, wait: bool) -> None:
        [(count,)] = select(connection, "SELECT count(*) FROM categories")
        if wait:
            has_read.set()
            assert go_on.wait(20)
        add_category(connection, count + 1)

    first = asyncio.create_task(one.write(count_up, True))
    await asyncio.to_thread(has_read.wait, 20)
    second = asyncio.create_task(other.write(count_up, False))
    assert await one.read(select, "SELECT * FROM categories") == [], "and whoever reads is not held up"
    go_on.set()
    await asyncio.gather(first, second)
    assert await one.read(select, "SELECT id FROM categories ORDER BY id") == [(1,), (2,)]
    await one.close()
    await other.close()


async def test_a_second_program_reads_whole_transactions_and_is_in_nobodys_way(database: Database) -> None:
    seen: list[int] = []

    def write_and_look(connection: Connection) -> None:
        add_category(connection, 1)
        with plain_engine(database.location).connect() as second:
            seen.append(second.exec_driver_sql("SELECT count(*) FROM categories").scalar_one())
        add_category(connection, 2)

    await database.write(write_and_look)
    with plain_engine(database.location).connect() as second:
        seen.append(second.exec_driver_sql("SELECT count(*) FROM categories").scalar_one())
    assert seen == [0, 2]


async def test_closing_waits_for_what_is_being_written_and_may_be_done_twice(location: Location) -> None:
    database = Database.open(location)
    writing = [asyncio.create_task(database.write(add_category, number)) for number in range(20)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writing)
    await database.close()
    with plain_engine(location).connect() as look:
        assert look.exec_driver_sql("SELECT count(*) FROM categories").scalar_one() == 20
