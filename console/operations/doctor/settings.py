"""Every setting, and where it comes from."""

from collections.abc import Mapping
from dataclasses import fields

from console.home import Home
from console.operations.checks import Check, doubtful, fine
from console.operations.location import shown_url
from console.settings import SecretStr, Settings, read_env_file
from console.text import clean

_OURS = ("SYNC_", "G2A_", "LOG_", "API_", "DATABASE_")
_NOT_SHOWN = frozenset({"g2a_client_id", "g2a_email"})
"""No secrets, but whoever confuses the fields of an account puts one here."""


def look_at_settings(settings: Settings, home: Home, environment: Mapping[str, str]) -> list[Check]:
    """One line for each setting; of a secret only whether it is set."""
    in_file = read_env_file(home.env_file)
    checks = []
    for each in fields(Settings):
        name = each.name.upper()
        source = "environment" if environment.get(name) else ".env" if in_file.get(name) else "default"
        checks.append(fine(name, f"{_shown(each.name, getattr(settings, each.name))} ({source})"))
    known = {each.name.upper() for each in fields(Settings)}
    unknown = sorted(name for name in in_file if name.startswith(_OURS) and name not in known)
    if unknown:
        names = clean(", ".join(unknown), 300)
        checks.append(doubtful(".env", f"{names}: no such settings.", "Correct the names: see .env.example."))
    return [*checks, _env_file(home)]


def _shown(name: str, value: object) -> str:
    if name == "database_url" and isinstance(value, SecretStr):
        return shown_url(value)
    if isinstance(value, SecretStr) or name in _NOT_SHOWN:
        return "set" if value else "not set"
    return clean(str(value), 200)


def _env_file(home: Home) -> Check:
    warning = home.exposed_settings()
    if warning:
        said, _, command = warning.partition(": ")
        return doubtful("permissions of .env", f"{said}.", f"{command[:1].upper()}{command[1:]}")
    if not home.env_file.exists():
        return fine("permissions of .env", f"there is no {clean(str(home.env_file))}: all comes from the environment")
    return fine("permissions of .env", f"only its owner can read {clean(str(home.env_file))}")
