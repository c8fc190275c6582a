"""The panes: reached by keys at every size, redrawn only where something changed, and whole down to one cell."""

import pytest
from msgspec.structs import replace

from console.operations.events import PageRequested, PageStored, RunFinished, RunPlanned, RunStarted
from console.run import RunError, RunKind, RunStatus, Trigger
from console.sync.page_ref import PageSpan
from console.tui.drawing.line import text
from console.tui.state.situation import PaneName
from tests.tui.conftest import Open
from tests.tui.fake import NOW, FakeOperations, snapshot
from tests.tui.scenes import PAGES, SCENES, counts, finished_progress, idle, report, running, succeeded, windowed

SIZES = [(80, 24), (120, 36), (160, 45), (200, 60), (60, 20), (50, 40), (40, 12), (100, 30), (300, 90)]


# -- going about -------------------------------------------------------------------------------------------------------


async def test_tab_goes_round_the_panes_and_shift_tab_back(opened: Open) -> None:
    async with opened(idle()) as console:
        seen = [console.main.situation.pane]
        for _ in range(4):
            await console.press("tab")
            seen.append(console.main.situation.pane)
        assert seen == [PaneName.SYNC, PaneName.LOG, PaneName.JOBS, PaneName.NEXT_RUN, PaneName.SYNC]
        await console.press("shift+tab")
        assert console.main.pane is console.main.next_run


async def test_the_focused_pane_is_marked_by_a_sign_and_not_by_colour_alone(opened: Open) -> None:
    async with opened(idle()) as console:
        assert "╭▸ Sync" in console.text
        await console.press("tab")
        assert "╭▸ Log" in console.text
        assert "╭─ Sync" in console.text


async def test_zoom_gives_the_pane_the_whole_screen_and_escape_takes_it_back(opened: Open) -> None:
    async with opened(idle()) as console:
        await console.press("tab", "z")
        assert "Log (UTC)" in console.text
        assert "Sync ─" not in console.text
        assert len([line for line in console.text.splitlines() if line.startswith("│")]) == 19
        await console.press("tab")
        assert "Jobs" in console.text, "the zoom goes along with the focus"
        assert "Log (UTC)" not in console.text
        await console.press("escape")
        for title in ("Jobs", "Next run", "Sync", "Log (UTC)"):
            assert title in console.text


async def test_on_a_small_screen_the_least_important_goes_first_and_tab_zoom_still_reaches_it(opened: Open) -> None:
    async with opened(idle(), (40, 12)) as console:
        assert "in 11 h 56 m 38 s  Tue 02:00 UTC" in console.text
        assert "Daily sync succeeded" in console.text
        assert "Jobs" not in console.text
        assert "Log" not in console.text
        await console.press("z", "tab")
        assert "Log (UTC)" in console.text
        await console.press("tab")
        assert "daily_product_sync" in console.text


async def test_below_that_one_pane_has_the_screen_and_tab_changes_it(opened: Open) -> None:
    async with opened(idle(), (30, 8)) as console:
        assert "Sync" in console.text
        assert "Next run" not in console.text
        await console.press("tab", "tab", "tab")
        assert "Next run" in console.text
        assert "Sync" not in console.text
        assert "z zoom" not in console.text


async def test_a_pane_that_goes_with_the_room_gives_the_focus_to_one_that_stays(opened: Open) -> None:
    async with opened(idle(), (120, 36)) as console:
        console.main.jobs.focus()
        await console.pilot.pause()
        await console.resize(40, 14)
        await console.until(lambda: console.main.pane is not None and console.main.pane.is_shown)


# -- the room ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", SCENES)
async def test_at_every_size_the_frames_are_whole_and_the_way_out_is_shown(opened: Open, scene: str) -> None:
    async with opened(SCENES[scene]()) as console:
        await console.press("escape")  # where there are no credentials, they are asked for first
        for width, height in SIZES:
            await console.resize(width, height)
            lines = console.text.splitlines()
            assert "q quit" in lines[-1]
            body = lines[2 if height >= 18 else 1 : -1]
            assert all(line[0] in "╭│╰" and line[-1] in "╮│╯" for line in body), console.text
            assert console.text.count("╭") == console.text.count("╯") == console.text.count("╮")


@pytest.mark.parametrize("scene", ["idle", "running", "finished", "never", "paused"])
async def test_from_80x24_on_nothing_is_cut_off(opened: Open, scene: str) -> None:
    async with opened(SCENES[scene]()) as console:
        for size in [(80, 24), (120, 36), (160, 45), (200, 60)]:
            await console.resize(*size)
            drawn = [
                line for pane in (console.main.sync, console.main.next_run, console.main.jobs) for line in pane._content
            ]
            assert [line for line in drawn if "…" in text(line)] == []


