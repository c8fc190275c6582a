"""How fast the simulator is: pages a second from another process, and the time and memory a catalogue takes.

Run it with `python tests/benchmarks/bench_simulator.py`. The server has a process of its own and therefore at most one
core; the client is as small as can be, so that it is the server that is measured.
"""

import resource
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from console.simulator.config import SimulatorConfig

ROOT = Path(__file__).resolve().parents[2]
PRODUCTS = 20_000
PAGES = PRODUCTS // 20
SECONDS = 3.0
WANTED_PAGES_PER_S = 2_000

SERVER = """
from console.simulator.config import SimulatorConfig
from console.simulator.serve import serve
serve(SimulatorConfig(products={products}, gzip={gzip}), "127.0.0.1", 0, lambda url: print(url, flush=True), True)
"""
GENERATION = """
import hashlib, resource, time
from console.simulator.catalogue import Catalogue
from console.simulator.config import SimulatorConfig
from console.simulator.query import Filters
start = time.perf_counter()
catalogue = Catalogue(SimulatorConfig(products={products}))
took = time.perf_counter() - start
digest = hashlib.sha256()
for product in catalogue.find(Filters()):
    digest.update(product.encoded())
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, digest.hexdigest()[:12])
"""


def python(code: str) -> list[str]:
    """The command that runs `code` in a Python like this one."""
    return [sys.executable, "-c", code]


@contextmanager
def server(*, gzip: bool = False) -> Iterator[tuple[str, int]]:
    """A simulator in a process of its own; gives its host and port."""
    code = SERVER.format(products=PRODUCTS, gzip=gzip)
    with subprocess.Popen(python(code), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        address = urlsplit(child.stdout.readline().strip())
        yield str(address.hostname), int(address.port or 0)
        # The end of its standard input ends it.
        child.communicate()


def request(page: int) -> bytes:
    """A request for a page, with the demo credentials."""
    config = SimulatorConfig()
    key = sha256(f"{config.client_id}{config.email}{config.client_secret}".encode()).hexdigest()
    head = f"GET /v1/products?page={page} HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n"
    return f"{head}Authorization: {config.client_id}, {key}\r\n\r\n".encode()


class Lane:
    """One keep-alive connection with `depth` requests under way."""

    def __init__(self, address: tuple[str, int], depth: int, requests: Iterator[bytes]) -> None:
        self.sock = socket.create_connection(address)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._buffer = bytearray()
        self.sock.sendall(b"".join(next(requests) for _ in range(depth)))

    def read(self) -> int:
        """Take what has come, ask for as many pages as are complete, and return their number."""
        self._buffer += self.sock.recv(1 << 20)
        done, start = 0, 0
        while (end := self._buffer.find(b"\r\n\r\n", start)) >= 0:
            head = bytes(self._buffer[start:end])
            assert head.startswith(b"HTTP/1.1 200 "), head
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            if end + 4 + length > len(self._buffer):
                break
            start = end + 4 + length
            done += 1
        del self._buffer[:start]
        if done:
            self.sock.sendall(b"".join(next(self._requests) for _ in range(done)))
        return done


def pages_per_second(address: tuple[str, int], connections: int, depth: int) -> float:
    """Sweep the catalogue over and over for some seconds."""
    heads = [request(page) for page in range(1, PAGES + 1)]

    def forever() -> Iterator[bytes]:
        while True:
            yield from heads

    requests = forever()
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        lane = Lane(address, depth, requests)
        selector.register(lane.sock, selectors.EVENT_READ, lane)
    pages, start = 0, time.perf_counter()
    while (took := time.perf_counter() - start) < SECONDS:
        for key, _ in selector.select(1):
            pages += key.data.read()
    for key in list(selector.get_map().values()):
        key.data.sock.close()
    selector.close()
    return pages / took


def bench_pages() -> None:
    """Print the pages a second for some ways to ask."""
    print(f"{'connections':>12} {'pipelined':>10} {'gzip':>6} {'pages/s':>9} {'µs/page':>9}")
    for connections, depth, gzip in ((1, 1, False), (8, 1, False), (64, 1, False), (8, 16, False), (8, 1, True)):
        with server(gzip=gzip) as address:
            rate = pages_per_second(address, connections, depth)
        mark = "" if gzip or rate >= WANTED_PAGES_PER_S else f"  (wanted: {WANTED_PAGES_PER_S:,})"
        print(f"{connections:>12} {depth:>10} {'yes' if gzip else 'no':>6} {rate:>9,.0f} {1e6 / rate:>9.0f}{mark}")


def bench_generation() -> None:
    """Print what a catalogue costs to make, and the start of its digest, which must never change by itself."""
    print(f"{'products':>12} {'seconds':>10} {'MB peak':>8} {'SHA-256':>14}")
    for products in (1_000, 20_000, 100_000, 300_000):
        output = subprocess.check_output(python(GENERATION.format(products=products)), cwd=ROOT, text=True)
        took, memory, digest = output.split()
        print(f"{products:>12,} {float(took):>10.2f} {int(memory):>8} {digest:>14}")


if __name__ == "__main__":
    bench_pages()
    print()
    bench_generation()
    print(f"\nthis client's own memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
