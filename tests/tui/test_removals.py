"""A removal that a run was blocked from: looked at page by page, approved with a reason, and never by accident."""

import pytest
from msgspec.structs import replace
from textual.binding import Binding
from textual.events import MouseScrollDown, Paste

from console.operations.events import RunStarted
from console.operations.protocol import Removals
from console.run import RunKind, Trigger
from console.text import clean
from console.tui.actions.removals import ACTIONS
from console.tui.dialogs.approve import ApproveDialog
from console.tui.dialogs.help import HelpDialog
from console.tui.screens.main import MainScreen
from console.tui.screens.removals import RemovalsScreen
from console.tui.state.page_cache import PAGE
from console.tui.state.removal_list import RemovalList
from console.tui.widgets.text_input import TextInput
from tests.tui.conftest import Open, Opened
from tests.tui.fake import NOW, FakeOperations
from tests.tui.scenes import SCENES, blocked, removals
from tests.tui.test_hostile_text import HOSTILE, visible

SIZES = [(80, 24), (120, 36), (200, 60), (40, 12), (20, 6)]


def listing(console: Opened) -> RemovalList:
    """What the screen holds."""
    screen = console.app.screen_stack[1]
    assert isinstance(screen, RemovalsScreen)
    return screen.frame.list


def looks(operations: FakeOperations) -> list[str]:
    """The pages of the list that were asked for."""
    return [asked for asked in operations.asked if asked.startswith("removals")]


def approvals(operations: FakeOperations) -> list[str]:
    """What was approved."""
    return [asked for asked in operations.asked if asked.startswith("approve")]


async def review(console: Opened) -> None:
    """Open the list, and wait for its first page."""
    await console.press("a")
    assert console.is_open(RemovalsScreen)
    await console.until(lambda: listing(console).total is not None, "the list")
    await console.pilot.pause()


# -- looking -----------------------------------------------------------------------------------------------------------


async def test_the_screen_says_what_to_do_while_a_removal_is_blocked(opened: Open) -> None:
    async with opened(blocked()) as console:
        assert "Press a to review them" in console.text
        assert "a review removal" in console.text.splitlines()[-1]


@pytest.mark.parametrize("scene", [name for name in SCENES if name != "blocked"])
async def test_there_is_nothing_to_review_after_any_other_run(opened: Open, scene: str) -> None:
    operations = SCENES[scene]()
    async with opened(operations) as console:
        await console.press("escape", "a")
        assert console.is_open(MainScreen)
        assert not looks(operations)


async def test_a_run_that_has_begun_takes_the_review_away(opened: Open) -> None:
    operations = blocked()
    async with opened(operations) as console:
        operations.tell(
            RunStarted(run_id=42, kind=RunKind.FULL, trigger=Trigger.MANUAL, requested_by=None, started_at=NOW)
        )
        await console.shows("● Manual sync is running")
        await console.press("a")
        assert console.is_open(MainScreen)


async def test_the_list_says_why_what_approving_would_do_and_which_products_there_are(opened: Open) -> None:
    async with opened(blocked()) as console:
        await review(console)
        for words in (
            "What run 41 would remove",
            "4,312 of 15,416 active products (28.0 %) would be removed",
            "Approving removes 3,833 of 4,312 products; 479 seen since would stay.",
            "Assassin's Creed Valhalla (PC) - Ubisoft Connect Key - EUROPE",
            "1.99 EUR · 0 in stock · Ubisoft Connect · 10000000700000",
        ):
            assert words in console.text
        await console.resize(160, 45)
        row = next(line for line in console.text.splitlines() if "10000000700037" in line)
        assert [word for word in ("Ubisoft Connect  ", " 2.06 ", " 13 ") if word not in row] == []
        row = next(line for line in console.text.splitlines() if "10000000700296" in line)
        assert "✓ seen since" in row


async def test_products_are_fetched_by_200_as_they_come_into_sight_and_each_page_once(opened: Open) -> None:
    operations = blocked()
    async with opened(operations) as console:
        await review(console)
        assert looks(operations) == ["removals 41 200 0"]
        for _ in range(23):
            await console.press("pagedown")
        assert looks(operations) == ["removals 41 200 0"]
        await console.press("pagedown", "pagedown")
        await console.until(lambda: "removals 41 200 200" in operations.asked)
        await console.press("G")
        await console.until(lambda: "removals 41 200 4200" in operations.asked)
        await console.shows("4,305 to 4,312 of 4,312")
        await console.shows("10000000859507")
        assert len(looks(operations)) == 3, "nothing in between"
        await console.press("g")
        await console.shows("1 to 8 of 4,312")
        assert len(looks(operations)) == 3, "what is there is not asked for again"


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        (["j", "j", "k"], 2),
        (["down", "down", "up"], 2),
        (["pagedown"], 9),
        (["pagedown", "pagedown", "pageup"], 9),
        (["k", "pageup"], 1),
        (["G", "j", "pagedown"], 4_305),
        (["end", "home"], 1),
        (["G", "g"], 1),
    ],
)
async def test_the_list_moves_by_the_keys_of_the_main_screen(opened: Open, keys: list[str], first: int) -> None:
    async with opened(blocked()) as console:
        await review(console)
        await console.press(*keys)
        await console.shows(f" {first:,} to ")


