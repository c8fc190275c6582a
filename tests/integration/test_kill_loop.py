"""A few rounds of the kill loop; `python -m tests.kill_loop` goes a hundred."""

from tests.integration.bench import Bench
from tests.kill_loop.loop import KillLoop


def test_a_program_that_is_killed_eight_times_loses_nothing_and_removes_nothing(bench: Bench) -> None:
    bench.simulate(products=1_000, latency_ms=60)
    tally = KillLoop(bench, seed=1, say=print).run(kills=8)
    assert tally.violations == []
    assert tally.kills == 8
    assert tally.gone_on_with > 0
    assert tally.last == "database and simulator agree in every field"
