"""Products are found as one types, filtered by keys, and shown in full; nothing that is overtaken is ever shown."""

import asyncio

import pytest
from msgspec.structs import replace
from textual.binding import Binding
from textual.events import Paste

from console.operations.events import CatalogueChanged
from console.operations.products import Found, Query
from console.text import clean
from console.tui.actions import enabled
from console.tui.actions.products import ACTIONS, SHEET_ACTIONS
from console.tui.dialogs.pick import PickDialog
from console.tui.dialogs.price_range import PriceRangeDialog
from console.tui.screens.main import MainScreen
from console.tui.screens.product import ProductScreen
from console.tui.screens.products import ProductsScreen, ProductsSituation
from console.tui.state.page_cache import PAGE
from console.tui.state.product_list import ProductList
from tests.tui.conftest import Open, Opened
from tests.tui.fake import FakeOperations
from tests.tui.fake_products import FakeProducts, lines
from tests.tui.scenes import idle, succeeded
from tests.tui.test_hostile_text import HOSTILE, visible


def stocked(count: int = 1_000) -> tuple[FakeOperations, FakeProducts]:
    """An engine with so many products."""
    operations, products = idle(), FakeProducts(lines(count))
    operations.products = products
    return operations, products


def screen_of(console: Opened) -> ProductsScreen:
    """The screen on which products are looked for."""
    screen = console.app.screen_stack[1]
    assert isinstance(screen, ProductsScreen)
    return screen


def focused_in(screen: ProductsScreen) -> str | None:
    """Where keys go."""
    return screen.focused.id if screen.focused else None


async def browse(console: Opened) -> ProductsScreen:
    """Open it, and wait until all products are counted."""
    await console.press("b")
    screen = screen_of(console)
    await console.until(lambda: screen.frame.list.total is not None, "a count")
    await console.pilot.pause()
    return screen


async def test_typing_searches_at_once_and_marks_nothing_else(opened: Open) -> None:
    operations, products = stocked()
    async with opened(operations) as console:
        screen = await browse(console)
        assert "917 found" in console.text
        await console.press(*"wild wit")
        await console.shows("The Witcher 3: Wild Hunt")
        await console.until(lambda: screen.frame.list.total == 125)
        assert "Baldur" not in console.text
        assert "search 'wild wit' 0" in products.asked
        await console.press(*"zzz")
        await console.shows("Nothing is found for 'wild witzzz'.")


async def test_a_late_answer_to_what_was_typed_before_is_never_shown(opened: Open) -> None:
    operations, products = stocked()
    products.held["b"] = asyncio.Event()
    async with opened(operations) as console:
        screen = await browse(console)
        await console.press("b")
        await console.until(lambda: "search 'b' 0" in products.asked)
        await console.press("backspace", *"xbox")
        await console.until(lambda: screen.frame.list.is_fresh and screen.frame.list.query.text == "xbox")
        products.held["b"].set()
        await console.pilot.pause()
        await console.pilot.pause()
        assert "Xbox Game Pass" in console.text
        assert "Baldur" not in console.text


async def test_down_or_enter_go_to_the_list_and_slash_or_up_back(opened: Open) -> None:
    async with opened(stocked()[0]) as console:
        screen = await browse(console)
        for into, back in (("down", "slash"), ("enter", "up"), ("tab", "tab")):
            assert focused_in(screen) == "words"
            await console.press(into)
            assert focused_in(screen) == "products"
            await console.press(back)
        assert focused_in(screen) == "words"
        await console.press(*"q/p?:")
        assert screen.input.value == "q/p?:", "where one types, letters are letters"
        await console.press("escape")
        assert console.is_open(MainScreen)


async def test_pages_are_fetched_as_they_come_into_sight_and_the_end_is_one_key_away(opened: Open) -> None:
    operations, products = stocked()
    async with opened(operations) as console:
        screen = await browse(console)
        assert [asked for asked in products.asked if asked.startswith("search")] == ["search '' 0"]
        await console.press("down", "G")
        await console.until(lambda: screen.frame.list.chosen is not None)
        await console.shows("917 of 917")
        assert [asked for asked in products.asked if asked.startswith("search")] == ["search '' 0", "search '' 800"]
        await console.press("g")
        await console.shows("1 of 917")


async def test_filters_are_picked_from_lists_with_counts_and_shown_as_chips(opened: Open) -> None:
    async with opened(stocked()[0]) as console:
        screen = await browse(console)
        await console.press("down", "p")
        await console.until(lambda: console.is_open(PickDialog))
        await console.shows("Ubisoft Connect")
        await console.press(*"gog", "enter")
        await console.until(lambda: screen.frame.list.query.platform == "GOG.COM")
        await console.shows("p GOG.COM")
        await console.press("a")
        await console.shows("a gone")
        await console.press("a", "o", "m")
        assert console.is_open(PriceRangeDialog)
        await console.press(*"9.5", "down", *"4", "enter")
        assert "must not be above" in console.text
        await console.press("backspace", *"40,5", "enter")
        await console.shows("m 9.50-40.50 EUR")
        await console.shows("o cheapest first")
        await console.press("x")
        await console.until(lambda: screen.frame.list.query == Query())
        await console.until(lambda: screen.frame.list.total == 917)


