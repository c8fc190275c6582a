"""Credentials that an operator types: tried against the API, kept in the `.env`, and in nothing else."""

import pytest
from msgspec.structs import replace

from console.operations.credentials import Credentials
from console.operations.protocol import Refused
from console.settings import SecretStr, load_settings
from console.simulator.config import DEMO_CLIENT_ID, DEMO_CLIENT_KEY, DEMO_EMAIL
from tests.integration.bench import Bench
from tests.integration.test_operations import operating


def typed(bench: Bench, secret: str = DEMO_CLIENT_KEY) -> Credentials:
    """What somebody typed, with spaces as they come along with what is copied."""
    return Credentials(
        client_id=f" {DEMO_CLIENT_ID} ",
        client_secret=SecretStr(f"{secret} "),
        email=DEMO_EMAIL,
        base_url=bench.sim.url,
    )


async def test_credentials_that_g2a_takes_are_kept_and_are_the_next_settings(bench: Bench) -> None:
    bench.simulate()
    async with operating(bench, g2a_client_id="", g2a_client_secret=SecretStr("")) as operations:
        assert "No G2A credentials yet" in str((await operations.snapshot()).notice)
        trial = await operations.try_credentials(typed(bench))
        assert trial.accepted
        assert "accepts the credentials" in trial.words
        env_file = bench.home.env_file
        assert not env_file.exists(), "trying keeps nothing"
        await operations.keep_credentials(typed(bench))
    settings = load_settings(env_file, {})
    assert (settings.g2a_client_id, settings.g2a_client_secret.reveal()) == (DEMO_CLIENT_ID, DEMO_CLIENT_KEY)
    assert (settings.g2a_email, settings.g2a_base_url) == (DEMO_EMAIL, bench.sim.url)
    assert env_file.stat().st_mode & 0o777 == 0o600


async def test_credentials_that_g2a_refuses_are_no_open_question(bench: Bench) -> None:
    bench.simulate()
    async with operating(bench) as operations:
        trial = await operations.try_credentials(typed(bench, "wrong-secret-value"))
    assert not trial.accepted
    assert not trial.is_open
    assert "Compare them with those of your G2A account" in trial.words
    assert "wrong-secret-value" not in trial.words
    assert "wrong-secret-value" not in bench.log_text()


async def test_where_g2a_cannot_be_asked_the_question_is_open(bench: Bench) -> None:
    bench.simulate()
    async with operating(bench) as operations:
        gone = replace(typed(bench), base_url="http://127.0.0.1:9")
        trial = await operations.try_credentials(gone)
    assert (trial.accepted, trial.is_open) == (False, True)
    assert "Check the network" in trial.words


async def test_what_is_no_address_is_told_without_asking_anybody(bench: Bench) -> None:
    bench.simulate()
    async with operating(bench) as operations:
        trial = await operations.try_credentials(replace(typed(bench), base_url="gopher://g2a"))
    assert (trial.accepted, trial.is_open) == (False, False)
    assert trial.words.startswith("G2A_BASE_URL takes an https:// address")


async def test_half_of_the_credentials_is_not_kept(bench: Bench) -> None:
    bench.simulate()
    async with operating(bench, g2a_client_id="", g2a_client_secret=SecretStr("")) as operations:
        with pytest.raises(Refused, match="set G2A_CLIENT_SECRET"):
            await operations.keep_credentials(replace(typed(bench), client_secret=SecretStr(" ")))
    assert not bench.home.env_file.exists()
