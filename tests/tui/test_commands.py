"""What the operator asks for: confirmed before, carried out once, and refused in plain words."""

import pytest
from msgspec.structs import replace

from console.operations.events import EngineFailed, RunFinished, ScheduleChanged
from console.run import RunCounts, RunKind, RunStatus, Trigger
from console.tui.dialogs.confirm import Confirm
from console.tui.dialogs.daily_time import DailyTimeDialog
from console.tui.screens.main import MainScreen
from console.tui.widgets.number_input import NumberInput
from console.tui.wish import ExitWish
from tests.tui.conftest import Open
from tests.tui.fake import FakeOperations, job, next_runs, schedule, snapshot
from tests.tui.scenes import SCENES, counts, failed, idle, no_credentials, partial, report, running, succeeded

# -- sync now ----------------------------------------------------------------------------------------------------------


async def test_a_sync_is_started_by_s_and_enter_and_says_before_what_will_happen(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press("s")
        for words in ("api.g2a.com", "/srv/shop/catalog.db", "771 pages, 15,420 products", "about 1 m 17 s"):
            assert words in console.text
        assert console.choice == "Start the sync"
        await console.press("enter")
        await console.until(lambda: "sync_now" in operations.asked)
        assert console.is_open(MainScreen)


async def test_escape_starts_no_sync(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press("s", "escape")
        assert console.is_open(MainScreen)
        await console.press("s", "left", "enter")
        assert console.is_open(MainScreen)
        assert "sync_now" not in operations.asked


async def test_after_a_failed_run_the_question_promises_no_numbers_it_does_not_know(opened: Open) -> None:
    operations = failed()
    async with opened(operations) as console:
        await console.press("s")
        assert "15,416 products" in console.text
        assert "as last time" not in console.text


async def test_how_long_a_sync_takes_is_not_told_by_one_that_only_fetched_the_rest(opened: Open) -> None:
    resumed = replace(succeeded(), trigger=Trigger.RESUME, continues_run_id=40)
    async with opened(FakeOperations(snapshot(last_run=resumed)), (98, 30)) as console:
        assert "Resumed sync succeeded" in console.text
        assert "goes on with run 40" in console.text
        await console.press("s")
        assert "771 pages, 15,420 products" in console.text
        assert "as last time" not in console.text


async def test_a_refusal_is_shown_as_it_was_said_and_the_console_goes_on(opened: Open) -> None:
    operations = idle()
    operations.refusal = "A run is active: daily sync since 02:00 UTC [/b]. Wait, or cancel it."
    async with opened(operations, (120, 36)) as console:
        await console.press("s", "enter")
        await console.shows("A run is active: daily sync since 02:00 UTC [/b].")
        assert console.app.is_running


# -- cancel ------------------------------------------------------------------------------------------------------------


async def test_cancel_keeps_running_unless_it_is_really_meant(opened: Open) -> None:
    operations = running()
    async with opened(operations) as console:
        await console.press("c")
        assert console.choice == "Keep running"
        assert "369 of 771 pages" in console.text
        await console.press("enter")
        assert "cancel" not in operations.asked
        await console.press("c", "escape")
        assert "cancel" not in operations.asked
        await console.press("c", "right", "enter")
        await console.until(lambda: "cancel" in operations.asked)


# -- retry -------------------------------------------------------------------------------------------------------------


async def test_retry_says_how_the_run_stands_and_goes_on_with_it_only_when_it_is_meant(opened: Open) -> None:
    operations = failed()
    async with opened(operations) as console:
        await console.press("r")
        for words in ("Go on with run 41: 318 of 771 pages are stored, 453 are missing,", "12 of which failed"):
            assert words in console.text
        assert console.choice == "Cancel"
        await console.press("enter")
        await console.press("r", "escape")
        assert console.is_open(MainScreen)
        assert "retry 41" not in operations.asked
        await console.press("r", "right", "enter")
        await console.until(lambda: "retry 41" in operations.asked)
        assert console.is_open(MainScreen)


async def test_a_retry_that_is_refused_says_why(opened: Open) -> None:
    operations = partial()
    operations.refusal = "Run 41 began more than 6 hours ago (SYNC_CATCH_UP_HOURS): start a new sync instead."
    async with opened(operations, (120, 36)) as console:
        await console.press("r", "right", "enter")
        await console.shows("Run 41 began more than 6 hours ago")
        assert console.app.is_running


async def test_a_run_that_stored_nothing_is_not_said_to_have_pages(opened: Open) -> None:
    last = report(RunStatus.INTERRUPTED, RunCounts())
    async with opened(FakeOperations(snapshot(last_run=last))) as console:
        await console.press("r")
        assert "Go on with run 41: none of its pages is stored yet." in console.text


@pytest.mark.parametrize("scene", ["idle", "running", "cancelling", "blocked", "never", "no-credentials"])
async def test_there_is_no_retry_where_there_is_nothing_to_go_on_with(opened: Open, scene: str) -> None:
    async with opened(SCENES[scene]()) as console:
        await console.press("escape", "r")
        assert console.is_open(MainScreen)
        assert "r retry" not in console.text


@pytest.mark.parametrize("scene", ["failed", "partial", "interrupted"])
async def test_after_a_run_that_lacks_pages_the_screen_says_which_key_fetches_them(opened: Open, scene: str) -> None:
    async with opened(SCENES[scene]()) as console:
        assert "Press r to fetch" in console.text
        assert "r retry" in console.text


async def test_the_same_after_a_run_that_the_operator_cancelled(opened: Open) -> None:
    last = report(RunStatus.CANCELLED, counts(371))
    async with opened(FakeOperations(snapshot(last_run=last))) as console:
        assert "What was stored stays. Press r to fetch what is missing" in console.text


# -- the daily time ----------------------------------------------------------------------------------------------------


async def test_the_daily_time_is_typed_previewed_in_utc_and_local_time_and_saved_with_enter(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press("e")
        await console.shows("next  Tue 24 Nov 02:00 UTC   Tue 24 Nov 03:00 CET")
        await console.press(*"430")
        await console.shows("next  Tue 24 Nov 04:30 UTC")
        await console.press("escape", "e", *"2330")
        await console.shows("next  Mon 23 Nov 23:30 UTC   Tue 24 Nov 00:30 CET")
        assert "then  Wed 25 Nov 23:30 UTC" in console.text
        await console.press("enter")
        await console.shows("The daily sync now runs at 23:30 UTC.")
        assert "set_daily_time 23:30" in operations.asked
        assert console.is_open(MainScreen)


async def test_25_o_clock_is_refused_in_words_and_nothing_is_saved(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press("e", "2", "5")
        await console.shows("25:00 is no time of day: it goes from 00:00 to 23:59.")
        await console.press("enter")
        await console.pilot.pause()
        assert console.is_open(DailyTimeDialog), "the dialog stays, so that it can be corrected"
        assert not any(asked.startswith("set_daily_time") for asked in operations.asked)
        await console.press("escape")
        assert console.is_open(MainScreen)


async def test_an_empty_field_is_no_time_and_says_what_to_type(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press("e", "backspace")
        await console.shows("Type an hour and a minute.")
        await console.press("enter")
        assert console.is_open(DailyTimeDialog)
        assert operations.asked == ["snapshot"]


@pytest.mark.parametrize(("keys", "value"), [(["up"], "03"), (["down", "down", "down"], "23"), (["x", "-", "7"], "7")])
async def test_the_hour_counts_in_a_circle_and_takes_only_digits(opened: Open, keys: list[str], value: str) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press("e", *keys)
        assert console.app.screen.query_one("#hour", NumberInput).value == value


async def test_a_colon_goes_on_to_the_minutes(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press("e", "7", ":", "5")
        await console.shows("07:05 UTC")
        await console.press("enter")
        await console.until(lambda: "set_daily_time 07:05" in operations.asked)


async def test_a_time_that_somebody_else_sets_shows_at_once(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        later = tuple(run.replace(hour=4, minute=30) for run in next_runs())
        operations.tell(ScheduleChanged(schedule=schedule(), next_runs=later, jobs=(job(succeeded(), later[0]),)))
        await console.shows("Tue 24 Nov 04:30 UTC")
        await console.shows("Tue 24 Nov 05:30 CET")


# -- leaving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_the_console_is_left_at_once_when_nothing_runs(opened: Open, key: str) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press(key)
        assert console.app.return_value is ExitWish.QUIT


async def test_leaving_says_what_becomes_of_the_run(opened: Open) -> None:
    operations = running()
    async with opened(operations) as console:
        await console.press("q")
        await console.shows("The next start within")
        assert "with it by itself" in console.text
    assert operations.told.run is not None
    operations.told.run.kind = RunKind.PAGE
    async with opened(operations) as console:
        await console.press("q")
        await console.shows("What is missing")
        assert "by itself" not in console.text


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_while_a_run_is_active_leaving_asks_and_the_default_is_to_stay(opened: Open, key: str) -> None:
    operations = running()
    async with opened(operations) as console:
        await console.press(key)
        assert console.is_open(Confirm)
        assert console.choice == "Stay"
        await console.press("enter")
        assert console.app.is_running
        assert console.is_open(MainScreen)
        await console.press(key, "right", "enter")
        assert console.app.return_value is ExitWish.QUIT


async def test_the_way_out_works_from_a_dialog_and_asks_once(opened: Open) -> None:
    operations = running()
    async with opened(operations) as console:
        await console.press("e", "ctrl+c", "ctrl+c", "ctrl+q")
        assert console.is_open(Confirm)
        assert len(console.app.screen_stack) == 3, "the main screen, the dialog, and one question"
        await console.press("escape")
        assert console.is_open(DailyTimeDialog)
        assert console.app.is_running


async def test_escape_never_leaves(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        await console.press("escape", "escape", "z", "escape", "escape")
        assert console.app.is_running


async def test_without_credentials_d_leaves_for_the_demo(opened: Open) -> None:
    operations = no_credentials()
    async with opened(operations) as console:
        await console.press("escape")
        assert "▲ no credentials" in console.text
        assert "No G2A credentials yet: set G2A_CLIENT_ID and G2A_CLIENT_SECRET" in console.text
        assert "/srv/shop/.env" in console.text
        assert "d try the demo" in console.text
        await console.press("s")
        assert console.is_open(MainScreen), "there is nothing to sync with"
        await console.press("d")
        assert console.app.return_value is ExitWish.DEMO


# -- the engine --------------------------------------------------------------------------------------------------------


async def test_an_engine_that_fails_is_told_without_a_traceback_and_takes_no_more_commands(opened: Open) -> None:
    operations = idle()
    async with opened(operations) as console:
        operations.tell(EngineFailed("The database is damaged [/b]."))
        await console.shows("The engine stopped by itself")
        assert "The database is damaged [/b]." in console.text
        assert "✗ engine lost" in console.text
        await console.press("s", "e", "c")
        assert console.is_open(MainScreen)
        await console.press("q")
        assert console.app.return_value is ExitWish.QUIT


async def test_after_lost_events_everything_is_asked_for_again(opened: Open) -> None:
    operations = running()
    async with opened(operations) as console:
        operations.told = idle().told
        operations.tell(lost=True)
        await console.shows("✓ healthy")
        assert operations.asked.count("snapshot") == 2


async def test_an_event_that_comes_while_everything_is_told_anew_is_not_lost(opened: Open) -> None:
    operations = running()
    async with opened(operations) as console:
        console.main._is_reloading = True
        operations.tell(RunFinished(run_id=42, report=succeeded()))
        for _ in range(30):
            await console.pilot.pause(0.01)
        assert operations.feeds[0].waiting, "the feed waits"
        console.main._is_reloading = False
        await console.until(lambda: not operations.feeds[0].waiting)


async def test_a_reload_that_fails_is_tried_again_until_it_works(opened: Open) -> None:
    operations = running()
    async with opened(operations) as console:
        operations.told = idle().told
        operations.snapshots_until_error = 0
        operations.tell(lost=True)
        await console.until(lambda: operations.asked.count("snapshot") == 2)
        operations.snapshots_until_error = 1_000
        await console.shows("✓ healthy")
