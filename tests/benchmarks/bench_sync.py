"""How fast the sync is, beside httpx alone that fetches the same pages; how close to a rate limit; how much memory.

python -m tests.benchmarks.bench_sync [--rounds N] [--products N] [--skip-limit] [--skip-memory]
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from console.clock import SystemClock
from console.g2a.auth import HashSignIn
from console.run import RunReport, Trigger
from console.scheduling.runner import Runner, RunRequest
from console.settings import Settings
from console.store.database import Database
from console.sync.product_service import ProductService
from tests.benchmarks.simulator_process import environment_for, settings_for, simulator

_FETCHERS = 8


async def _fetch_all(settings: Settings, pages: int) -> float:
    header = {"Authorization": await HashSignIn(settings).header()}
    limits = httpx.Limits(max_connections=_FETCHERS, max_keepalive_connections=_FETCHERS)
    numbers = iter(range(1, pages + 1))
    begun = time.perf_counter()
    async with httpx.AsyncClient(base_url=settings.g2a_base_url, headers=header, limits=limits) as client:

        async def fetch() -> None:
            for page in numbers:
                (await client.get("/v1/products", params={"page": page})).raise_for_status()

        await asyncio.gather(*(fetch() for _ in range(_FETCHERS)))
    return time.perf_counter() - begun


def _httpx_alone(address: str, pages: int) -> float:
    """Seconds for the pages in a process of its own: httpx as it comes, not as this program sets it up."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_sync", "--httpx-alone", address, "--pages", str(pages)]
    return float(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)


async def _sync(runner: Runner) -> tuple[float, RunReport]:
    begun = time.perf_counter()
    await runner.start(RunRequest(trigger=Trigger.MANUAL, requested_by="benchmark", job_id="benchmark"))
    report = await runner.wait()
    assert report
    assert report.status == "succeeded", report
    return time.perf_counter() - begun, report


async def _ratios(settings: Settings, products: int, rounds: int) -> None:
    pages = -(-products // 20)
    print(f"\n{products:,} products on {pages:,} pages, seconds:")
    print(f"{'':>8}{'httpx alone':>13}{'first sync':>12}{'ratio':>7}{'httpx alone':>13}{'unchanged':>11}{'ratio':>7}")
    first_ratios, unchanged_ratios = [], []
    for number in range(1, rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            database = await asyncio.to_thread(Database.open, Path(folder) / "catalog.db")
            service = ProductService(settings, database, SystemClock(), lambda _event: None)
            runner = Runner(service, database, SystemClock())
            alone = await asyncio.to_thread(_httpx_alone, settings.g2a_base_url, pages)
            first, _ = await _sync(runner)
            alone_again = await asyncio.to_thread(_httpx_alone, settings.g2a_base_url, pages)
            unchanged, report = await _sync(runner)
            assert report.counts.products_unchanged == products, report
            await database.close()
        first_ratios.append(first / alone)
        unchanged_ratios.append(unchanged / alone_again)
        print(
            f"{number:>8}{alone:>13.2f}{first:>12.2f}{first_ratios[-1]:>7.2f}"
            f"{alone_again:>13.2f}{unchanged:>11.2f}{unchanged_ratios[-1]:>7.2f}"
        )
    print(
        f"{'median':>8}{'':>13}{'':>12}{statistics.median(first_ratios):>7.2f}"
        f"{'':>13}{'':>11}{statistics.median(unchanged_ratios):>7.2f}"
    )


def _in_a_process(address: str, requests_per_minute: int) -> tuple[dict[str, float], float]:
    """The run of `g2a-console sync --json`, and the peak memory of its process in MB."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **environment_for(address, requests_per_minute)}
        command = [sys.executable, "-m", "console", "--home", folder, "sync", "--json"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        assert process.stdout
        document = json.loads(process.stdout.read())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
    assert document["status"] == "succeeded", document
    return document, usage.ru_maxrss / 1024


def _limit(products: int) -> None:
    with simulator(products, "--requests-per-minute", "600") as address:
        document, _ = _in_a_process(address, 600)
    allowed = document["requests"] / 10
    print(f"\nAt 600 requests a minute: {document['requests']} requests are allowed in {allowed:.1f} s")
    print(f"the sync took {document['duration_seconds']:.1f} s, ratio {document['duration_seconds'] / allowed:.3f}")


def _memory() -> None:
    print(f"\n{'products':>10}{'peak memory, MB':>18}")
    for products in (15_420, 100_000):
        with simulator(products) as address:
            _, megabytes = _in_a_process(address, 0)
        print(f"{products:>10,}{megabytes:>18.0f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--products", type=int, default=15_420)
    parser.add_argument("--skip-limit", action="store_true")
    parser.add_argument("--skip-memory", action="store_true")
    parser.add_argument("--httpx-alone", metavar="ADDRESS", help=argparse.SUPPRESS)
    parser.add_argument("--pages", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.httpx_alone:
        print(asyncio.run(_fetch_all(settings_for(arguments.httpx_alone), arguments.pages)))
        return
    with simulator(arguments.products) as address:
        asyncio.run(_ratios(settings_for(address), arguments.products, arguments.rounds))
    if not arguments.skip_memory:
        _memory()
    if not arguments.skip_limit:
        _limit(arguments.products)
    print(f"\nthis process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
