"""Closing and opening the console brings back where one was: filters, orders, panes."""

from decimal import Decimal
from pathlib import Path

import pytest

from console.preferences import PreferenceKeeper, RunsShown
from console.search import Query, Sort, Standing
from console.tui.app import ConsoleApp
from console.tui.drawing.history_chart import Measure
from console.tui.screens.history import HistoryScreen
from console.tui.screens.products import ProductsScreen
from console.tui.state.remembered import history_filter, products_query, runs_shown
from console.tui.state.run_filter import ORIGINS, OUTCOMES, SPANS, HistoryFilter
from console.tui.state.situation import PaneName
from tests.clock import FakeClock
from tests.tui.conftest import Opened
from tests.tui.fake import NOW, FakeOperations
from tests.tui.scenes import idle
from tests.tui.scenes_history import years


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "console.json"


class Reopened:
    """A console on this file; leaving it waits until what was changed is written."""

    def __init__(self, path: Path, operations: FakeOperations, size: tuple[int, int] = (80, 24)) -> None:
        self._clock = FakeClock(NOW, by_hand=True)
        self._keeper = PreferenceKeeper(path)
        self._app = ConsoleApp(operations.connect, clock=self._clock, preferences=self._keeper)
        self._running = self._app.run_test(size=size, notifications=True)

    async def __aenter__(self) -> Opened:
        pilot = await self._running.__aenter__()
        console = Opened(self._app, pilot, self._clock)
        await console.until(lambda: self._app.main.model.snapshot is not None)
        await pilot.pause()
        return console

    async def __aexit__(self, *raised: object) -> None:
        await self._running.__aexit__(None, None, None)
        self._keeper.close()


def focused(console: Opened) -> PaneName | None:
    return console.main.situation.pane


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("span", SPANS)
def test_a_filter_of_the_history_comes_back_as_it_was_but_for_its_words(outcome: object, span: object) -> None:
    for origin in ORIGINS:
        chosen = HistoryFilter(outcome=outcome, origin=origin, person="bob", span=span, words="x")  # type: ignore[arg-type]
        assert runs_shown(history_filter(runs_shown(chosen))) == runs_shown(chosen)
        assert history_filter(runs_shown(chosen)).words == ""


def test_a_choice_that_is_not_known_any_more_is_no_filter() -> None:
    assert history_filter(RunsShown(outcome="lukewarm", origin="by moon", span="aeons")).is_empty


def test_what_stands_in_the_file_cannot_harm_the_screen_or_the_query() -> None:
    kept = Query(text="x", platform="\x1b]52;c;A\x07", price_from=Decimal("NaN"), price_to=Decimal("Infinity"))
    query = products_query(kept)
    assert query == Query(platform="␛]52;c;A␇")


async def test_the_filter_of_the_history_comes_back_says_so_and_goes_with_one_key(path: Path) -> None:
    async with Reopened(path, years()) as console:
        await console.press("h", "o", "2", "v")
        await console.shows("in trouble")
    async with Reopened(path, years()) as console:
        await console.press("h")
        await console.shows("The filter of the last time is in force: in trouble. x clears it.")
        screen = console.app.screen
        assert isinstance(screen, HistoryScreen)
        assert screen.chart.measure is Measure.PRODUCTS
        await console.until(lambda: screen.runs.list.total)
        await console.press("x")
        await console.until(lambda: screen.filter.is_empty)
    assert PreferenceKeeper(path).current.runs == RunsShown()


async def test_the_filters_of_the_products_come_back_say_so_and_go_with_one_key(path: Path) -> None:
    async with Reopened(path, idle()) as console:
        await console.press("b")
        first = console.app.screen
        assert isinstance(first, ProductsScreen)
        await console.until(lambda: first.frame.list.is_fresh)
        await console.press("down", "a", "o")
    assert PreferenceKeeper(path).current.products == Query(standing=Standing.GONE, sort=Sort.CHEAPEST)
    async with Reopened(path, idle()) as console:
        await console.press("b")
        await console.shows("The filters of the last time are in force")
        await console.shows("gone")
        screen = console.app.screen
        assert isinstance(screen, ProductsScreen)
        await console.press("ctrl+l")
        await console.until(lambda: screen.frame.list.query == Query())


async def test_prices_and_a_category_come_back(path: Path) -> None:
    keeper = PreferenceKeeper(path)
    keeper.change(products=Query(category=7, price_from=Decimal("1.50")), category="Games")
    keeper.close()
    kept = PreferenceKeeper(path).current
    assert (kept.products, kept.category) == (Query(category=7, price_from=Decimal("1.50")), "Games")


async def test_the_focused_pane_and_the_zoom_come_back(path: Path) -> None:
    async with Reopened(path, idle()) as console:
        assert focused(console) is PaneName.SYNC
        await console.press("tab", "z")
        assert focused(console) is PaneName.LOG
    async with Reopened(path, idle()) as console:
        assert focused(console) is PaneName.LOG
        assert console.main.situation.zoomed
        assert console.main.log_pane.size.height > 15
        await console.press("z")
        assert console.main.log_pane.size.height < 15
    async with Reopened(path, idle(), (40, 12)) as console:  # there is no room for the log here
        assert focused(console) is PaneName.SYNC
    async with Reopened(path, idle()) as console:
        assert focused(console) is PaneName.LOG
