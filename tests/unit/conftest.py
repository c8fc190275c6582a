"""A fresh database for every test that wants one."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.store.database import Database


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them: making one takes longer than any test."""
    path = tmp_path_factory.mktemp("made-once") / "catalog.db"
    asyncio.run(Database.open(path).close())
    return path


@pytest.fixture
async def database(made_once: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of its own for every test."""
    path = tmp_path / "catalog.db"
    shutil.copy(made_once, path)
    opened = Database.open(path)
    yield opened
    await opened.close()
