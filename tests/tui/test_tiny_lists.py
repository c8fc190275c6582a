"""Lists of dialogs on a terminal that is too small for them."""

import pytest

from tests.tui.conftest import Open
from tests.tui.scenes import idle
from tests.tui.scenes_history import years

KEYS = ("pagedown", "pageup", "end", "home", "down", "up")


@pytest.mark.parametrize("opener", ["colon", "T"])
@pytest.mark.parametrize("size", [(1, 1), (2, 50), (200, 2), (20, 5)])
async def test_no_key_ends_the_console_where_a_list_has_no_room(
    opened: Open, opener: str, size: tuple[int, int]
) -> None:
    async with opened(idle()) as console:
        await console.press(opener)
        await console.pilot.resize_terminal(*size)
        await console.press(*KEYS)
        await console.press("x", *KEYS)
        await console.press("escape")
        await console.resize(80, 24)
        assert "Next run" in console.text


@pytest.mark.parametrize("opener", ["colon", "T"])
async def test_a_list_is_open_at_every_width_without_ending_the_console(opened: Open, opener: str) -> None:
    async with opened(idle()) as console:
        await console.press(opener)
        for width in range(1, 24):
            await console.resize(width, 10)
        await console.press("x")
        for width in range(24, 0, -1):
            await console.resize(width, 10)
        await console.resize(80, 24)
        await console.press("escape")
        assert console.text


@pytest.mark.parametrize("keys", [("h", "o"), ("b", "down", "p")])
async def test_a_list_to_choose_from_is_open_at_every_width(opened: Open, keys: tuple[str, ...]) -> None:
    async with opened(years()) as console:
        await console.press(*keys)
        for width in range(12, 0, -1):
            await console.resize(width, 10)
        await console.resize(80, 24)
        assert console.text
