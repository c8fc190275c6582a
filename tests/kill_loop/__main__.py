"""The kill loop as a command: prints a table, and ends with 1 where anything was not as it must be.

python -m tests.kill_loop [--kills 100] [--products 3000] [--seed N] [--latency-ms 100]
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.integration.bench import Bench
from tests.kill_loop.loop import KillLoop, Tally


def main() -> int:
    """Run the loop and print what came of it."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as threads:
        bench = Bench(Path(folder) / "home", threads)
        bench.simulate(products=arguments.products, latency_ms=arguments.latency_ms, seed=arguments.seed)
        tally = KillLoop(bench, arguments.seed, _say).run(arguments.kills)
    sys.stdout.write(table(tally, f"{arguments.products:,} products, seed {arguments.seed}") + "\n")
    return 1 if tally.violations else 0


def table(tally: Tally, of_what: str) -> str:
    """What came of it, in lines."""
    counts = {
        "kills": tally.kills,
        **{f"  {where}": count for where, count in sorted(tally.where.items())},
        "starts that went on with a killed run": tally.gone_on_with,
        "runs that came to their end": tally.completed,
        "pages told as stored and lost": tally.lost_pages,
        "pages not whole": tally.torn_pages,
        "products taken for gone that are there": tally.false_removals,
        "databases not sound": tally.unsound,
        "databases whose runs count wrongly": tally.miscounted,
    }
    lines = [f"{of_what}, {tally.seconds:.0f} seconds", *(f"{name:<55}{count:>6}" for name, count in counts.items())]
    return "\n".join([*lines, f"the last run: {tally.last}", *tally.violations])


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kill_loop", description="Kill the program again and again.")
    parser.add_argument("--kills", type=int, default=100, metavar="N")
    parser.add_argument("--products", type=int, default=3_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--latency-ms", type=float, default=100, metavar="N", help="mean time of an answer")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