@pytest.mark.parametrize("scene", ["failed", "blocked", "partial", "no-credentials"])
async def test_what_went_wrong_and_what_to_do_is_readable_to_the_end_at_80x24(opened: Open, scene: str) -> None:
    async with opened(SCENES[scene]()) as console:
        assert not any("…" in span.text for line in console.main.sync._content for span in line)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 40), (12, 4), (500, 3)], ids=str)
@pytest.mark.parametrize("scene", ["running", "failed", "no-credentials"])
async def test_no_screen_is_too_small_to_live_on(opened: Open, scene: str, size: tuple[int, int]) -> None:
    async with opened(SCENES[scene](), size) as console:
        await console.press(
            "tab", "j", "k", "G", "g", "left", "right", "n", "z", "z", "escape", "question_mark", "escape"
        )
        assert console.app.is_running


async def test_a_storm_of_resizes_ends_in_the_right_picture(opened: Open) -> None:
    async with opened(running()) as console:
        for width, height in [
            (200, 60),
            (1, 1),
            (79, 23),
            (300, 2),
            (2, 90),
            (40, 12),
            (120, 36),
            (3, 3),
            (80, 24),
        ] * 3:
            await console.resize(width, height)
        await console.shows("369/771 pages")
        assert all(len(line) == 80 for line in console.text.splitlines())


# -- a run as it goes --------------------------------------------------------------------------------------------------


