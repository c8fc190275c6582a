"""What the tests in a real terminal share."""

import pytest


@pytest.fixture
def terminal_environment() -> dict[str, str]:
    """A terminal that can do everything, without anything of the outer environment's settings."""
    return {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