async def test_the_list_scrolls_with_the_wheel(opened: Open) -> None:
    async with opened(blocked()) as console:
        await review(console)
        await console.pilot._post_mouse_events([MouseScrollDown], "#removals")
        await console.shows(" 4 to ")


def test_of_300_000_products_only_those_around_what_is_seen_are_held() -> None:
    held, product = RemovalList(), removals(1)[0]
    told = Removals(total=300_000, due=300_000, products=(product,) * PAGE)
    assert held.ask(20) == [0]
    held.take(0, told)
    for _ in range(100):
        held.scroll(PAGE, 20)
        for page in held.ask(20):
            held.take(page, told)
        assert None not in held.visible(20)
    assert sum(len(page) for page in held._pages._pages.values()) <= 10 * PAGE
    assert held.ask(20) == []
    held.scroll(-300_000, 20)
    assert held.ask(20) == [0], "what made room is fetched anew"


async def test_what_cannot_be_told_is_said_and_asked_for_again_when_the_operator_moves(opened: Open) -> None:
    operations = blocked()
    operations.refusal = "The database is locked [/b]."
    async with opened(operations) as console:
        await console.press("a")
        await console.shows("✗ The database is locked [/b].")
        await console.press("enter")
        assert console.is_open(RemovalsScreen), "nothing is approved that could not be seen"
        operations.refusal = None
        await console.press("j")
        await console.shows("Approving removes 3,833")
        assert "The database is locked" not in console.text


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_the_list_is_left_without_any_change(opened: Open, key: str) -> None:
    operations = blocked()
    async with opened(operations) as console:
        await review(console)
        await console.press(key)
        assert console.is_open(MainScreen)
        assert console.app.is_running
        assert not approvals(operations)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_list_fits_at_every_size(opened: Open, size: tuple[int, int]) -> None:
    async with opened(blocked(), size) as console:
        await review(console)
        await console.press("G", "pageup", "j", "question_mark", "escape", "g", "enter", "enter", "escape")
        assert console.is_open(RemovalsScreen)
        if size[0] >= 40:
            lines = console.text.splitlines()
            assert all(line[0] in "╭│╰" and line[-1] in "╮│╯" for line in lines[:-1]), console.text
            assert "Enter approve" in lines[-1]
            assert "Esc back" in lines[-1]


async def test_no_screen_is_too_small_to_leave_the_list_again(opened: Open) -> None:
    async with opened(blocked(), (1, 1)) as console:
        await console.press("a", "j", "G", "enter", "escape")
        assert console.is_open(MainScreen)


@pytest.mark.parametrize("count", [0, 1, 2])
async def test_few_products_or_none_are_told_as_what_they_are(opened: Open, count: int) -> None:
    operations = blocked()
    operations.removed = removals(count)
    async with opened(operations) as console:
        await review(console)
        assert {
            0: "This run kept no list of products",
            1: "Approving removes 1 product.",
            2: "Approving removes all 2 products.",
        }[count] in console.text


async def test_the_help_of_the_list_names_its_keys(opened: Open) -> None:
    async with opened(blocked()) as console:
        await review(console)
        await console.press("question_mark")
        assert console.is_open(HelpDialog)
        for action in (each for each in ACTIONS if each.keys):
            assert (action.help in console.text) is (action.id != "ask_again")  # all has come
        await console.press("escape")
        assert console.is_open(RemovalsScreen)


async def test_a_key_in_the_footer_of_the_list_can_be_clicked(opened: Open) -> None:
    async with opened(blocked()) as console:
        await review(console)
        at = console.text.splitlines()[-1].index("Enter approve")
        await console.pilot.click("#footer", offset=(at, 0))
        await console.until(lambda: console.is_open(ApproveDialog))


@pytest.mark.parametrize("owner", [RemovalsScreen, ApproveDialog])
def test_its_bindings_have_ids_and_tooltips(owner: type[RemovalsScreen] | type[ApproveDialog]) -> None:
    for binding in owner.BINDINGS:
        assert isinstance(binding, Binding)
        assert binding.id
        assert binding.tooltip


