"""Running `g2a-console` as it is run: a process of its own, with an environment of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from console.settings import Settings
from tests.integration.bench import Bench

STOPPING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
ROOT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 60.0


def environment(settings: Settings | None, **more: str) -> dict[str, str]:
    """What a process needs to be told, and nothing of our own environment that could change its mind."""
    told = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "LOGNAME": "alice"}
    if settings is not None:
        told |= {
            "G2A_BASE_URL": settings.g2a_base_url,
            "G2A_CLIENT_ID": settings.g2a_client_id,
            "G2A_CLIENT_SECRET": settings.g2a_client_secret.reveal(),
            "G2A_EMAIL": settings.g2a_email,
            "G2A_MAX_REQUESTS_PER_MINUTE": "0",
        }
    return told | more


def words(bench: Bench, *arguments: str) -> list[str]:
    """The command line on the bench's home."""
    return [sys.executable, "-m", "console", "--home", str(bench.home.root), *arguments]


def command(bench: Bench, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end; `more` goes into its environment."""
    return subprocess.run(
        words(bench, *arguments),
        env=environment(bench.settings(), **more),
        cwd=bench.home.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


def start(
    bench: Bench,
    *arguments: str,
    limit_bytes: int | None = None,
    ignored: Collection[signal.Signals] = (),
    **more: str,
) -> "subprocess.Popen[str]":
    """Start a command; use it as a context manager, so that its pipes are closed.

    With `limit_bytes` none of its files can grow beyond that. `ignored` are the signals that it is to ignore from its
    first moment; it heeds all others, whatever this process does.
    """
    if limit_bytes is None:
        line = words(bench, *arguments)
    else:
        run = f"import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit_bytes}, {limit_bytes}))"
        line = [sys.executable, "-c", f"{run}; runpy.run_module('console')", *words(bench, *arguments)[3:]]
    with _passing_on(ignored):
        return subprocess.Popen(
            line,
            env=environment(bench.settings(), **more),
            cwd=bench.home.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextlib.contextmanager
def _passing_on(ignored: Collection[signal.Signals]) -> Iterator[None]:
    """A child inherits which signals are ignored; and a shell ignores SIGINT for what it starts in the background."""
    before = {number: signal.getsignal(number) for number in STOPPING}
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def document(stdout: str) -> dict[str, Any]:
    """The one JSON document that a command printed."""
    found: dict[str, Any] = json.loads(stdout)
    return found
