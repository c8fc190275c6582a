"""The verdict of a soak: what grows is named, what only moves is not."""

import msgspec
import pytest

from tests.soak.figures import MEBIBYTE, Figures, verdict

START = Figures(minute=0, runs=60, rss=94 * MEBIBYTE, descriptors=18, threads=6, wal=7, log=1_000_000, database=1)


def table(name: str, *values: int) -> list[Figures]:
    """Figures of which one moves so."""
    return [msgspec.structs.replace(START, minute=at, **{name: value}) for at, value in enumerate(values)]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("rss", [mib * MEBIBYTE for mib in (92, 97, 100, 103, 107, 110)]),  # the slope of a cache that fills, or a leak
        ("rss", [mib * MEBIBYTE for mib in (92, 99, 106)]),
        ("rss", [mib * MEBIBYTE for mib in (92, 103)]),
        ("descriptors", [18, 25, 32, 39, 46]),
        ("threads", [6, 8, 10, 12, 14]),
        ("wal", [7, 65 * MEBIBYTE, 7, 7]),
        ("log", [1_000_000, 5_000_000]),
    ],
)
def test_what_grows_is_named(name: str, values: list[int]) -> None:
    [problem] = verdict(table(name, *values))
    assert problem.startswith(name)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("rss", [mib * MEBIBYTE for mib in (91, 94, 94, 95, 94)]),
        ("descriptors", [18, 18, 18, 40, 18]),
        ("database", [1, 100, 10_000]),
    ],
)
def test_what_only_moves_or_may_grow_is_not(name: str, values: list[int]) -> None:
    assert verdict(table(name, *values)) == []
