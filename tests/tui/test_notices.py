"""Notices: one at a time, where they cover nothing that is needed, and kept for whoever comes back."""

from datetime import timedelta

import pytest
from textual.geometry import Region, Size

from console.tui.dialogs.confirm import Confirm
from console.tui.drawing import notice as drawing
from console.tui.drawing.line import text, width
from console.tui.drawing.look import Look
from console.tui.drawing.place import place
from console.tui.glyphs import ASCII, UNICODE
from console.tui.screens.main import MainScreen
from console.tui.screens.notices import NoticesScreen
from console.tui.state.notices import NOTICES_KEPT, Notice, Notices, Severity
from console.tui.widgets.bars import Footer
from console.tui.widgets.notice_box import NoticeBox
from tests.tui.conftest import Open, Opened
from tests.tui.fake import NOW
from tests.tui.scenes import idle


def notice(words: str, severity: Severity = Severity.TOLD) -> Notice:
    return Notice(words=words, severity=severity, at=NOW)


def shown(notices: Notices) -> str | None:
    return notices.shown.words if notices.shown else None


# -- which one is shown --------------------------------------------------------------------------------------------


def test_a_notice_goes_by_itself_after_its_seconds() -> None:
    notices = Notices()
    notices.tell(notice("copied"), 3, 100)
    notices.tick(102.9)
    assert shown(notices) == "copied"
    notices.tick(103)
    assert shown(notices) is None


def test_an_error_stays_until_a_key_shows_that_somebody_is_there() -> None:
    notices = Notices()
    notices.tell(notice("refused", Severity.ERROR), 3, 100)
    notices.tick(100_000)
    assert shown(notices) == "refused"
    notices.key_pressed(100_000)
    assert shown(notices) is None


def test_a_key_that_was_on_its_way_already_has_seen_nothing() -> None:
    notices = Notices()
    notices.tell(notice("refused", Severity.ERROR), 3, 100)
    notices.key_pressed(100.1)
    assert shown(notices) == "refused"


def test_a_newer_notice_takes_the_place_of_one_that_matters_no_more() -> None:
    notices = Notices()
    for words, severity in [("a", Severity.TOLD), ("b", Severity.WARNING), ("c", Severity.WARNING)]:
        notices.tell(notice(words, severity), 3, 100)
        assert shown(notices) == words


def test_one_that_matters_less_waits_for_its_turn_and_has_all_its_seconds_then() -> None:
    notices = Notices()
    notices.tell(notice("refused", Severity.ERROR), 3, 100)
    notices.tell(notice("copied 1"), 3, 101)
    notices.tell(notice("copied 2"), 3, 102)
    assert shown(notices) == "refused"
    notices.dismiss(200)
    assert shown(notices) == "copied 2"
    notices.tick(202)
    assert shown(notices) == "copied 2"
    notices.tick(203)
    assert shown(notices) is None


def test_the_same_said_again_is_counted_and_begins_its_seconds_anew() -> None:
    notices = Notices()
    for monotonic in (100, 102, 104):
        notices.tell(notice("read-only"), 3, monotonic)
    notices.tick(106)
    assert notices.shown is not None
    assert notices.shown.count == 3
    assert [each.count for each in notices.history] == [3]


def test_all_are_kept_the_newest_first_and_not_without_end() -> None:
    notices = Notices()
    for number in range(NOTICES_KEPT + 5):
        notices.tell(notice(f"no. {number}"), 3, number)
    assert len(notices.history) == NOTICES_KEPT
    assert notices.history[0].words == f"no. {NOTICES_KEPT + 4}"


# -- how it is drawn -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cells", [8, 38, 78, 198])
@pytest.mark.parametrize("severity", Severity)
def test_the_box_stays_within_its_room_and_tells_how_often(cells: int, severity: Severity) -> None:
    told = Notice(words="the engine did not answer, and 漢字 too " * 9, severity=severity, at=NOW, count=3)
    lines = drawing.box(told, Look(), cells, 2)
    assert 0 < len(lines) <= 2
    assert all(width(each) <= cells for each in lines)
    assert f"{UNICODE.times}3" in text(lines[-1])


def test_an_error_names_the_key_that_takes_it_away() -> None:
    assert "Esc" in text(drawing.box(notice("refused", Severity.ERROR), Look(), 78, 2)[0])
    assert "Esc" not in text(drawing.box(notice("copied"), Look(), 78, 2)[0])


def test_the_signs_of_notices_are_ascii_where_all_must_be() -> None:
    for severity in Severity:
        lines = drawing.box(Notice(words="x", severity=severity, at=NOW, count=2), Look(glyphs=ASCII), 38, 2)
        assert all(text(each).isascii() for each in lines)


