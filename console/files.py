"""Replacing a file as a whole, so that whatever happens it is the old one or the new one."""

import contextlib
import os
import tempfile
from pathlib import Path


def replace_file(path: Path, text: str) -> None:
    """Write beside it and rename; only its owner can read it, and a link stays one.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    target = path.resolve()
    descriptor, beside = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}-")  # 0600 from the first moment
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(beside).unlink()
        raise
