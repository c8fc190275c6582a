"""The home: there, writable, private, and with room."""

import os
import shlex
import shutil
import stat
from pathlib import Path

from console.home import Home
from console.operations.checks import Check, doubtful, fine, wrong
from console.text import clean

_LITTLE_BYTES = 200_000_000
_TOO_LITTLE_BYTES = 20_000_000


def look_at_home(home: Home) -> list[Check]:
    """The folder, what lies in it, and the disk."""
    there = home.root
    while not there.exists() and there != there.parent:
        there = there.parent
    return [_folder(home, there), _private(home), _log(home), _room(there)]


def _folder(home: Home, there: Path) -> Check:
    named = clean(str(home.root))
    advice = "Give yourself the right, or choose another with --home."
    if not there.is_dir():
        return wrong("home", f"{clean(str(there))} is no folder.", "Choose another with --home.")
    if not os.access(there, os.W_OK | os.X_OK):
        return wrong("home", f"{clean(str(there))} cannot be written.", advice)
    return fine("home", named if there == home.root else f"{named}, made at the first start")


def _private(home: Home) -> Check:
    ours = [home.log_file.parent, home.run_folder, home.backups_folder, home.lock_file]
    for folder, pattern in (
        (home.root, "catalog.db*"),
        (home.log_file.parent, f"{home.log_file.name}*"),
        (home.backups_folder, "*.db"),
    ):
        ours += folder.glob(pattern)
    open_to_others = [path for path in ours if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_to_others:
        names = " ".join(shlex.quote(clean(str(path))) for path in sorted(open_to_others))
        return doubtful("permissions", "Others can use files of the home.", f"`chmod go-rwx {names}`")
    return fine("permissions", "what the console keeps is for its owner alone")


def _log(home: Home) -> Check:
    path = home.log_file
    named = clean(str(path))
    if not path.exists():
        return fine("log", f"{named}, made at the first start")
    if not path.is_file() or not os.access(path, os.W_OK):
        return wrong("log", f"{named} cannot be written.", "Move it away, or give yourself the right.")
    return fine("log", f"{named} ({path.stat().st_size / 1e6:.1f} MB)")


def _room(there: Path) -> Check:
    free = shutil.disk_usage(there).free
    said = f"{free / 1e9:.1f} GB free"
    if free < _TOO_LITTLE_BYTES:
        return wrong("disk", f"The disk is full: {said}.", "Make room.")
    return doubtful("disk", f"Only {said}.", "Make room soon.") if free < _LITTLE_BYTES else fine("disk", said)
