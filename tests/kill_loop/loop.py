"""Start, kill, look, start again; and in the end, does the database agree with the simulator?"""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.integration.agreement import differences, entries_of, stored_entries
from tests.integration.bench import Bench
from tests.integration.commands import environment, words
from tests.integration.database import value
from tests.integration.waiting import wait_until
from tests.kill_loop.autopsy import Finding, Truth, acknowledged_pages, autopsy

_MOMENTS = ("page", "page", "page", "page", "page", "page", "start", "end")
"""What the moment of a kill is chosen by: a number of pages served, the start of the process, the end of the run."""
_LEFT_ALONE = 0.2
"""The share of lives that are let come to their end, so that not all kills hit the last pages."""
_START_SECONDS = 0.8
_END_SECONDS = 0.15
_JITTER_SECONDS = 0.03


@dataclass
class Tally:
    """What a loop has come to."""

    kills: int = 0
    where: Counter[str] = field(default_factory=Counter)
    completed: int = 0
    gone_on_with: int = 0
    """Starts that went on with a run that had been killed."""
    lost_pages: int = 0
    torn_pages: int = 0
    false_removals: int = 0
    unsound: int = 0
    miscounted: int = 0
    violations: list[str] = field(default_factory=list)
    last: str = "no run has been completed"
    seconds: float = 0.0


class KillLoop:
    """The program on one home, killed at moments that follow from the seed; `say` hears of each."""

    def __init__(self, bench: Bench, seed: int, say: Callable[[str], None]) -> None:
        self._bench = bench
        self._dice = random.Random(seed)
        self._say = say
        self._truth = self._look(newest_run_id=0)
        self._finding = Finding()
        self._newest_run_id = 0
        self.tally = Tally()

    def run(self, kills: int) -> Tally:
        """Kill that often, then let the last run come to its end."""
        began = time.monotonic()
        while self.tally.kills < kills:
            self._live(is_to_die=self._dice.random() > _LEFT_ALONE)
        self._live(is_to_die=False)
        self.tally.seconds = time.monotonic() - began
        return self.tally

    def _live(self, *, is_to_die: bool) -> None:
        """One life of the program: from its start until it is killed or ends by itself."""
        self._bench.sim.counters.reset()
        condition = self._moment() if is_to_die else lambda: False
        with self._start() as process:
            wait_until(lambda: condition() or process.poll() is not None, seconds=120)
            if process.poll() is None:
                self._kill(process)
                return
            _, complaint = process.communicate()
        self._ended(process.returncode, complaint)

    def _start(self) -> "subprocess.Popen[str]":
        """Go on with the run that was cut off, or begin a new one."""
        line = words(self._bench, "sync")
        if self._finding.is_cut_off:
            self.tally.gone_on_with += 1
            home, run_id = str(self._bench.home.root), str(self._finding.run_id)
            line = [sys.executable, "-m", "tests.kill_loop.go_on", home, run_id]
        return subprocess.Popen(
            line,
            env=environment(self._bench.settings()),
            cwd=self._bench.home.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _moment(self) -> Callable[[], bool]:
        """A moment of the life that begins now, from the dice."""
        pages = -(-len(self._truth.order) // 20) - (len(self._finding.done) if self._finding.is_cut_off else 0)
        match self._dice.choice(_MOMENTS):
            case "start":
                return _after(self._dice.uniform(0, _START_SECONDS))
            case "end":
                return self._served(pages + 1, self._dice.uniform(0, _END_SECONDS))
            case _:
                return self._served(self._dice.randint(1, max(pages, 1)), self._dice.uniform(0, _JITTER_SECONDS))

    def _served(self, pages: int, seconds: float) -> Callable[[], bool]:
        """So many seconds after that many requests for pages."""
        later: list[Callable[[], bool]] = []

        def is_so() -> bool:
            if not later and self._bench.sim.counters.products >= pages:
                later.append(_after(seconds))
            return bool(later) and later[0]()

        return is_so

    def _kill(self, process: "subprocess.Popen[str]") -> None:
        before = self._finding
        acknowledged = acknowledged_pages(self._bench.database)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.tally.kills += 1
        found = autopsy(self._bench.database, self._truth, acknowledged)
        if before.is_cut_off:
            found.lost_pages += sorted(before.done - found.done)
        where = found.where(self._newest_run_id)
        self.tally.where[where] += 1
        self._say(f"kill {self.tally.kills}: {where}")
        self._count(found)
        self._finding, self._newest_run_id = found, found.run_id

    def _count(self, found: Finding) -> None:
        tally = self.tally
        tally.lost_pages += len(found.lost_pages)
        tally.torn_pages += len(found.torn_pages)
        tally.false_removals += len(found.false_removals)
        tally.unsound += bool(found.unsound)
        tally.miscounted += bool(found.miscounted)
        for name in ("lost_pages", "torn_pages", "false_removals", "unsound", "miscounted"):
            if bad := getattr(found, name):
                self._violated(f"{name.replace('_', ' ')} {bad[:10]}")

    def _ended(self, code: int, complaint: str) -> None:
        """The program has ended by itself: all must agree; then the catalogue moves, and it all begins anew."""
        self.tally.completed += 1
        if code:
            self._violated(f"the program ended with {code}: {complaint.strip()}")
        found = differences(stored_entries(self._bench.database), self._truth.entries)
        self.tally.last = f"{len(found)} differences" if found else "database and simulator agree in every field"
        if found:
            self._violated(f"after the end of a run: {'; '.join(found[:5])}")
        self._say(f"a run came to its end: {self.tally.last}")
        self._bench.sim.catalogue.advance()
        self._newest_run_id = value(self._bench.database, "SELECT max(id) FROM sync_runs")
        self._truth = self._look(self._newest_run_id)
        self._finding = Finding()

    def _violated(self, what: str) -> None:
        self.tally.violations.append(f"after kill {self.tally.kills}: {what}")
        self._say(f"VIOLATION {self.tally.violations[-1]}")

    def _look(self, newest_run_id: int) -> Truth:
        documents = self._bench.sim.catalogue.documents()
        return Truth(entries_of(documents), sorted(documents), newest_run_id)


def _after(seconds: float) -> Callable[[], bool]:
    """So many seconds from now on."""
    at = time.monotonic() + seconds
    return lambda: time.monotonic() >= at
