"""Reading the log back: page by page through the rotated files, whatever becomes of them meanwhile."""

import asyncio
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.operations import log_blocks, logbook_reader
from console.operations.log_context import Context
from console.operations.logbook import Entry, Level, LogBook, LogQuery, Place
from console.operations.logbook_reader import LogBookReader
from tests.clock import FakeClock

START = datetime(2026, 11, 23, 2, tzinfo=UTC)
ALL = LogQuery()


def at(number: int) -> datetime:
    return START + timedelta(milliseconds=number * 10)


def head(number: int, level: str = "INFO") -> str:
    return f"{at(number):%Y-%m-%d %H:%M:%S},{at(number).microsecond // 1000:03} - scheduler - {level} - "


def record(number: int, message: str | None = None, level: str = "INFO") -> str:
    return f"{head(number, level)}{message or f'record {number}'}\n"


def messages(entries: tuple[Entry, ...] | list[Entry]) -> list[str]:
    return [entry.line.message for entry in entries]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log is."""
    return tmp_path / "sync.log"


def write(path: Path, *files: list[str]) -> None:
    """The files of a log, oldest first; the last has the log's own name."""
    for number, records in enumerate(reversed(files)):
        (path.with_name(f"{path.name}.{number}") if number else path).write_text("".join(records))


def append(path: Path, text: str | bytes) -> None:
    with path.open("ab") as file:
        file.write(text.encode() if isinstance(text, str) else text)


def content(path: Path) -> str:
    return path.read_text()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def rotate(path: Path) -> None:
    """Move each file on by one number."""
    numbers = sorted((int(each.suffix[1:]) for each in path.parent.glob("sync.log.*")), reverse=True)
    for number in numbers:
        path.with_name(f"{path.name}.{number}").rename(path.with_name(f"{path.name}.{number + 1}"))
    path.rename(path.with_name(f"{path.name}.1"))


def book(path: Path) -> LogBookReader:
    return LogBookReader(path, FakeClock(START, by_hand=True))


async def back(log: LogBook, query: LogQuery = ALL, count: int = 3) -> list[Entry]:
    """Everything, read from the end."""
    entries: list[Entry] = []
    while True:
        page = await log.earlier(query, entries[0].place if entries else None, count)
        entries = [*page.entries, *entries]
        if page.is_end:
            return entries


async def forth(log: LogBook, query: LogQuery = ALL, count: int = 3) -> list[Entry]:
    """Everything, read from the beginning."""
    entries: list[Entry] = []
    while True:
        page = await log.later(query, entries[-1].end if entries else None, count)
        entries += page.entries
        if page.is_end:
            return entries


async def test_pages_go_on_through_the_rotated_files_in_both_directions(path: Path) -> None:
    write(path, [record(0), record(1)], [record(number) for number in range(2, 12)], [record(12)])
    expected = [f"record {number}" for number in range(13)]
    assert messages(await back(book(path))) == expected
    assert messages(await forth(book(path))) == expected


async def test_the_tenth_file_is_older_than_the_second(path: Path) -> None:
    write(path, *([record(number)] for number in range(12)))
    assert messages(await back(book(path))) == [f"record {number}" for number in range(12)]


async def test_lines_below_a_record_belong_to_it(path: Path) -> None:
    write(path, [record(0, "=== FAILED ===\nDuration: 1\nTraceback:\n  line - INFO - x"), record(1)])
    assert messages(await back(book(path))) == [
        "=== FAILED ===\nDuration: 1\nTraceback:\n  line - INFO - x",
        "record 1",
    ]


async def test_a_place_survives_a_rotation_in_between(path: Path) -> None:
    write(path, [record(number) for number in range(10)])
    log = book(path)
    newest = await log.earlier(ALL, None, 3)
    rotate(path)
    append(path, record(10))
    assert messages((await log.earlier(ALL, newest.entries[0].place, 3)).entries) == [
        "record 4",
        "record 5",
        "record 6",
    ]
    assert messages((await log.later(ALL, newest.entries[-1].end, 9)).entries) == ["record 10"]


async def test_a_new_file_with_the_number_of_a_deleted_one_is_not_taken_for_it(path: Path) -> None:
    write(path, [record(number) for number in range(10)])
    log = book(path)
    place = (await log.earlier(ALL, None, 1)).entries[0].place
    stolen = Place(type(place.file)(place.file.device, place.file.inode, b"2020-01-01 00:00:00,000"), place.offset)
    page = await log.earlier(ALL, stolen, 3)
    assert (page.entries, page.is_end) == ((), True)


