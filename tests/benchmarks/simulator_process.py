"""The simulator as a process of its own, so that it is never what a benchmark measures."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

from console.settings import SecretStr, Settings
from console.simulator.config import DEMO_CLIENT_ID, DEMO_CLIENT_KEY, DEMO_EMAIL


@contextlib.contextmanager
def simulator(products: int, *options: str) -> Iterator[str]:
    """The address of a simulator that ends with the block, or with this process."""
    words = ["simulator", "--products", str(products), "--until-eof", *options]
    with subprocess.Popen(
        [sys.executable, "-m", "console", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def settings_for(address: str, requests_per_minute: int = 0) -> Settings:
    """Settings that sync from the simulator."""
    return Settings(
        g2a_base_url=address,
        g2a_client_id=DEMO_CLIENT_ID,
        g2a_client_secret=SecretStr(DEMO_CLIENT_KEY),
        g2a_email=DEMO_EMAIL,
        g2a_auth="hash",
        g2a_max_requests_per_minute=requests_per_minute,
    )


def environment_for(address: str, requests_per_minute: int = 0) -> dict[str, str]:
    """The same for a process of its own."""
    return {
        "G2A_BASE_URL": address,
        "G2A_CLIENT_ID": DEMO_CLIENT_ID,
        "G2A_CLIENT_SECRET": DEMO_CLIENT_KEY,
        "G2A_EMAIL": DEMO_EMAIL,
        "G2A_AUTH": "hash",
        "G2A_MAX_REQUESTS_PER_MINUTE": str(requests_per_minute),
    }
