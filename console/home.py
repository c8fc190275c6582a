"""The home: the one folder that holds everything the console keeps."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import msgspec

from console.settings import SettingsError
from console.text import clean

HOME_VARIABLE = "G2A_CONSOLE_HOME"


class Home(msgspec.Struct, frozen=True):
    """The folder that holds everything the console keeps."""

    root: Path

    @property
    def env_file(self) -> Path:
        """The settings."""
        return self.root / ".env"

    @property
    def preferences_file(self) -> Path:
        """How the operator likes the console."""
        return self.root / "console.json"

    @property
    def keys_file(self) -> Path:
        """Keys that the operator has moved."""
        return self.root / "keys.toml"

    @property
    def log_file(self) -> Path:
        """What happened."""
        return self.root / "logs" / "product_sync_scheduler.log"

    @property
    def run_folder(self) -> Path:
        """What belongs to the process that runs the engine."""
        return self.root / "run"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that runs the engine."""
        return self.run_folder / "runner.lock"

    @property
    def backups_folder(self) -> Path:
        """Where the database is copied to before its tables are changed."""
        return self.root / "backups"

    @property
    def demo(self) -> "Home":
        """A home of its own for the demo, so that it can never touch a real catalogue."""
        return Home(self.root / "demo")

    def exposed_settings(self) -> str | None:
        """A warning where others than its owner can read the file that may hold secrets; None where they cannot."""
        try:
            mode = self.env_file.stat().st_mode
        except OSError:
            return None
        if not mode & (stat.S_IRWXG | stat.S_IRWXO):
            return None
        import shlex  # noqa: PLC0415 - hardly ever needed

        named = clean(str(self.env_file))
        return f"Others can read or write {named}, which may hold the client secret: `chmod 600 {shlex.quote(named)}`."

    def prepare(self) -> None:
        """Make the folders, readable by their owner alone.

        Raises:
            SettingsError: a folder cannot be made or written; the message says which and why.
        """
        for folder in (self.root, self.log_file.parent, self.run_folder):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise SettingsError(
                    f"The folder {clean(str(folder))} cannot be made ({error.strerror}): choose another with --home."
                ) from None
            if not os.access(folder, os.W_OK | os.X_OK):
                raise SettingsError(
                    f"The folder {clean(str(folder))} cannot be written: "
                    "give yourself the right, or choose another with --home."
                )


def find_home(option: str | None, environment: Mapping[str, str], current: Path) -> Home:
    """Choose the home.

    It is `--home`, else $G2A_CONSOLE_HOME, else the current folder when it holds a `.env`, else the user's data folder.
    """
    if chosen := option or environment.get(HOME_VARIABLE):
        return Home((current / _expanded(chosen)).absolute())
    if (current / ".env").is_file():
        return Home(current)
    from platformdirs import user_data_path  # noqa: PLC0415 - 20 ms that most starts do not need

    return Home(user_data_path("g2a-console"))


def _expanded(folder: str) -> Path:
    try:
        return Path(folder).expanduser()
    except RuntimeError:  # ~somebody, and there is no such user: a folder of that name, as the shell has it
        return Path(folder)
