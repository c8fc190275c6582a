"""What keeps a wrong answer of the API from emptying a shop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.sync.guard import Removal, blocked_because

counts = st.integers(0, 100_000)


@pytest.mark.parametrize(
    ("gone", "active", "allowed", "is_blocked"),
    [
        (0, 100, 0, False),
        (1, 100, 0, True),
        (20, 100, 20, False),
        (21, 100, 20, True),
        (2, 1_000, 0.2, False),
        (3, 1_000, 0.2, True),
        (100, 100, 100, False),
        (0, 0, 20, False),
    ],
)
def test_more_than_the_allowed_share_is_blocked(gone: int, active: int, allowed: float, is_blocked: bool) -> None:
    assert (blocked_because(Removal(gone, active, total=50), allowed) is not None) is is_blocked


@given(counts, counts, st.floats(0, 100))
def test_an_api_that_says_it_has_nothing_removes_nothing(gone: int, active: int, allowed: float) -> None:
    reason = blocked_because(Removal(min(gone, active), active, total=0), allowed)
    assert (reason is not None) == (min(gone, active) > 0)


@given(counts, counts, st.floats(0, 100))
def test_what_is_not_blocked_is_within_the_share(gone: int, active: int, allowed: float) -> None:
    removal = Removal(min(gone, active), active, total=1)
    if blocked_because(removal, allowed) is None:
        assert removal.gone * 100 <= allowed * active + 1e-6
    else:
        assert removal.gone * 100 > allowed * active - 1e-6


def test_the_reason_names_the_numbers_and_the_setting() -> None:
    assert blocked_because(Removal(13_878, 15_420, total=1_542), 20) == (
        "13,878 of 15,420 active products (90.0 %) would be removed, more than SYNC_MAX_REMOVED_PERCENT allows (20 %): "
        "nothing was removed."
    )
    assert blocked_because(Removal(15_420, 15_420, total=0), 100) == (
        "G2A says that it has no products at all; the 15,420 active ones were kept."
    )


def test_of_nothing_the_share_is_nothing() -> None:
    assert Removal(0, 0, 0).percent == 0
