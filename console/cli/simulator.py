"""`g2a-console simulator`: a G2A API of our own on this machine."""

import argparse
import sys
from collections.abc import Callable

from console.cli.output import ExitCode, complain, say
from console.home import Home
from console.settings import Settings
from console.simulator.config import SimulatorConfig
from console.simulator.serve import serve


def simulator(arguments: argparse.Namespace, home: Home, settings: Settings) -> int:
    """Serve until a signal (or the end of standard input) comes; the address is the one line on stdout."""
    del home, settings
    try:
        config = SimulatorConfig(
            products=arguments.products,
            seed=arguments.seed,
            latency_ms=arguments.latency_ms,
            churn=arguments.churn,
            page_limit=arguments.page_limit,
            requests_per_minute=arguments.requests_per_minute,
            fixture=arguments.fixture,
            faults=tuple(arguments.fault),
        )
        serve(config, "127.0.0.1", arguments.port, ready=_tell(config), until_eof=arguments.until_eof)
    except ValueError as error:
        complain(str(error))
        return ExitCode.USAGE
    except OSError as error:
        complain(f"Port {arguments.port} cannot be used: {error.strerror}.")
        return ExitCode.FAILED
    return ExitCode.DONE


def _tell(config: SimulatorConfig) -> Callable[[str], None]:
    def ready(url: str) -> None:
        say(url)
        if sys.stderr.isatty():
            complain(
                "To use it, set:\n"
                f"  G2A_BASE_URL={url}\n  G2A_CLIENT_ID={config.client_id}\n"
                f"  G2A_CLIENT_SECRET={config.client_secret}\n  G2A_EMAIL={config.email}"
            )

    return ready
