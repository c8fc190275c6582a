"""What kill -9 leaves behind, without a process of its own: the files of the database as they are at one moment.

SQLite keeps no state outside its files that a dead process could take along: a copy of the database and its -wal file,
made while nobody writes, is what the next process would find.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from console.operations.engine import Engine
from console.store.search_index import index_noted

_FILES = ("catalog.db", "catalog.db-wal", "run/runner.lock")
_SHARED_MEMORY = "catalog.db-shm"
"""Rebuilt by whoever opens the database next."""


class KillPoint:
    """The moment right after the engine's transaction number `transactions`, counted from when it is armed.

    Those of the indexing do not count: when they come depends on how fast the machine is.
    """

    def __init__(self, engine: Engine, transactions: int, reached: Callable[[], None]) -> None:
        self._engine = engine
        self._home = engine.home.root
        self._kept = self._home / "kept"
        self._left = transactions
        self._reached = reached
        self.is_reached = False

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Count the transactions of this block."""
        database = self._engine.database
        write = database.write

        async def counted(work: Callable[..., Any], *arguments: Any) -> Any:
            result = await write(work, *arguments)
            if work is index_noted:
                return result
            self._left -= 1
            if self._left == 0:
                self.reach()
            return result

        with patch.object(database, "write", counted):
            yield

    def reach(self) -> None:
        """Keep the files as they are now. The loop stands still meanwhile, so nobody hands more to the writer."""
        self._engine.database._writer_thread.submit(lambda: None).result()
        for name in _FILES:
            if (self._home / name).exists():
                (self._kept / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self._home / name, self._kept / name)
        self.is_reached = True
        self._reached()

    def restore(self) -> None:
        """Put the files back; the engine must be closed."""
        (self._home / _SHARED_MEMORY).unlink(missing_ok=True)
        for name in _FILES:
            (self._home / name).unlink(missing_ok=True)
            if (self._kept / name).exists():
                (self._kept / name).replace(self._home / name)
