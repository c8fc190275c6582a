"""What every command that works needs: the home made, the log open, and failures in plain words."""

import contextlib
from collections.abc import Iterator

from console.home import Home
from console.logs import Log
from console.settings import Settings, SettingsError
from console.text import clean


@contextlib.contextmanager
def open_log(home: Home, settings: Settings) -> Iterator[Log]:
    """The log of this process, open; the folders of the home are made first.

    Raises:
        SettingsError: the home or the log cannot be written.
    """
    home.prepare()
    try:
        log = Log.open(
            home.log_file,
            settings.log_level,
            settings.secrets(),
            max_megabytes=settings.log_max_megabytes,
            backups=settings.log_backups,
        )
    except OSError as error:
        raise SettingsError(f"The log {clean(str(home.log_file))} cannot be written: {error.strerror}.") from None
    try:
        yield log
    finally:
        log.close()
