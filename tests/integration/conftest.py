"""What every test here can ask for."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench of its own for every test."""
    with ExitStack() as threads:
        yield Bench(tmp_path / "home", threads)
