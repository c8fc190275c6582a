"""The signals that ask a command to end."""

import asyncio
import signal

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def first_signal() -> asyncio.Future[signal.Signals]:
    """The first signal that asks us to end. One that is ignored already stays so: that is what nohup does."""
    loop = asyncio.get_running_loop()
    first: asyncio.Future[signal.Signals] = loop.create_future()

    def came(number: signal.Signals) -> None:
        if not first.done():
            first.set_result(number)

    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, came, number)
    return first
