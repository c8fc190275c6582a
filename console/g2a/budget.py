"""How many retries a run may make: enough for an API that stumbles, too few to hammer one that is down."""

_START = 100.0
_HIGHEST = 200.0
_EARNED_BY_SUCCESS = 2.0


class RetryBudget:
    """Each retry costs one, each success earns two: it lasts as long as one request of three succeeds."""

    def __init__(self) -> None:
        self._left = _START

    def earn(self) -> None:
        """A request succeeded."""
        self._left = min(self._left + _EARNED_BY_SUCCESS, _HIGHEST)

    def spend(self) -> bool:
        """Take one retry; False where none is left."""
        if self._left < 1:
            return False
        self._left -= 1
        return True
