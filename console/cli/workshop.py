"""What every command that works needs: the home made, the log open, and failures in plain words."""

import contextlib
import logging
from collections.abc import Iterator

from console.cli.output import complain
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
            settings.secrets(),
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


def black_out_key(log: Log, settings: Settings) -> None:
    """Keep the key that requests are signed with out of the log: it is as good as the secret that it is made of.

    Only where requests are made; and before the first one, after the first picture.
    """
    from console.g2a.auth import api_key  # noqa: PLC0415 - see above

    log.black_out(api_key(settings.g2a_client_id, settings.g2a_email, settings.g2a_client_secret))
