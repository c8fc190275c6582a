"""Signing in: the hash of G2A's guide, a token that is fetched once and kept fresh, and the way between them."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from console.g2a.auth import AutoSignIn, HashSignIn, TokenSignIn, api_key, sign_in
from console.g2a.documents import TokenDocument
from console.g2a.errors import BrokenReply, CredentialsRefused, G2AError, RequestRefused, ServerFailed, Unreachable
from console.settings import SecretStr, Settings
from tests.clock import FakeClock, settle

SANDBOX = Settings(
    g2a_client_id="qdaiciDiyMaTjxMt",
    g2a_email="sandboxapitest@g2a.com",
    g2a_client_secret=SecretStr("b0d293f6-e1d2-4629-8264-fd63b5af3207" * 2),
)
SANDBOX_KEY = "74026b3dc2c6db6a30a73e71cdb138b1e1b5eb7a97ced46689e2d28db1050875"
GAMES = Settings(
    g2a_client_id="games-games-games",
    g2a_email="test123@integration-api.g2a",
    g2a_client_secret=SecretStr("quite-nice-secret"),
)
GAMES_KEY = "5feaefae655d6d2dcfb27f22e700495aa90e255fc0ad93bc22dfc0ed770fae21"


class Endpoint:
    """A token endpoint: it gives numbered tokens, or what `answers` say first."""

    def __init__(self, *answers: G2AError | float | str, life: float | str = 3_600) -> None:
        self._answers = list(answers)
        self._life = life
        self.asked = 0
        self.open = asyncio.Event()
        self.open.set()

    async def fetch(self) -> TokenDocument:
        """A new token."""
        self.asked += 1
        number = self.asked
        await self.open.wait()
        answer = self._answers.pop(0) if self._answers else self._life
        if isinstance(answer, G2AError):
            raise answer
        return TokenDocument(f"token{number}", answer)


@pytest.mark.parametrize(("settings", "key"), [(SANDBOX, SANDBOX_KEY), (GAMES, GAMES_KEY)])
async def test_the_hash_header_is_that_of_the_published_examples(settings: Settings, key: str) -> None:
    assert api_key(settings.g2a_client_id, settings.g2a_email, settings.g2a_client_secret) == key
    assert await HashSignIn(settings).header() == f"{settings.g2a_client_id}, {key}"


async def test_a_refused_hash_header_is_not_tried_again() -> None:
    way = HashSignIn(GAMES)
    assert not way.refused(await way.header())


async def test_a_token_is_fetched_once_for_many_callers(clock: FakeClock) -> None:
    endpoint = Endpoint()
    endpoint.open.clear()
    way = TokenSignIn(endpoint.fetch, clock)
    callers = [asyncio.create_task(way.header()) for _ in range(50)]
    await settle()
    endpoint.open.set()
    assert set(await asyncio.gather(*callers)) == {"Bearer token1"}
    assert endpoint.asked == 1


@pytest.mark.parametrize(
    ("life", "fresh"),
    [
        (3_600, 3_540),
        ("3600", 3_540),
        (120, 60),
        (100, 50),
        (10, 5),
        (1e9, 86_340),
        ("1e999", 86_340),
        (0, 0.5),
        (-5, 0.5),
        (float("nan"), 0.5),
        ("soon", 0.5),
    ],
)
async def test_a_token_is_refreshed_early(clock: FakeClock, life: float | str, fresh: float) -> None:
    endpoint = Endpoint(life=life)
    way = TokenSignIn(endpoint.fetch, clock)
    await way.header()
    await clock.sleep(fresh - 0.25)
    assert await way.header() == "Bearer token1"
    await clock.sleep(0.25)
    assert await way.header() == "Bearer token2"


async def test_a_refused_token_is_dropped_and_a_new_one_fetched_once_for_all(clock: FakeClock) -> None:
    endpoint = Endpoint()
    way = TokenSignIn(endpoint.fetch, clock)
    header = await way.header()
    assert all(way.refused(header) for _ in range(8))
    assert set(await asyncio.gather(*(way.header() for _ in range(8)))) == {"Bearer token2"}
    assert endpoint.asked == 2


async def test_a_late_refusal_of_the_old_token_does_not_cost_the_new_one(clock: FakeClock) -> None:
    endpoint = Endpoint()
    way = TokenSignIn(endpoint.fetch, clock)
    old = await way.header()
    way.refused(old)
    new = await way.header()
    assert way.refused(old), "signing anew helps: there is another token by now"
    assert await way.header() == new


async def test_an_endpoint_that_fails_is_asked_again_by_the_next(clock: FakeClock) -> None:
    endpoint = Endpoint(ServerFailed("x"))
    way = TokenSignIn(endpoint.fetch, clock)
    with pytest.raises(ServerFailed):
        await way.header()
    assert await way.header() == "Bearer token2"


async def test_who_is_cancelled_while_the_token_comes_does_not_lock_out_the_others(clock: FakeClock) -> None:
    endpoint = Endpoint()
    endpoint.open.clear()
    way = TokenSignIn(endpoint.fetch, clock)
    first, second = asyncio.create_task(way.header()), asyncio.create_task(way.header())
    await settle()
    first.cancel()
    await settle()
    endpoint.open.set()
    assert await second == "Bearer token2"


REFUSALS = [CredentialsRefused("x"), RequestRefused("x", 400, None), RequestRefused("x", 404, None)]


def auto(endpoint: Endpoint, clock: FakeClock) -> AutoSignIn:
    """The way that `auto` gives, with an email set."""
    way = sign_in(GAMES, endpoint.fetch, clock)
    assert isinstance(way, AutoSignIn)
    return way


@pytest.mark.parametrize("refusal", REFUSALS, ids=["401", "400", "404"])
async def test_auto_falls_back_to_the_hash_when_the_endpoint_refuses(clock: FakeClock, refusal: G2AError) -> None:
    endpoint = Endpoint(refusal)
    way = auto(endpoint, clock)
    assert [await way.header() for _ in range(3)] == [f"games-games-games, {GAMES_KEY}"] * 3
    assert endpoint.asked == 1, "the endpoint is not asked again"


@pytest.mark.parametrize("fault", [ServerFailed("x"), Unreachable("x"), BrokenReply("x")], ids=["500", "reset", "html"])
async def test_auto_does_not_fall_back_when_the_endpoint_only_has_a_fault(clock: FakeClock, fault: G2AError) -> None:
    way = auto(Endpoint(fault), clock)
    with pytest.raises(type(fault)):
        await way.header()
    assert await way.header() == "Bearer token2"


async def test_auto_keeps_to_the_token_when_a_page_refuses_it(clock: FakeClock) -> None:
    way = auto(Endpoint(), clock)
    assert way.refused(await way.header())
    assert await way.header() == "Bearer token2"


async def test_a_token_refused_after_auto_fell_back_is_no_reason_to_give_up(clock: FakeClock) -> None:
    way = auto(Endpoint(3_600, CredentialsRefused("x")), clock)
    one = other = await way.header()
    assert way.refused(one)
    fallback = await way.header()
    assert fallback.startswith("games-games-games, ")
    assert way.refused(other), "the other request was signed with the token as well: the hash may help it"
    assert not way.refused(fallback)


def kinds(cases: Iterable[tuple[dict[str, Any], type]]) -> list[Any]:
    """Cases with readable names."""
    return [pytest.param(changes, kind, id=f"{changes}-{kind.__name__}") for changes, kind in cases]


@pytest.mark.parametrize(
    ("changes", "kind"),
    kinds(
        [
            ({"g2a_auth": "hash", "g2a_email": "a@b"}, HashSignIn),
            ({"g2a_auth": "oauth", "g2a_email": "a@b"}, TokenSignIn),
            ({"g2a_auth": "auto", "g2a_email": "a@b"}, AutoSignIn),
            ({"g2a_auth": "auto", "g2a_email": ""}, TokenSignIn),
        ]
    ),
)
def test_the_settings_choose_the_way(clock: FakeClock, changes: dict[str, Any], kind: type) -> None:
    assert type(sign_in(Settings(**changes), Endpoint().fetch, clock)) is kind