async def test_a_product_is_opened_with_its_fields_its_history_and_what_changed(opened: Open) -> None:
    async with opened(stocked()[0], (100, 60)) as console:
        await browse(console)
        await console.press(*"witcher", "enter", "enter")
        assert console.is_open(ProductScreen)
        await console.shows("CD PROJEKT RED")
        for words in (
            "price EUR  14.99 - 24.99",
            "reqprocessor: Intel i5",
            "pegi violence: yes",
            "images.example/2.jpg",
        ):
            assert words.replace("pegi violence", "pegi_violence") in console.text
        await console.press("G")
        await console.shows("run 41")
        await console.press("escape")
        assert console.is_open(ProductsScreen)


async def test_with_room_the_chosen_product_stands_beside_the_list_and_follows_the_cursor(opened: Open) -> None:
    async with opened(stocked()[0], (160, 45)) as console:
        screen = await browse(console)
        for _ in range(2):
            await console.press("down")
            chosen = screen.frame.list.chosen
            assert chosen is not None
            await console.until(
                lambda chosen=chosen: screen.sheet.product and screen.sheet.product.line == chosen  # type: ignore[misc]
            )


async def test_the_list_is_current_again_after_a_run(opened: Open) -> None:
    operations, products = stocked(100)
    async with opened(operations) as console:
        screen = await browse(console)
        products.catalogue = lines(200)
        operations.tell(CatalogueChanged(active_products=184, last_run=succeeded()))
        await console.until(lambda: screen.frame.list.total == 184)


async def test_what_a_run_changed_of_the_products_in_sight_is_shown_after_it(opened: Open) -> None:
    operations, products = stocked(100)
    async with opened(operations) as console:
        screen = await browse(console)
        before = screen.frame.list.visible(1)[0]
        assert before is not None
        products.catalogue = tuple(replace(each, qty=each.qty + 7_777) for each in products.catalogue)
        operations.tell(CatalogueChanged(active_products=91, last_run=succeeded()))
        await console.until(lambda: screen.frame.list.visible(1)[0] == replace(before, qty=before.qty + 7_777))


def test_what_is_in_sight_stays_there_until_its_successor_has_come() -> None:
    held, query = ProductList(), Query()
    held.look_for(query)
    held.take(query, 0, Found(products=lines(3), total=3))
    held.ask(20)
    held.renew()
    assert held.visible(3) == list(lines(3))
    assert held.ask(20) == [0]
    assert held.ask(20) == [], "told once"


async def test_what_cannot_be_told_is_said_and_asked_for_again_when_one_moves(opened: Open) -> None:
    operations, products = stocked()
    async with opened(operations) as console:
        await browse(console)
        products.refusal = "The database is locked [/b]."
        await console.press(*"xb")
        await console.shows("✗ The database is locked [/b].")
        products.refusal = None
        await console.press("down", "j")
        await console.shows("Xbox Game Pass")


async def test_an_empty_catalogue_says_what_to_do(opened: Open) -> None:
    operations = idle()
    operations.told = replace(operations.told, active_products=0)
    async with opened(operations) as console:
        await browse(console)
        assert "There is no product yet. Esc goes back; there s starts the first sync." in console.text


@pytest.mark.parametrize("size", [(80, 24), (160, 45), (40, 12), (20, 6), (1, 1)], ids=str)
async def test_every_key_works_at_every_size_and_escape_goes_back(opened: Open, size: tuple[int, int]) -> None:
    async with opened(stocked()[0], size) as console:
        await (browse(console) if size > (1, 1) else console.press("b"))
        await console.press(
            *"ga", "enter", "G", "pageup", "j", "k", "pagedown", "g", "a", "o", "y", "enter", "G", "escape"
        )
        await console.press("p", "escape", "m", "escape", "x", "question_mark", "escape", "escape")
        await console.until(lambda: console.is_open(MainScreen))


@pytest.mark.parametrize("value", HOSTILE)
async def test_names_are_literal(opened: Open, value: str) -> None:
    operations, products = stocked(30)
    text = clean(value)
    products.catalogue = tuple(replace(each, name=text, platform=text, region=text) for each in lines(30))
    async with opened(operations, (160, 45)) as console:
        screen = await browse(console)
        await console.shows(visible(value)[:12])
        await console.press("down", "p")
        await console.until(lambda: console.is_open(PickDialog))
        await console.press("escape", "enter", "escape")
        screen.input.post_message(Paste(value))
        await console.pilot.pause()
        assert console.app.is_running


def test_no_key_means_two_things_at_once() -> None:
    for typing in (True, False):
        now = ProductsSituation(
            connected=True, typing=typing, can_move=True, has_chosen=True, is_filtered=True, has_problem=True
        )
        pressed = [key for action in enabled(ACTIONS, now) for key in action.pressed]
        assert len(pressed) == len(set(pressed))


def test_every_action_has_a_method() -> None:
    for owner, actions in ((ProductsScreen, ACTIONS), (ProductScreen, SHEET_ACTIONS)):
        assert all(callable(getattr(owner, f"action_{action.id}")) for action in actions)
    for binding in (*PickDialog.BINDINGS, *PriceRangeDialog.BINDINGS):
        assert isinstance(binding, Binding)
        assert binding.id
        assert binding.tooltip


def test_of_300_000_products_only_those_around_what_is_seen_are_held() -> None:
    held, query = ProductList(), Query()
    held.look_for(query)
    assert held.ask(20) == [0]
    held.take(query, 0, Found(products=lines(1) * PAGE, total=300_000))
    for _ in range(100):
        held.move(PAGE, 20)
        for page in held.ask(20):
            held.take(query, page, Found(products=lines(1) * PAGE, total=300_000))
        assert None not in held.visible(20)
    assert sum(len(page) for page in held._pages._pages.values()) <= 10 * PAGE
    held.take(Query(text="late"), 0, Found(products=(), total=0))
    assert held.total == 300_000
