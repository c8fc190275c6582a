"""A private PostgreSQL for the tests: a server of this process's own, with an empty database for every test.

It lives in a folder of its own, listens on loopback alone, and is ended by the kernel when the tests are, however
they end. Its password is one that a URL, a shell and JSON each write in their own way.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psutil
import pytest

if TYPE_CHECKING:
    import psycopg

USER = "shop"
PASSWORD = "p@ss/w:rd% ü\"'1"
_ROOT = "postgres"
_START_SECONDS = 30.0
_LOOK_SECONDS = 0.01
# What is committed is written, so that a server that is killed loses nothing; the disk alone is not waited for.
_QUICK = (
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "max_connections=60",
    "listen_addresses=127.0.0.1",
)
_ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


class PostgresMissing(Exception):
    """No server can be started here; the message says why."""


@dataclass
class PostgresServer:
    """A server that nobody else uses."""

    binaries: Path
    folder: Path
    port: int = 0
    _process: "subprocess.Popen[bytes] | None" = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def make(self) -> None:
        """Make the files of the cluster."""
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        _own(self.folder, secret)
        self._run(
            "initdb", "--no-sync", f"--pgdata={self._data}", f"--username={_ROOT}", f"--pwfile={secret}",
            "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        self.start()
        with self.connect(_ROOT) as root:
            root.execute(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD.replace(chr(39), chr(39) * 2)}'")

    def start(self) -> None:
        """Start it, on the port of the last time, and wait until it answers."""
        self.port = self.port or _free_port()
        options = [word for each in (*_QUICK, f"port={self.port}", f"unix_socket_directories={self.folder}")
                   for word in ("-c", each)]  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                _as_its_user([str(self.binaries / "postgres"), "-D", str(self._data), *options]),
                env=_ENV, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise PostgresMissing(f"PostgreSQL does not start here: {(self.folder / 'log').read_text()[-600:]}")
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """End it at once, as a machine that loses its power does, but for the files."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        """End it at once and start it again: every connection is cut."""
        self.stop()
        self.start()

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """Within it the server answers nothing, and closes nothing: its machine hangs."""
        assert self._process is not None
        postmaster = psutil.Process(self._process.pid)
        stopped = [postmaster, *postmaster.children(recursive=True)]
        for each in stopped:
            each.suspend()
        try:
            yield
        finally:
            for each in reversed(stopped):
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.resume()

    def connect(self, user: str = USER, database: str = "postgres") -> "psycopg.Connection[Any]":
        """A connection to look with; use it as a context manager."""
        import psycopg

        return psycopg.connect(
            host=str(self.folder), port=self.port, user=user, dbname=database, autocommit=True, connect_timeout=10
        )

    def create(self, template: str = "template1") -> "PostgresDatabase":
        """A new database, which is as the template is and belongs to an ordinary user."""
        name = f"shop_{next(self._numbers)}"
        with self.connect(_ROOT) as root:
            root.execute(f"CREATE DATABASE {name} OWNER {USER} TEMPLATE {template}")
        return PostgresDatabase(self, name)

    def drop(self, database: "PostgresDatabase") -> None:
        """Delete a database, whoever still uses it."""
        with self.connect(_ROOT) as root:
            root.execute(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _answers(self) -> bool:
        import psycopg

        with contextlib.suppress(psycopg.OperationalError), self.connect(_ROOT):
            return True
        return False

    def _run(self, program: str, *arguments: str) -> None:
        line = _as_its_user([str(self.binaries / program), *arguments])
        done = subprocess.run(line, env=_ENV, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PostgresMissing(f"{program} failed: {done.stderr.strip()[-600:]}")


@dataclass(frozen=True)
class PostgresDatabase:
    """A database of its own for one test."""

    server: PostgresServer
    name: str

    @property
    def url(self) -> str:
        """What DATABASE_URL is to be."""
        return f"postgresql+psycopg://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.server.port}/{self.name}"

    def connect(self) -> "psycopg.Connection[Any]":
        """A connection to look with; use it as a context manager."""
        return self.server.connect(database=self.name)

    def rows(self, statement: str, *parameters: object) -> list[dict[str, Any]]:
        """The rows of a query, as dictionaries."""
        from psycopg.rows import dict_row

        with self.connect() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return cursor.execute(statement.encode(), parameters or None).fetchall()

    def value(self, statement: str, *parameters: object) -> Any:
        """The one value of a query."""
        [row] = self.rows(statement, *parameters)
        [only] = row.values()
        return only

    def cut_connections(self) -> int:
        """Let the server end every connection to it but this one; returns how many there were."""
        with self.server.connect(_ROOT) as root:
            cut = root.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (self.name,)
            ).fetchall()
        return len(cut)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this process's tests, started for the first that asks for it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        try:
            _own(folder)
            server = PostgresServer(_binaries(), folder)
            server.make()
        except PostgresMissing as reason:
            pytest.skip(str(reason))
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[PostgresDatabase]:
    """An empty database that belongs to an ordinary user."""
    database = postgres_server.create()
    try:
        yield database
    finally:
        postgres_server.drop(database)


def _binaries() -> Path:
    """The folder of the newest PostgreSQL here."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(installed, key=lambda path: [int(each) for each in path.parts[4].split(".") if each.isdigit()])
    in_path = shutil.which("initdb")
    if not found and in_path is None:
        raise PostgresMissing("PostgreSQL is not installed here")
    binaries = found[-1].parent if found else Path(str(in_path)).resolve().parent
    if not (binaries / "postgres").exists():
        raise PostgresMissing("PostgreSQL's server is not installed here")
    return binaries


def _as_its_user(line: list[str]) -> list[str]:
    """The server refuses to run as root; and it is to end with whoever started it, even where that one is killed."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if os.geteuid() == 0:
            raise PostgresMissing("PostgreSQL does not run as root, and there is no setpriv to run it as another")
        return line
    its_user = [f"--reuid={_ROOT}", f"--regid={_ROOT}", "--clear-groups"] if os.geteuid() == 0 else []
    return [setpriv, "--pdeathsig", "QUIT", *its_user, *line]


def _own(*paths: Path) -> None:
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam(_ROOT)
        except KeyError:
            raise PostgresMissing("PostgreSQL does not run as root, and there is no user postgres") from None
        for path in paths:
            os.chown(path, user.pw_uid, user.pw_gid)


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
