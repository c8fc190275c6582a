"""Asking a run to end."""

import asyncio

from console.run import RunStatus


class Stop:
    """Somebody's wish that a run ends at the next page boundary, and how it is then to be called."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self.status = RunStatus.CANCELLED

    def ask(self, status: RunStatus) -> None:
        """Ask; the first to ask decides the status."""
        if not self._asked.is_set():
            self.status = status
            self._asked.set()

    def is_asked(self) -> bool:
        """Whether somebody has."""
        return self._asked.is_set()

    async def wait(self) -> None:
        """Until somebody does."""
        await self._asked.wait()
