"""Who may ask: the hash header and the tokens."""

from pathlib import Path

import httpx
import pytest

from console.simulator.config import SimulatorConfig

from .conftest import Bench, HandClock, Start, hash_header


def bearer(response: httpx.Response) -> dict[str, str]:
    """The header for a token that was just issued."""
    return {"Authorization": f"Bearer {response.json()['access_token']}"}


async def status(bench: Bench, authorization: str) -> int:
    response = await bench.client.get("/v1/products", headers={"Authorization": authorization})
    if response.status_code != 200:
        assert response.json()["code"] == "AUTH02"
    return response.status_code


async def test_the_documented_hash_is_what_is_checked(start: Start) -> None:
    bench = await start(
        client_id="games-games-games", email="test123@integration-api.g2a", client_secret="quite-nice-secret"
    )
    key = "5feaefae655d6d2dcfb27f22e700495aa90e255fc0ad93bc22dfc0ed770fae21"
    assert await status(bench, f"games-games-games, {key}") == 200
    for wrong in (f"games-games-games,{key}", f"games-games-games, {key.upper()}", f"games, {key}", key, ""):
        assert await status(bench, wrong) == 401


async def test_without_a_header_nothing_is_shown(start: Start) -> None:
    bench = await start()
    async with httpx.AsyncClient(base_url=bench.sim.url, trust_env=False) as stranger:
        response = await stranger.get("/v1/products")
    assert response.status_code == 403
    assert response.json() == {"status": "ERROR", "message": "No Authorization header", "code": "AUTH01"}


async def test_a_token_opens_the_catalogue(start: Start) -> None:
    bench = await start(token_seconds=1_800)
    issued = await bench.ask_token()
    assert issued.status_code == 200
    assert list(issued.json()) == ["access_token", "token_type", "expires_in"]
    assert (issued.json()["token_type"], issued.json()["expires_in"]) == ("bearer", 1_800)
    assert (await bench.client.get("/v1/products", headers=bearer(issued))).status_code == 200
    assert bench.sim.counters.tokens_issued == 1
    assert (await bench.ask_token()).json()["access_token"] != issued.json()["access_token"]


async def test_a_token_expires_when_it_says(start: Start, hand_clock: HandClock) -> None:
    bench = await start(clock=hand_clock, token_seconds=60)
    token = bearer(await bench.ask_token())["Authorization"]
    hand_clock.now += 59.9
    assert await status(bench, token) == 200
    hand_clock.now += 0.1
    assert await status(bench, token) == 401


async def test_tokens_can_be_revoked(start: Start) -> None:
    bench = await start()
    first = bearer(await bench.ask_token())["Authorization"]
    bench.sim.revoke_tokens()
    assert await status(bench, first) == 401
    second = bearer(await bench.ask_token())["Authorization"]
    assert await status(bench, second) == 200
    await bench.client.delete("/_control/tokens")
    assert await status(bench, second) == 401


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_a_wrong_form_gets_no_token(start: Start, changes: dict[str, str], code: int, error: str) -> None:
    bench = await start()
    response = await bench.ask_token(**changes)
    assert (response.status_code, response.json()) == (code, {"error": error})
    assert bench.sim.counters.tokens_issued == 0


async def test_a_token_is_asked_for_with_a_form(start: Start) -> None:
    bench = await start()
    assert (await bench.client.get("/oauth/token")).status_code == 405
    assert (await bench.client.post("/oauth/token", json={"grant_type": "client_credentials"})).status_code == 400
    assert (await bench.client.post("/oauth/token", data={"client_id": "x"})).json() == {"error": "invalid_request"}


async def test_oauth_can_be_refused(start: Start) -> None:
    bench = await start(oauth=False)
    assert (await bench.ask_token()).status_code == 404
    assert await status(bench, "Bearer anything") == 401
    assert await status(bench, hash_header(SimulatorConfig())) == 200


async def test_oauth_can_be_required(start: Start) -> None:
    bench = await start(require_oauth=True)
    assert await status(bench, hash_header(SimulatorConfig())) == 401
    assert await status(bench, bearer(await bench.ask_token())["Authorization"]) == 200


def test_the_recorded_errors_are_the_ones_answered(samples: Path) -> None:
    recorded = (samples / "official_error_examples.json").read_text()
    for text in ("No Authorization header", "Authorization failed", "Too many requests"):
        assert text in recorded
