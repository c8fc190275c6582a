"""What loads what: a command starts without the screen, and the screen without the engine."""

import subprocess
import sys
from pathlib import Path

import pytest

from console.tui.screens.commands import LATER

ROOT = Path(__file__).resolve().parents[2]


def modules_loaded_by(*modules: str) -> set[str]:
    """The modules that a fresh Python has loaded after importing these."""
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def loaded_by(*modules: str) -> set[str]:
    """The same, the top-level packages alone."""
    return {name.partition(".")[0] for name in modules_loaded_by(*modules)}


@pytest.mark.parametrize("module", ["console.cli", "console.operations.local", "console.cli.sync"])
def test_textual_is_loaded_only_by_the_screen(module: str) -> None:
    assert "textual" not in loaded_by(module)


def test_reading_the_command_line_loads_none_of_the_heavy_libraries() -> None:
    heavy = {"textual", "sqlalchemy", "sqlmodel", "pydantic", "httpx", "apscheduler", "alembic", "rich", "platformdirs"}
    assert loaded_by("console.cli") & heavy == set()


def test_the_screen_is_drawn_before_the_engine_is_loaded() -> None:
    loaded = loaded_by("console.tui.app", "console.operations.protocol", "console.operations.thread")
    assert "textual" in loaded
    assert loaded & {"sqlalchemy", "sqlmodel", "pydantic", "httpx", "apscheduler", "alembic"} == set()


def test_what_opens_on_top_of_the_main_screen_is_loaded_after_its_first_picture() -> None:
    assert modules_loaded_by("console.tui.app") & set(LATER) == set()
    assert modules_loaded_by(*LATER) >= set(LATER)


def test_garbage_is_collected_again_once_everything_is_loaded() -> None:
    program = (
        "import gc; from console.cli.garbage import hold_off, set_aside; hold_off(); held = gc.isenabled(); "
        "set_aside(); print(held, gc.isenabled(), gc.get_freeze_count() > 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True"]


def test_an_up_to_date_database_is_opened_without_alembic() -> None:
    assert "alembic" not in loaded_by("console.operations.engine")


def test_imports_point_down_only() -> None:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_simulator_loads_nothing_of_what_it_stands_for() -> None:
    program = "import sys, console.simulator.server as _; print(*[m for m in sys.modules if m.startswith('console.')])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {module.split(".")[1] for module in done.stdout.split()} == {"simulator"}