async def test_a_run_is_shown_from_its_plan_to_its_end(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        operations.tell(
            RunStarted(run_id=42, kind=RunKind.FULL, trigger=Trigger.MANUAL, requested_by="alice", started_at=NOW)
        )
        await console.shows("● Manual sync is running")
        assert "0/? pages" in console.text
        operations.tell(
            RunPlanned(run_id=42, spans=(PageSpan(1, PAGES),), products_total=15_420),
            PageRequested(run_id=42, page=1, attempt=1),
        )
        await console.shows("0/771 pages")
        await console.shows("○···")
        await console.clock.advance(4)
        told = counts(40)
        operations.tell(
            *(
                PageStored(run_id=42, page=page, attempts=1, products=20, duration_ms=400, counts=told)
                for page in range(1, 41)
            )
        )
        await console.shows("40/771 pages")
        await console.shows("elapsed 4 s")
        await console.shows("10.0 pages/s")
        await console.shows("ETA 1 m 1")  # 13 s by its own pace, 16 s by that of the last runs: as the screen ticked
        run = finished_progress()
        assert run.report is not None
        operations.tell(RunFinished(run_id=42, report=run.report))
        await console.shows("✓ Manual sync succeeded")
        assert "771/771 pages" in console.text
        assert "✓ healthy" in console.text


async def test_who_comes_in_the_middle_sees_the_runs_average_until_there_is_a_pace(opened: Open) -> None:
    async with opened(running()) as console:
        assert "9.7 pages/s" in console.text
        assert "ETA 41 s" in console.text


async def test_a_catalogue_of_300_000_products_fits_as_well(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        told = replace(counts(12_345), pages_total=15_000, products_unchanged=246_913)
        operations.tell(
            RunStarted(run_id=42, kind=RunKind.FULL, trigger=Trigger.MANUAL, requested_by="alice", started_at=NOW),
            RunPlanned(run_id=42, spans=(PageSpan(1, 15_000),), products_total=300_000),
            PageStored(run_id=42, page=12_345, attempts=1, products=20, duration_ms=400, counts=told),
        )
        await console.shows("12,345/15,000 pages")
        await console.shows("246,913")
        await console.resize(120, 36)
        await console.shows("pages 12,345/15,000")
        await console.shows("unchanged   246,913")


async def test_a_run_of_single_pages_is_shown_with_these_pages(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        operations.tell(
            RunStarted(run_id=42, kind=RunKind.PAGE, trigger=Trigger.API, requested_by="bob", started_at=NOW),
            RunPlanned(run_id=42, spans=(PageSpan(300, 301),), products_total=40),
            PageRequested(run_id=42, page=300, attempt=1),
        )
        await console.shows("Requested sync of single pages is running")
        await console.shows("0/2 pages")
        await console.press("down")
        assert "page 300: in flight" in console.text


async def test_a_page_can_be_chosen_with_keys_and_with_the_mouse(opened: Open) -> None:
    async with opened(running(), (120, 36)) as console:
        await console.press("down")
        assert "page 1: done" in console.text
        await console.press("down", "right")
        assert "page 62: done" in console.text
        await console.press("G")
        assert "page 771: pending" in console.text
        await console.press("g", "up", "left")
        assert "page 1: done" in console.text, "there is nothing before the first"
        await console.pilot.click("#page-map", offset=(4, 0))
        await console.shows("page 1: done")
        await console.pilot.click("#page-map", offset=(5 + 10, 1))
        await console.shows("page 71: done")
        await console.press("escape")
        assert "1 page a cell" in console.text


async def test_in_a_cell_of_several_pages_all_are_told(opened: Open) -> None:
    async with opened(running()) as console:
        await console.press("G")
        assert "page 771: pending" in console.text
        await console.press("g")
        assert "pages 1 to 5: 5 done" in console.text


async def test_a_page_of_a_price_window_is_told_with_its_window_wherever_it_is_named(opened: Open) -> None:
    async with opened(windowed(), (160, 45)) as console:
        assert "page 3 of 1.97 to 5.00 EUR    failed" in console.text, "in the list of pages in trouble"
        await console.press("n")
        assert "page 3 of 1.97 to 5.00 EUR: failed, 6 attempts: HTTP 500" in console.text
        await console.press("g")
        assert "pages 1 to 2: 2 done" in console.text, "those that came before the catalogue was cut have no window"
        await console.press("G")
        assert "pages 387 to 388 of 4.99 EUR and more: 2 pending" in console.text
        rows = [text(line) for line in console.main.sync._picture.map.lines] if console.main.sync._picture.map else []
        assert rows
        assert not any(character.isdigit() for row in rows for character in row), "a number would be mistaken"


async def test_of_a_run_that_nobody_followed_no_page_is_given_a_number_that_it_may_not_have(opened: Open) -> None:
    operations = idle()
    async with opened(operations, (120, 36)) as console:
        await console.press("g")
        assert "page 1: done" in console.text, "as many products came as fit on the pages: these are their numbers"
    last = succeeded()
    cut = replace(last, counts=replace(last.counts, pages_total=785, pages_done=785))
    async with opened(FakeOperations(snapshot(last_run=cut)), (160, 45)) as console:
        await console.press("G")
        assert "page 785 of 785: done" in console.text
    named = RunError(page=3, window="1.97 to 5.00 EUR", error="HTTP 500")
    told = report(RunStatus.PARTIAL, counts(PAGES - 1, failed=1), errors=(named,))
    async with opened(FakeOperations(snapshot(last_run=told)), (160, 45)) as console:
        assert "page 3 of 1.97 to 5.00 EUR  failed    HTTP 500" in console.text


async def test_a_run_that_goes_on_with_another_shows_from_the_start_what_was_done_before(opened: Open) -> None:
    operations = idle()
    async with opened(operations, (120, 36)) as console:
        operations.tell(
            RunStarted(run_id=42, kind=RunKind.FULL, trigger=Trigger.RESUME, requested_by=None, started_at=NOW),
            RunPlanned(run_id=42, spans=(PageSpan(1, 771),), products_total=15_420, done=(PageSpan(1, 371),)),
        )
        await console.shows("● Resumed sync is running")
        assert "371/771" in console.text
        assert "48 %" in console.text
        await console.clock.advance(4)
        told = counts(391)
        operations.tell(
            *(
                PageStored(run_id=42, page=page, attempts=1, products=20, duration_ms=400, counts=told)
                for page in range(372, 392)
            )
        )
        await console.shows("391/771")
        await console.shows("5.0 pages/s")


# -- the cost ----------------------------------------------------------------------------------------------------------


async def test_a_second_that_passes_repaints_the_clock_and_the_countdown_alone(opened: Open) -> None:
    async with opened(idle()) as console:
        painted: list[str] = []
        for widget in console.main.query("Canvas"):
            original = widget.refresh

            def note(
                *regions: object, _of: str = str(widget.id), _original: object = original, **how: object
            ) -> object:
                painted.append(_of)
                return _original(*regions, **how)  # type: ignore[operator]

            widget.refresh = note  # type: ignore[method-assign, assignment]
        await console.clock.advance(1)
        await console.shows("14:03:23 UTC")
        await console.shows("in 11 h 56 m 37 s")
        assert sorted(set(painted)) == ["clock", "next-run"]
        for _ in range(50):
            await console.pilot.pause(0.01)
        assert len(painted) == 2, "standing still costs nothing"


async def test_a_hidden_pane_is_not_drawn(opened: Open) -> None:
    async with opened(idle()) as console:
        await console.press("z")
        await console.clock.advance(5)
        await console.shows("14:03:27 UTC")
        assert not console.main.next_run.is_shown
        await console.press("z")
        await console.shows("in 11 h 56 m 33 s")
