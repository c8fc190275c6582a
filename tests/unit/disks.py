"""Disks and files that refuse: real ones, where this machine lets us make them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def fixed(path: Path) -> Iterator[None]:
    """A file or folder that not even root can change."""
    if subprocess.run(["chattr", "+i", path], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be fixed here")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", path], check=True)


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[None]:
    """A disk with little room."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", path], check=True)


def give_room(disk: Path, size: str = "64m") -> None:
    """Make room on a small disk."""
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)
