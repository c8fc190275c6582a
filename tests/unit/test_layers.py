"""What loads what: a command starts without the screen, and the screen without the engine."""

import subprocess
import sys
from pathlib import Path

import pytest

from console.tui.later import LATER

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
    assert loaded_by("console.cli", "console.cli.parser") & heavy == set()


def test_the_screen_is_drawn_before_the_engine_is_loaded() -> None:
    loaded = loaded_by("console.tui.app", "console.operations.protocol", "console.operations.thread")
    assert "textual" in loaded
    assert loaded & {"sqlalchemy", "sqlmodel", "pydantic", "httpx", "apscheduler", "alembic"} == set()


FIRST_PICTURE = """
import asyncio, sys
import console.cli, console.cli.open_console
from console.tui.app import ConsoleApp
from console.tui.keys import read_keys

loaded = []

async def connect():
    loaded.extend(sys.modules)
    await asyncio.Event().wait()

async def main():
    async with ConsoleApp(connect).run_test() as pilot:
        while not loaded:
            await pilot.pause(0.01)

asyncio.run(main())
dataclasses = [
    f"{each.__module__}.{each.__qualname__}"
    for module in [sys.modules[name] for name in loaded if name.partition(".")[0] == "console"]
    for each in vars(module).values()
    if isinstance(each, type) and each.__module__ == module.__name__ and hasattr(each, "__dataclass_fields__")
]
print(*loaded)
print(*dataclasses)
"""
"""Runs the console until its first picture is drawn, and tells what it has loaded by then."""

MOST_MODULES = 130
"""Ours, of the first picture: each takes 0.2 ms or more, and a start may take 60 ms more than that of an empty app."""


@pytest.fixture(scope="module")
def first_picture() -> tuple[set[str], set[str]]:
    """The modules that are loaded when it is drawn, and the dataclasses in ours."""
    done = subprocess.run([sys.executable, "-c", FIRST_PICTURE], cwd=ROOT, capture_output=True, text=True, check=True)
    modules, dataclasses = done.stdout.splitlines()
    return set(modules.split()), set(dataclasses.split())


def test_what_opens_on_top_of_the_main_screen_is_loaded_after_its_first_picture(
    first_picture: tuple[set[str], set[str]],
) -> None:
    assert first_picture[0] & set(LATER) == set()
    assert modules_loaded_by(*LATER) >= set(LATER)


def test_the_first_picture_loads_little_of_ours_and_none_of_what_only_commands_and_the_engine_need(
    first_picture: tuple[set[str], set[str]],
) -> None:
    modules, _ = first_picture
    for_others = {"argparse", "hashlib", "html", "json", "logging.handlers", "shlex", "tomllib"}
    assert modules & for_others == set()
    assert (
        modules & {"console.cli.parser", "console.g2a", "console.operations.thread", "console.tui.keys.file"} == set()
    )
    ours = {name for name in modules if name.partition(".")[0] == "console"}
    assert len(ours) <= MOST_MODULES, f"what of these can be loaded later? {sorted(ours)}"


def test_the_values_of_the_first_picture_are_structs_which_load_in_a_tenth_of_the_time_of_dataclasses(
    first_picture: tuple[set[str], set[str]],
) -> None:
    assert first_picture[1] <= {"console.settings.Settings"}


def test_garbage_is_collected_again_once_everything_is_loaded() -> None:
    program = (
        "import gc; from console.garbage import hold_off, set_aside; hold_off(); held = gc.isenabled(); "
        "set_aside(); print(held, gc.isenabled(), gc.get_freeze_count() > 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True"]


def test_no_garbage_is_looked_for_while_the_console_is_loaded() -> None:
    program = (
        "import gc, sys, types; from console import start; "
        "sys.modules['console.cli'] = types.SimpleNamespace(main=lambda: print(gc.isenabled())); start.main()"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_every_other_command_collects_garbage_once_it_is_loaded(tmp_path: Path) -> None:
    program = "import gc, sys; from console.cli import run; gc.disable(); run(sys.argv[1:]); print(gc.isenabled())"
    words = ["--home", str(tmp_path), "schedule", "show"]
    done = subprocess.run([sys.executable, "-c", program, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "True"


def test_an_up_to_date_database_is_opened_without_alembic() -> None:
    assert "alembic" not in loaded_by("console.operations.engine")


def test_with_sqlite_nothing_of_postgresql_is_loaded(tmp_path: Path) -> None:
    program = "import sys; from console.cli import run; run(sys.argv[1:]); print(*sys.modules)"
    words = ["--home", str(tmp_path), "doctor"]
    environment = {"G2A_BASE_URL": "http://127.0.0.1:1", "LC_ALL": "C.UTF-8"}
    line = [sys.executable, "-c", program, *words]
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    modules = set(done.stdout.splitlines()[-1].split())
    assert "console.operations.doctor.database" in modules
    assert {name for name in modules if "psycopg" in name or "postgres" in name} == set()
    ours = {"console.database_url", "console.scheduling.database_lock", "console.operations.server_care"}
    assert modules & ours == set()


def test_imports_point_down_only() -> None:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_simulator_loads_nothing_of_what_it_stands_for() -> None:
    program = "import sys, console.simulator.server as _; print(*[m for m in sys.modules if m.startswith('console.')])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {module.split(".")[1] for module in done.stdout.split()} == {"simulator"}
