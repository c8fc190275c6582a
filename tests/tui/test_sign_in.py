"""The first start: the console asks for credentials, tries them, and keeps what G2A takes."""

from textual.widgets import Button

from console.operations.credentials import Credentials, Trial
from console.settings import SecretStr
from console.tui.dialogs.sign_in import SignInDialog
from console.tui.screens.main import MainScreen
from console.tui.wish import ExitWish
from tests.tui.conftest import Open, Opened
from tests.tui.scenes import idle, no_credentials

TYPED = Credentials(
    client_id="shop", client_secret=SecretStr("s3cret"), email="me@shop", base_url="https://api.g2a.com"
)


async def type_all(console: Opened) -> None:
    """Fill in the form as somebody does who knows Enter."""
    await console.until(lambda: console.is_open(SignInDialog))
    await console.press(*"shop", "enter", *"s3cret", "enter", *"me@shop", "enter", "enter")


async def test_without_credentials_the_first_thing_is_the_form(opened: Open) -> None:
    async with opened(no_credentials()) as console:
        await console.until(lambda: console.is_open(SignInDialog))
        assert "/srv/shop/.env" in console.text
        await console.press("escape")
        assert console.is_open(MainScreen)
        await console.press("i")
        assert console.is_open(SignInDialog), "and it can be had again"


async def test_with_credentials_nobody_is_asked(opened: Open) -> None:
    async with opened(idle()) as console:
        assert console.is_open(MainScreen)
        await console.press("i")
        assert console.is_open(MainScreen)


async def test_what_g2a_takes_is_kept_and_the_console_opens_anew(opened: Open) -> None:
    operations = no_credentials()
    async with opened(operations) as console:
        await type_all(console)
        await console.until(lambda: operations.kept)
        assert operations.tried == [TYPED]
        assert operations.kept == [TYPED]
        await console.until(lambda: console.app.return_value is ExitWish.ANEW)


async def test_the_secret_is_never_on_the_screen(opened: Open) -> None:
    operations = no_credentials()
    operations.trial = Trial(accepted=False, words="G2A does not accept the credentials.")
    async with opened(operations) as console:
        await type_all(console)
        await console.shows("does not accept")
        assert "shop" in console.text
        assert "s3cret" not in console.text


async def test_what_g2a_refuses_is_not_kept_and_can_be_mended(opened: Open) -> None:
    operations = no_credentials()
    operations.trial = Trial(accepted=False, words="G2A does not accept the credentials.")
    async with opened(operations) as console:
        await type_all(console)
        await console.shows("✗ G2A does not accept the credentials.")
        assert not console.app.screen.query_one("#untried", Button).display
        assert operations.kept == []
        operations.trial = Trial(accepted=True, words="taken")
        await console.press("enter")
        await console.until(lambda: operations.kept)


async def test_what_could_not_be_tried_may_be_kept_all_the_same(opened: Open) -> None:
    operations = no_credentials()
    operations.trial = Trial(accepted=False, words="api.g2a.com cannot be reached.", is_open=True)
    async with opened(operations) as console:
        await type_all(console)
        await console.shows("Keep untried")
        assert operations.kept == []
        console.app.screen.query_one("#untried", Button).press()
        await console.until(lambda: console.app.return_value is ExitWish.ANEW)
        assert operations.kept == [TYPED]


async def test_what_was_changed_since_is_no_longer_the_same_question(opened: Open) -> None:
    operations = no_credentials()
    operations.trial = Trial(accepted=False, words="api.g2a.com cannot be reached.", is_open=True)
    async with opened(operations) as console:
        await type_all(console)
        await console.shows("Keep untried")
        await console.press("x")
        assert "Keep untried" not in console.text


async def test_half_a_form_says_what_is_missing_and_goes_there(opened: Open) -> None:
    operations = no_credentials()
    async with opened(operations) as console:
        await console.until(lambda: console.is_open(SignInDialog))
        await console.press(*"shop", "enter", "enter", "enter", "enter")
        assert "Type the client secret of your G2A API account." in console.text
        assert console.app.screen.focused is console.app.screen.query_one("#client-secret")
        assert operations.asked == ["snapshot"]


async def test_what_cannot_be_written_is_said(opened: Open) -> None:
    operations = no_credentials()
    async with opened(operations) as console:
        await console.until(lambda: console.is_open(SignInDialog))
        operations.refusal = "/srv/shop/.env cannot be written: Read-only file system."
        await type_all(console)
        await console.shows("Read-only file system.")
        assert console.is_open(SignInDialog)


async def test_the_demo_is_one_of_the_answers(opened: Open) -> None:
    async with opened(no_credentials()) as console:
        await console.until(lambda: console.is_open(SignInDialog))
        console.app.screen.query_one("#demo", Button).press()
        await console.until(lambda: console.app.return_value is ExitWish.DEMO)