async def test_when_the_oldest_file_is_deleted_reading_goes_on_with_what_is_left(path: Path) -> None:
    write(path, [record(0), record(1)], [record(2)], [record(3)])
    log = book(path)
    first = await log.later(ALL, None, 1)
    path.with_name("sync.log.2").unlink()
    assert messages((await log.later(ALL, first.entries[-1].end, 9)).entries) == ["record 2", "record 3"]
    lost = await log.earlier(ALL, first.entries[0].place, 9)
    assert lost.is_end
    assert lost.is_end


async def test_without_any_file_there_is_nothing(path: Path) -> None:
    log = book(path / "no" / "such")
    assert (await log.earlier(ALL, None, 9)).is_end
    assert (await log.later(ALL, None, 9)).is_end
    assert await log.at(START) is None


async def test_a_cut_off_first_line_and_broken_bytes_are_survived(path: Path) -> None:
    append(path, b"nd of a line\n" + record(0).encode() + head(1).encode() + b"\xff\xfe \x1b]52;c;x\x07\n\x00\n")
    assert messages(await back(book(path))) == ["record 0", "�� ␛]52;c;x␇\n␀"]


async def test_a_record_of_megabytes_is_told_from_its_beginning_and_the_next_is_found(path: Path) -> None:
    write(path, [record(0, "x" * 3_000_000), record(1), record(2, "y\n" * 400_000), record(3)])
    for read in (back, forth):
        told = messages(await read(book(path)))
        assert [each[:8] for each in told] == ["xxxxxxxx", "record 1", "y\ny\ny\ny\n", "record 3"]
        assert max(map(len, told)) < 2 * log_blocks.RECORD_BYTES
        assert told[0].endswith("see the file)")


async def test_only_the_wanted_levels_are_told(path: Path) -> None:
    names = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    write(path, [record(number, level=names[number % 5]) for number in range(20)])
    serious = LogQuery(level=Level.ERROR)
    expected = [f"record {number}" for number in range(20) if number % 5 >= 3]
    assert messages(await back(book(path), serious)) == messages(await forth(book(path), serious)) == expected


@pytest.mark.parametrize(
    ("words", "found"), [("record 7", True), ("RECORD", False), ("rEcord", False), ("record", True)]
)
async def test_small_letters_match_any_case_and_capitals_match_themselves(path: Path, words: str, found: bool) -> None:
    write(path, [record(number) for number in range(10)], [record(10, "Record of another kind")])
    page = await book(path).earlier(LogQuery(words=words), None, 1)
    assert bool(page.entries) is found


@given(
    lengths=st.lists(st.integers(0, 12), min_size=1, max_size=5),
    block=st.integers(1, 400),
    count=st.integers(1, 7),
    lines=st.integers(0, 3),
)
@settings(deadline=None, max_examples=60)
def test_pages_joined_are_the_records_of_the_files_wherever_they_were_rotated(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], block: int, count: int, lines: int
) -> None:
    path = tmp_path_factory.mktemp("log") / "sync.log"
    numbers = iter(range(1_000))
    texts = ["\n".join(["é" * (number % 50), *["more"] * (number % (lines + 1))]) for number in range(100)]
    files = [
        [record(number, texts[number] or "-") for number, _ in zip(numbers, range(length), strict=False)]
        for length in lengths
    ]
    write(path, *files)
    expected = [each.removesuffix("\n").partition(" - INFO - ")[2] for file in files for each in file]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_blocks, "_SMALLEST", block)
        patch.setattr(log_blocks, "_LARGEST", block)
        assert messages(asyncio.run(back(book(path), count=count))) == expected
        assert messages(asyncio.run(forth(book(path), count=count))) == expected


@given(st.lists(st.booleans(), max_size=40), st.integers(0, 3), st.integers(1, 5))
@settings(deadline=None, max_examples=60)
def test_pages_of_matches_with_context_join_to_what_one_long_page_would_be(
    tmp_path_factory: pytest.TempPathFactory, matches: list[bool], around: int, count: int
) -> None:
    path = tmp_path_factory.mktemp("log") / "sync.log"
    write(path, [record(number, f"{'needle' if hit else 'hay'} {number}") for number, hit in enumerate(matches)])
    near = [
        number
        for number in range(len(matches))
        if any(matches[each] for each in range(max(number - around, 0), min(number + around + 1, len(matches))))
    ]
    query = LogQuery(words="needle", context=around)

    async def joined() -> list[str]:
        entries: list[Entry] = []
        while True:
            since = next((at for at, each in enumerate(entries) if each.is_match), 0)
            owed = around - since if entries else 0
            page = await book(path).earlier(query, entries[0].place if entries else None, count, owed)
            entries = [*page.entries, *entries]
            if page.is_end:
                return messages(entries)

    assert [int(each.split()[1]) for each in asyncio.run(joined())] == near


