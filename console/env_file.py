"""Writing settings into a `.env`, beside whatever else stands there."""

import io
from collections.abc import Mapping
from pathlib import Path

from console.files import replace_file
from console.settings import SettingsError
from console.text import clean


def write_env_file(path: Path, values: Mapping[str, str]) -> None:
    """Set these names in the file, and leave its other lines and its comments as they are.

    The file is replaced as a whole, and only its owner can read it.

    Raises:
        SettingsError: it cannot be read or written; the file is as it was.
    """
    try:
        text = _with_values(path.read_text("utf-8-sig") if path.exists() else "", values)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, text)
    except UnicodeDecodeError:
        raise SettingsError(f"{clean(str(path))} is not UTF-8 text: move it away, and try again.") from None
    except OSError as error:
        raise SettingsError(f"{clean(str(path))} cannot be written: {error.strerror}.") from None


def _with_values(text: str, values: Mapping[str, str]) -> str:
    from dotenv.parser import parse_stream  # noqa: PLC0415 - needed once in the life of a home

    left = dict(values)
    parts: list[str] = []
    for binding in parse_stream(io.StringIO(text)):
        original = binding.original.string
        if binding.key not in values:
            parts.append(original)
            continue
        parts.append(original[: len(original) - len(original.lstrip())])  # empty lines above it
        if binding.key in left:  # a name that stands twice is set once, or the second would win
            parts.append(_line(binding.key, left.pop(binding.key)))
    if parts and not parts[-1].endswith("\n"):
        parts.append("\n")
    return "".join(parts) + "".join(_line(name, value) for name, value in left.items())


def _line(name: str, value: str) -> str:
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}='{quoted}'\n"
