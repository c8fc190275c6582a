"""What every command that works needs: the home made, the log open, and failures in plain words."""

import contextlib
import logging
from collections.abc import Iterator

from console.cli.output import complain
from console.g2a.auth import api_key
from console.home import Home
from console.logs import Log
from console.settings import Settings, SettingsError
from console.text import clean

logger = logging.getLogger("console")


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
            (*settings.secrets(), _api_key(settings)),
            max_megabytes=settings.log_max_megabytes,
            backups=settings.log_backups,
        )
    except OSError as error:
        raise SettingsError(f"The log {clean(str(home.log_file))} cannot be written: {error.strerror}.") from None
    warning = home.exposed_settings()
    if warning:
        logger.warning(warning)
        complain(warning)
    try:
        yield log
    finally:
        log.close()


def _api_key(settings: Settings) -> str:
    """As good as the secret that it is made of."""
    return api_key(settings.g2a_client_id, settings.g2a_email, settings.g2a_client_secret)