async def test_what_stands_around_a_match_knows_its_own_file(path: Path) -> None:
    write(path, [record(0), record(1)], [record(2, "needle"), record(3)])
    log, query = book(path), LogQuery(words="needle", context=1)
    page = await log.later(query, None, 9)
    assert messages(page.entries) == ["record 1", "needle", "record 3"]
    for entry in page.entries:
        assert (await log.later(ALL, entry.place, 1)).entries[0].line == entry.line


async def test_what_is_written_later_is_read_from_where_the_last_page_ended(path: Path) -> None:
    log, query = book(path), LogQuery(words="needle", context=2)
    write(path, [record(0, "needle"), *(record(number) for number in range(1, 6))])
    page = await log.earlier(query, None, 9)
    assert page.begun
    assert (await log.later(query, page.begun, 9)).entries == ()
    page = await log.later(query, None, 9)
    rotate(path)
    write(path, [record(6, "needle")])
    append(path.with_name("sync.log.1"), "")
    page = await log.later(query, page.reached, 9)
    assert messages(page.entries) == ["record 4", "record 5", "needle"]


def test_what_is_left_out_between_matches_is_known() -> None:
    context = Context[int](1)
    kept = [each for number in range(12) for each in context.push(number, is_match=number in (0, 2, 8))]
    assert [each.record for each in kept] == [0, 1, 2, 3, 7, 8, 9]
    assert [each.record for each in kept if each.is_after_gap] == [7]


async def test_a_time_is_found_wherever_it_is(path: Path) -> None:
    files = [[record(number, "x" * 900) for number in range(first, first + 200)] for first in range(0, 1_000, 200)]
    write(path, *files)
    log = book(path)
    for number in (0, 1, 199, 200, 555, 999):
        place = await log.at(at(number))
        page = await log.later(ALL, place, 1)
        assert page.entries[0].line.at == at(number)
        between = await log.later(ALL, await log.at(at(number) - timedelta(milliseconds=5)), 1)
        assert between.entries[0].line.at == at(number)
    assert (await log.later(ALL, await log.at(at(5_000)), 1)).entries == ()
    assert (await log.later(ALL, await log.at(at(-5_000)), 1)).entries[0].line.at == at(0)


async def test_the_records_between_two_times_are_told_and_no_others(path: Path) -> None:
    write(path, [record(number) for number in range(50)], [record(number) for number in range(50, 100)])
    span = LogQuery(since=at(45) + timedelta(microseconds=400), until=at(55))
    expected = [f"record {number}" for number in range(45, 56)]
    assert messages(await back(book(path), span)) == messages(await forth(book(path), span)) == expected


async def test_a_search_can_be_given_up_and_tells_how_far_it_is(path: Path) -> None:
    write(path, *([record(number, "x" * 3_000) for number in range(3_000)] for _ in range(3)))
    shares: list[float] = []
    several = asyncio.Event()

    def told(share: float) -> None:
        shares.append(share)
        if len(shares) == 3:
            several.set()

    searching = asyncio.create_task(book(path).earlier(LogQuery(words="nowhere"), None, 1, told=told))
    await several.wait()
    searching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await searching
    assert shares == sorted(shares, reverse=True)
    assert 0 <= shares[-1] < shares[0] <= 1


async def test_what_is_wanted_is_saved_for_its_owner_alone(path: Path) -> None:
    write(path, [record(0, "a\nb", "ERROR"), record(1)], [record(2, level="ERROR")])
    saved = await book(path).save(LogQuery(level=Level.ERROR))
    file = Path(saved.path)
    assert content(file) == record(0, "a\nb", "ERROR") + record(2, level="ERROR")
    assert mode(file) == 0o600
    assert (saved.records, saved.is_whole, file.name) == (2, True, "excerpt-20261123-020000.log")
    assert (await book(path).save(LogQuery())).path.endswith("excerpt-20261123-020000-2.log")


async def test_of_too_much_the_newest_is_saved_and_that_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path, [record(number) for number in range(100)])
    monkeypatch.setattr(logbook_reader, "_SAVED_BYTES", 5 * len(record(50)))
    saved = await book(path).save(LogQuery())
    assert not saved.is_whole
    assert content(Path(saved.path)) == "".join(record(number) for number in range(95, 100))
