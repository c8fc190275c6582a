"""The signals that ask a command to end."""

import asyncio
import logging
import os
import signal
import threading

from console.cli.output import complain

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)

_DEADLINE_SECONDS = 9.5
_LAST_WORDS_SECONDS = 0.3

_logger = logging.getLogger("console")


def first_signal() -> asyncio.Future[signal.Signals]:
    """The first signal that asks us to end. One that is ignored already stays so: that is what nohup does.

    From then on the process has some seconds to end cleanly. After that it is ended, whatever it waits for: a server of
    the database that says nothing any more, say.
    """
    loop = asyncio.get_running_loop()
    first: asyncio.Future[signal.Signals] = loop.create_future()

    def came(number: signal.Signals) -> None:
        if not first.done():
            first.set_result(number)
            _end_in_time(number)

    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, came, number)
    return first


def _end_in_time(number: signal.Signals) -> None:
    deadline = threading.Timer(_DEADLINE_SECONDS, _end, [128 + number])
    deadline.daemon = True  # who is quicker ends without it
    deadline.start()


def _end(code: int) -> None:
    said = (
        f"It did not end within {_DEADLINE_SECONDS} seconds, and is ended now. What was stored stays; "
        "the next start finds the run interrupted, and can go on with it."
    )
    _logger.error(said)
    last_words = threading.Thread(target=complain, args=(said,), daemon=True)  # nobody may be reading
    last_words.start()
    last_words.join(_LAST_WORDS_SECONDS)
    os._exit(code)
