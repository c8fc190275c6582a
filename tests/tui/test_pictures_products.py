"""Pictures of looking for products. After a wanted change: `--snapshot-update`, and look at every one that changed."""

import pytest
from msgspec.structs import replace

from console.tui.glyphs import ASCII
from tests.tui.conftest import console_app
from tests.tui.fake import FakeOperations
from tests.tui.fake_products import FakeProducts, lines
from tests.tui.scenes import idle
from tests.tui.test_pictures import Snap, by_size, then

SIZES = [(80, 24), (160, 45)]

STATES = {
    "everything": ["b"],
    "typed": ["b", *"witcher wi", "down", "j"],
    "nothing": ["b", *"zzz"],
    "gone": ["b", "down", "a", "j"],
    "pick": ["b", "down", "p"],
    "price": ["b", "down", "m", *"10"],
    "one": ["b", *"bald", "enter", "enter"],
    "changes": ["b", *"bald", "enter", "enter", "G"],
}


def stocked(count: int = 1_000) -> FakeOperations:
    """An engine with so many products."""
    operations = idle()
    operations.products = FakeProducts(lines(count))
    return operations


@pytest.mark.parametrize("size", SIZES, ids=by_size)
@pytest.mark.parametrize("state", STATES)
def test_picture_of_products(snap_compare: Snap, state: str, size: tuple[int, int]) -> None:
    assert snap_compare(console_app(stocked().connect), terminal_size=size, run_before=then(*STATES[state]))


@pytest.mark.parametrize("state", ["typed", "one"])
def test_picture_of_products_in_little_room_and_in_ascii(snap_compare: Snap, state: str) -> None:
    app = console_app(stocked().connect, glyphs=ASCII)
    assert snap_compare(app, terminal_size=(40, 12), run_before=then(*STATES[state]))


def test_picture_of_an_empty_catalogue(snap_compare: Snap) -> None:
    operations = stocked(0)
    operations.told = replace(operations.told, active_products=0)
    assert snap_compare(console_app(operations.connect), run_before=then("b"))