def test_the_list_wraps_a_long_notice_and_tells_the_day_of_an_old_one() -> None:
    old = Notice(words="word " * 40, severity=Severity.ERROR, at=NOW - timedelta(days=2))
    lines = [text(each) for each in drawing.listed([notice("new"), old], Look(), NOW, 60)]
    assert lines[0].split() == ["14:03:22", "UTC", "◇", "new"]
    assert lines[1].startswith("21 Nov 14:03")
    assert sum(line.count("word") for line in lines) == 40
    assert all(len(line) <= 60 for line in lines)


# -- where it lies -------------------------------------------------------------------------------------------------


def test_it_lies_as_far_down_as_nothing_that_is_kept_is_covered() -> None:
    footer = Region(0, 23, 80, 1)
    assert place(Size(80, 24), Size(30, 2), [footer]) == Region(49, 21, 30, 2)
    assert place(Size(80, 24), Size(30, 2), [footer, Region(40, 20, 30, 3)]) == Region(49, 18, 30, 2)
    assert place(Size(80, 24), Size(30, 2), [Region(0, 1, 80, 23)]) is None


# -- on the screen -------------------------------------------------------------------------------------------------


def box_of(console: Opened) -> NoticeBox:
    return console.app.screen.query_one(NoticeBox)


async def pass_seconds(console: Opened, seconds: float) -> None:
    await console.clock.advance(seconds)


async def test_three_refusals_are_one_notice_above_the_footer(opened: Open) -> None:
    async with opened(idle()) as console:
        for _ in range(3):
            console.app.notify("bob@shop-1 runs the engine.", severity="warning", timeout=5)
        await console.shows(f"bob@shop-1 runs the engine. {UNICODE.times}3")
        assert console.text.count("bob@shop-1") == 1
        await console.until(lambda: box_of(console).region.height)
        assert not box_of(console).region.overlaps(console.app.screen.query_one(Footer).region)
        await pass_seconds(console, 6)
        await console.until(lambda: "bob@shop-1" not in console.text)


async def test_escape_takes_an_error_away_and_nothing_else(opened: Open) -> None:
    async with opened(idle()) as console:
        await console.press("h")
        console.app.notify("Nothing was removed.", severity="error")
        await console.shows("Nothing was removed.")
        await pass_seconds(console, 60)
        await console.press("escape")
        await console.until(lambda: "Nothing was removed." not in console.text)
        assert not console.is_open(MainScreen)
        await console.press("escape")
        assert console.is_open(MainScreen)


async def test_a_notice_moves_to_the_dialog_on_top_and_leaves_its_choices_alone(opened: Open) -> None:
    async with opened(idle(), size=(40, 12)) as console:
        console.app.notify("The engine is busy.", severity="warning")
        await console.shows("The engine is busy.")
        await console.press("s")
        assert console.is_open(Confirm)
        await console.until(lambda: console.text.count("The engine is busy.") == 1)
        await console.until(lambda: box_of(console).region.height)
        choices = console.app.screen.query_one("#choices").region
        assert not box_of(console).region.overlaps(choices)
        await console.press("escape")
        await console.until(lambda: console.text.count("The engine is busy.") == 1)


async def test_a_click_takes_it_away(opened: Open) -> None:
    async with opened(idle()) as console:
        console.app.notify("Copied 10000000001004.")
        await console.shows("Copied 10000000001004.")
        await console.until(lambda: box_of(console).region.height)
        await console.pilot.click(NoticeBox)
        await console.until(lambda: "Copied" not in console.text)


async def test_a_notice_is_text_and_never_markup_or_an_escape(opened: Open) -> None:
    async with opened(idle()) as console:
        console.app.notify("[@click=app.leave]a[/b]\x1b]52;c;AAAA\x07" + "x" * 1_000_000, markup=True)
        await console.shows("[@click=app.leave]a[/b]␛]52;c;AAAA␇")


async def test_what_was_said_is_read_again_with_a_key_newest_first(opened: Open) -> None:
    async with opened(idle()) as console:
        await console.press("exclamation_mark")
        assert console.is_open(NoticesScreen)
        await console.shows("Nothing has been said yet.")
        console.app.notify("older " * 30, timeout=1)
        console.app.notify("second", severity="error")
        await pass_seconds(console, 60)
        await console.press("j")
        await console.until(lambda: "second" in console.text and "older" in console.text)
        assert console.text.index("second") < console.text.index("older")
        assert "14:03:22 UTC ✗" in console.text.replace("  ", " ")
        await console.press("q")
        assert console.is_open(MainScreen)
