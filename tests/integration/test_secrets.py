"""The client secret, the API key and tokens leave the process in requests to G2A, and in nothing else."""

import json
from collections.abc import Iterable
from hashlib import sha256

import pytest

from console.run import RunStatus
from console.settings import SecretStr
from tests.integration.bench import Bench
from tests.integration.commands import command
from tests.integration.replies import answering, ok

SECRET = "x9-Very-Secret-Indeed-77"


def api_key(bench: Bench) -> str:
    """The key of the hash header, as the API documents it."""
    config = bench.sim.config
    return sha256(f"{config.client_id}{config.email}{SECRET}".encode()).hexdigest()


def tokens(bench: Bench) -> list[str]:
    """The tokens that the simulator has issued and not revoked."""
    found = [token.decode() for token in bench.sim._api.gate._tokens]
    assert found
    return found


def check_nothing_leaked(bench: Bench, secrets: Iterable[str], *printed: str) -> None:
    """No file of the home and nothing that was printed holds one of the secrets."""
    files = [path for path in bench.home.root.rglob("*") if path.is_file()]
    assert {"catalog.db", "product_sync_scheduler.log"} <= {path.name for path in files}
    for secret in secrets:
        assert len(secret) > 20
        for path in files:
            assert secret.encode() not in path.read_bytes(), path
        for text in printed:
            assert secret not in text


@pytest.mark.parametrize(("way", "fault"), [("hash", "401"), ("oauth", "mix:0.3")])
def test_nothing_that_sync_writes_or_prints_holds_a_secret(bench: Bench, way: str, fault: str) -> None:
    bench.simulate(products=60, client_secret=SECRET, faults=(fault,))
    told = {"G2A_AUTH": way, "LOG_LEVEL": "DEBUG"}
    sync, status = command(bench, "sync", "--json", **told), command(bench, "status", "--json", **told)
    assert sync.returncode == (1 if fault == "401" else 0)
    secrets = [SECRET, api_key(bench), *(tokens(bench) if way == "oauth" else [])]
    check_nothing_leaked(bench, secrets, sync.stdout, sync.stderr, status.stdout, status.stderr)


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "401 Unauthorized", "500 Internal Server Error"])
@pytest.mark.parametrize("way", ["hash", "oauth"])
async def test_a_server_that_repeats_our_secrets_gets_them_nowhere(bench: Bench, way: str, status: str) -> None:
    """As a proxy does whose error page shows the request."""
    bench.simulate(client_secret=SECRET)
    token = "a-token-that-is-long-enough"

    def repeat(request: bytes) -> bytes:
        is_for_a_token = request.startswith(b"POST /oauth/token")
        if is_for_a_token and status != "400 Bad Request":
            return ok(json.dumps({"access_token": token, "expires_in": 3600}).encode())
        lines = request.decode("latin-1").split("\r\n")
        [sent] = lines[-1:] if is_for_a_token else [line for line in lines if line.lower().startswith("authorization")]
        said = f"<html>{sent}</html>" if status == "200 OK" else json.dumps({"message": sent, "code": sent[-20:]})
        return ok(said.encode(), status)

    async with answering(repeat) as address:
        report = await bench.fast_sync(
            g2a_base_url=address, g2a_auth=way, g2a_client_secret=SecretStr(SECRET), log_level="DEBUG"
        )
    assert report.status is RunStatus.FAILED
    assert report.error is not None
    assert "***" in report.error
    check_nothing_leaked(bench, [SECRET, api_key(bench), token], json.dumps(report.document(), default=str))
