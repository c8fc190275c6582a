"""Whether and when a failed request is tried again."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.g2a.errors import (
    BrokenReply,
    ClientUnusable,
    CredentialsRefused,
    G2AError,
    NotTrusted,
    RequestRefused,
    ServerFailed,
    TimedOut,
    TooManyRequests,
    Unreachable,
)
from console.g2a.retry import RetryPolicy

TRANSIENT: list[G2AError] = [
    Unreachable("x"),
    TimedOut("x"),
    ServerFailed("x"),
    BrokenReply("x"),
    TooManyRequests("x", None),
]
FINAL: list[G2AError] = [
    RequestRefused("x", 400, "PR02"),
    CredentialsRefused("x"),
    NotTrusted("x"),
    ClientUnusable("x"),
]
seeds = st.integers(0, 2**32)
any_seconds = st.floats(allow_nan=False)


def at_most(_low: float, high: float) -> float:
    """The longest pause that chance may give."""
    return high


@pytest.mark.parametrize("error", TRANSIENT, ids=lambda error: type(error).__name__)
def test_what_may_pass_is_tried_six_times_and_then_given_up(error: G2AError) -> None:
    policy = RetryPolicy(at_most)
    assert [policy.pause(attempt, error) is None for attempt in range(1, 8)] == [False] * 5 + [True] * 2


@pytest.mark.parametrize("error", FINAL, ids=lambda error: type(error).__name__)
def test_what_will_not_pass_is_not_tried_again(error: G2AError) -> None:
    assert RetryPolicy(at_most).pause(1, error) is None


def test_the_limit_doubles_up_to_the_highest() -> None:
    policy = RetryPolicy(at_most, attempts=10)
    pauses = [policy.pause(attempt, ServerFailed("x")) for attempt in range(1, 10)]
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


@given(seeds, st.integers(1, 100))
def test_the_pause_is_random_between_nothing_and_the_limit(seed: int, attempt: int) -> None:
    policy = RetryPolicy(random.Random(seed).uniform, attempts=101)
    pause = policy.pause(attempt, Unreachable("x"))
    assert pause is not None
    assert 0 <= pause <= min(30.0, 0.5 * 2 ** (attempt - 1))


def test_two_clients_do_not_come_back_together() -> None:
    source = random.Random(1)
    pauses = {RetryPolicy(source.uniform).pause(4, ServerFailed("x")) for _ in range(50)}
    assert len(pauses) == 50


@given(seeds, st.integers(1, 5), any_seconds)
def test_what_the_api_asks_for_is_waited_but_never_without_bound(seed: int, attempt: int, asked: float) -> None:
    policy = RetryPolicy(random.Random(seed).uniform)
    pause = policy.pause(attempt, TooManyRequests("x", asked))
    assert pause is not None
    assert min(max(asked, 0.0), 120.0) <= pause <= 120.0 + 30.0


def test_without_a_wish_of_the_api_429_is_as_any_other_fault() -> None:
    policy = RetryPolicy(at_most)
    assert policy.pause(3, TooManyRequests("x", None)) == policy.pause(3, ServerFailed("x"))


@pytest.mark.parametrize(
    ("error", "ends_run"),
    [(CredentialsRefused("x"), True), (NotTrusted("x"), True), (ClientUnusable("x"), True)]
    + [(error, False) for error in (*TRANSIENT, RequestRefused("x", 400, None))],
)
def test_only_what_no_other_request_could_escape_ends_the_run(error: G2AError, ends_run: bool) -> None:  # noqa: FBT001, RUF100
    assert error.ends_run is ends_run
