"""An event loop on a thread of its own. Whoever asks it for something gets an answer, also while it ends."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

OnFault = Callable[[asyncio.AbstractEventLoop, dict[str, Any]], object]

_CUT_OFF_SECONDS = 0.5


class LoopEnded(Exception):
    """The loop has ended, or ended before there was an answer."""


class LoopThread:
    """Starts a loop on a thread, carries out there what it is asked for, and ends it. For any thread.

    `on_fault` is called there for what nobody waits for, as asyncio's exception handlers are.
    """

    def __init__(self, name: str, on_fault: OnFault) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(on_fault)
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._asking = threading.Lock()
        self._has_ended = False

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Run it."""
        self._thread.start()

    def ask(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Carry this out there. Its future is cancelled where the loop ends first.

        Raises:
            LoopEnded: nothing is carried out any more.
        """
        with self._asking:
            if self._has_ended:
                work.close()
                raise LoopEnded
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    def end(self, seconds: float) -> None:
        """Cut off what it still does, and wait for its thread for so long at most."""
        with contextlib.suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(seconds)

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            # From here on nothing is taken, so that what was taken before can be answered to the last.
            with self._asking:
                self._has_ended = True
            try:
                self._loop.run_until_complete(_cut_off())
            finally:
                self._loop.close()


async def answer(asked: Future[T]) -> T:
    """What comes of it, for a caller on another loop; who is cancelled cancels it.

    Raises:
        LoopEnded: its loop ended before.
    """
    try:
        return await asyncio.wrap_future(asked)
    except asyncio.CancelledError:
        caller = asyncio.current_task()
        if asked.cancelled() and caller is not None and not caller.cancelling():
            raise LoopEnded from None
        raise


async def _cut_off() -> None:
    """Cancel every task, so that whoever waits for one is told."""
    await asyncio.sleep(0)  # what was handed over last becomes a task
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_CUT_OFF_SECONDS)