@pytest.mark.parametrize("value", HOSTILE)
async def test_a_product_name_is_literal(opened: Open, value: str) -> None:
    operations = blocked()
    text = clean(value)
    operations.removed = tuple(replace(each, name=text, platform=text, product_id=text) for each in removals(20))
    async with opened(operations) as console:
        await review(console)
        for size in ((80, 24), (160, 45)):
            await console.resize(*size)
            await console.shows(visible(value)[:12])
        await console.press("enter", *"x[/b]", "enter", "escape")
        assert console.app.is_running


# -- approving ---------------------------------------------------------------------------------------------------------


async def test_a_removal_is_approved_with_a_reason_and_by_no_default(opened: Open) -> None:
    operations = blocked()
    async with opened(operations) as console:
        await review(console)
        await console.press("enter")
        assert console.is_open(ApproveDialog)
        assert "Remove 3,833 products from the shop's catalogue" in console.text
        await console.press(*"G2A dropped them", "enter")
        assert console.choice == "Cancel"
        await console.press("enter")
        assert console.is_open(RemovalsScreen)
        assert not approvals(operations)
        await console.press("enter", *" G2A dropped them ", "enter", "right")
        assert console.choice == "Remove 3,833 products"
        await console.press("enter")
        await console.shows("3,833 products were removed from the catalogue.")
        assert approvals(operations) == ["approve 41 G2A dropped them"]
        assert console.is_open(MainScreen)
        await console.shows("✓ healthy")
        assert "⊘ blocked" not in console.text.splitlines()[1]
        await console.shows("alice approved the removal of 3,833 products: G2A dropped them")
        await console.press("a")
        assert console.is_open(MainScreen), "there is nothing to review any more"


@pytest.mark.parametrize("keys", [["enter"], ["space", "enter"], ["tab", "right", "enter"]])
async def test_without_a_reason_nothing_is_approved_and_the_dialog_says_what_to_do(
    opened: Open, keys: list[str]
) -> None:
    operations = blocked()
    async with opened(operations) as console:
        await review(console)
        await console.press("enter", *keys)
        assert console.is_open(ApproveDialog)
        assert "Say why: type a reason first." in console.text
        assert isinstance(console.app.screen.focused, TextInput), "there it can be typed at once"
        await console.press("x")
        assert "Say why" not in console.text
        await console.press("escape")
        assert console.is_open(RemovalsScreen)
        assert not approvals(operations)


async def test_an_approval_that_is_refused_says_why_and_the_run_stays_blocked(opened: Open) -> None:
    operations = blocked()
    async with opened(operations, (120, 36)) as console:
        await review(console)
        operations.refusal = "Run 42 is active [/b]: approve when it is over, or cancel it first."
        await console.press("enter", *"gone", "enter", "right", "enter")
        await console.shows("Run 42 is active [/b]: approve when it is over")
        assert "⊘ blocked" in console.text.splitlines()[1]


async def test_when_all_were_seen_since_approving_only_closes_the_run(opened: Open) -> None:
    operations = blocked()
    operations.removed = tuple(replace(each, is_due=False) for each in removals(3))
    async with opened(operations) as console:
        await review(console)
        assert "Approving removes nothing: all 3 products were seen since." in console.text
        await console.press("enter")
        assert "Nothing is left to remove" in console.text
        await console.press("x", "enter", "right")
        assert console.choice == "Close the run"


async def test_a_reason_that_is_pasted_is_cleaned_and_kept_within_bounds(opened: Open) -> None:
    operations = blocked()
    async with opened(operations) as console:
        await review(console)
        await console.press("enter")
        field = console.app.screen.focused
        assert isinstance(field, TextInput)
        field.post_message(Paste("\x1b]52;c;aGk=\x07gone\nfor good"))
        await console.until(lambda: field.value)
        assert field.value == "␛]52;c;aGk=␇gone⏎for good"
        field.post_message(Paste("x" * 1_000_000))
        await console.until(lambda: len(field.value) == 500)


async def test_an_approval_by_somebody_else_shows_at_once(opened: Open) -> None:
    operations = blocked()
    async with opened(operations) as console:
        await operations.approve(41, "looked at it")
        await console.shows("✓ healthy")
        assert "a review removal" not in console.text


async def test_the_way_out_works_from_the_list(opened: Open) -> None:
    async with opened(blocked()) as console:
        await review(console)
        await console.press("ctrl+q")
        assert not console.app.is_running
