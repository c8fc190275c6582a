"""The machine under the program: its time zone, its Python, and the packages in it."""

import importlib.metadata
import platform
import re
from datetime import datetime

import console
from console.clock import Clock
from console.operations.checks import Check, fine, wrong

_OTHER = "console"
"""A package of the index that installs the same top-level folder as ours."""


def look_at_zone(clock: Clock) -> list[Check]:
    """What time it is, for us and for who sits here."""
    now = clock.now()
    local: datetime = now.astimezone()
    return [fine("time", f"{now:%Y-%m-%d %H:%M:%S} UTC, {local:%H:%M:%S} {local.tzname()} here")]


def look_at_packages() -> list[Check]:
    """What is installed, and whether it is all ours."""
    python = f"Python {platform.python_version()}, g2a-console {console.__version__}"
    try:
        required = importlib.metadata.requires("g2a-console") or []
    except importlib.metadata.PackageNotFoundError:
        return [fine("packages", f"{python}, run from its source"), _other_console()]
    names = [re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in required if "extra ==" not in each]
    missing = [name for name in names if _version(name) is None]
    if missing:
        said = f"{python}. Missing: {', '.join(missing)}."
        return [wrong("packages", said, "Install g2a-console again."), _other_console()]
    return [fine("packages", ", ".join([python, *(f"{name} {_version(name)}" for name in names)])), _other_console()]


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _other_console() -> Check:
    if _version(_OTHER) is None:
        return fine("package console", "ours alone")
    return wrong(
        "package console",
        "Another package, `console`, is installed in the same place: each overwrites files of the other.",
        "`pip uninstall console`, then `pip install --force-reinstall --no-deps g2a-console`.",
    )
