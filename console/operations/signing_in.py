"""Trying credentials, and keeping those that are right."""

import asyncio
import logging

from console.clock import Clock
from console.env_file import write_env_file
from console.home import Home
from console.operations.credentials import Credentials, Trial
from console.operations.doctor.api import accepted, visit_api
from console.settings import Settings, SettingsError, with_values

logger = logging.getLogger("console")


async def try_credentials(settings: Settings, clock: Clock, credentials: Credentials) -> Trial:
    """Ask G2A for one page with these credentials; nothing is kept. What was typed wrongly is told without asking."""
    try:
        typed = with_values(settings, credentials.settings())
    except SettingsError as error:
        return Trial(accepted=False, words=str(error).splitlines()[0])
    visit = await visit_api(typed, clock)
    if visit.error is None:
        trial = Trial(accepted=True, words=accepted(typed, visit))
    else:
        # Redacted already: the client blacks its credentials out of whatever a reply says.
        words = f"{visit.error} {visit.advice}".strip()
        trial = Trial(accepted=False, words=words, is_open=visit.error.is_outage)
    logger.log(logging.INFO if trial.accepted else logging.WARNING, "Credentials were tried: %s", trial.words)
    return trial


async def keep_credentials(settings: Settings, home: Home, credentials: Credentials) -> None:
    """Write them into the `.env` of the home; they count from the next start on.

    Raises:
        SettingsError: they cannot be written, or are no credentials.
    """
    typed = with_values(settings, credentials.settings())
    if missing := typed.missing_credentials(home.env_file):
        raise SettingsError(missing)
    await asyncio.to_thread(write_env_file, home.env_file, credentials.settings())
    logger.info("Credentials were written to %s", home.env_file)
