"""What does not come, or is not there, is said in words, with the key that helps."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from msgspec.structs import replace

from console.operations.protocol import ReadOnly
from console.tui.link import Unanswered, ask
from console.tui.screens.products import ProductsScreen
from tests.tui.conftest import Open, Opened
from tests.tui.fake import FakeOperations
from tests.tui.fake_history import FakeHistory
from tests.tui.fake_products import FakeProducts, lines
from tests.tui.scenes import blocked, idle, never_ran, no_credentials
from tests.tui.scenes_history import empty, years

_GONE = "The database cannot be read: disk I/O error."


def histories() -> tuple[FakeOperations, Callable[[], None]]:
    operations = years()
    told = operations.history
    assert isinstance(told, FakeHistory)
    told.refusal = _GONE

    def mend() -> None:
        told.refusal = None

    return operations, mend


def removals() -> tuple[FakeOperations, Callable[[], None]]:
    operations = blocked()
    operations.refusal = _GONE

    def mend() -> None:
        operations.refusal = None

    return operations, mend


def catalogue() -> tuple[FakeOperations, Callable[[], None]]:
    operations = idle()
    products = FakeProducts(catalogue=lines(30), refusal=_GONE)
    operations.products = products

    def mend() -> None:
        products.refusal = None

    return operations, mend


@pytest.mark.parametrize(
    ("scene", "keys", "then"),
    [
        (histories, ["h"], " of 412"),
        (removals, ["a"], "Approving removes"),
        (catalogue, ["b"], "Baldur"),
    ],
)
async def test_a_question_that_failed_says_why_and_is_asked_again_with_the_key_in_the_footer(
    opened: Open, scene: Callable[[], tuple[FakeOperations, Callable[[], None]]], keys: list[str], then: str
) -> None:
    operations, mend = scene()
    async with opened(operations) as console:
        await console.press(*keys)
        await console.shows(f"{_GONE} Ctrl+R asks again.")
        await console.shows("Ctrl+R ask again")
        mend()
        await console.press("ctrl+r")
        await console.shows(then)
        await console.until(lambda: "Ctrl+R" not in console.text)


async def test_a_product_that_did_not_come_is_asked_for_again(opened: Open) -> None:
    operations, mend = catalogue()
    mend()
    async with opened(operations) as console:
        await console.press("b")
        screen = console.app.screen
        assert isinstance(screen, ProductsScreen)
        await console.until(lambda: screen.frame.list.chosen)
        products = operations.products
        assert isinstance(products, FakeProducts)
        products.refusal = _GONE
        await console.press("down", "enter")
        await console.shows(f"{_GONE} Ctrl+R asks again.")
        mend()
        await console.press("ctrl+r")
        await console.shows("categories      Games, RPG")
        await console.press("G")
        await console.shows("lines 26 to 46 of 46")


async def test_a_question_that_is_never_answered_is_given_up_in_words() -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Unanswered, match=r"no answer within 0\.01 seconds"):
        await ask(never(), seconds=0.01)


async def test_what_fails_with_a_timeout_of_its_own_is_no_lack_of_patience() -> None:
    async def fails() -> None:
        raise TimeoutError("the socket")

    with pytest.raises(Unanswered, match="TimeoutError: the socket"):
        await ask(fails())


def watching() -> FakeOperations:
    operations = empty()
    operations.told = replace(operations.told, read_only=ReadOnly(holder=None))
    return operations


def unsigned() -> FakeOperations:
    operations = no_credentials()
    operations.history = FakeHistory()
    return operations


async def close_dialog(console: Opened) -> None:
    await console.press("escape")


async def nothing(_: Opened) -> None:
    """There is no dialog."""


@pytest.mark.parametrize(
    ("scene", "before", "said"),
    [
        (empty, nothing, "Esc goes back; there s starts the first sync."),
        (watching, nothing, "A sync can be started where the engine runs."),
        (unsigned, close_dialog, "Esc goes back; there i signs in, so that a sync can run."),
    ],
)
async def test_an_empty_history_says_how_the_first_run_comes_about_here(
    opened: Open, scene: Callable[[], FakeOperations], before: Callable[[Opened], Awaitable[None]], said: str
) -> None:
    async with opened(scene(), size=(100, 30)) as console:
        await before(console)
        await console.press("h")
        await console.shows(said)
        await console.shows("No run to chart.")


async def test_the_main_screen_before_the_first_sync_says_what_to_press(opened: Open) -> None:
    async with opened(never_ran()) as console:
        await console.shows("Press s to fetch the catalogue now")


async def test_a_picture_that_cannot_be_renewed_is_called_old(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        operations.snapshots_until_error = 0
        operations.tell(lost=True)
        await console.shows("What is shown may be old")
