"""What every room of the tests may use."""

from pathlib import Path

import hypothesis
import pytest

from tests.clock import FakeClock

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("patient")

_SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "g2a" / "samples"


@pytest.fixture
def samples() -> Path:
    """The folder of recorded responses of the G2A API, which lies beside the repository and not in it."""
    if not _SAMPLES.is_dir():
        pytest.skip("the recorded responses are not here")
    return _SAMPLES


@pytest.fixture
def clock() -> FakeClock:
    """A clock on which every sleep passes at once."""
    return FakeClock()
