"""Chance that repeats: everything random in the simulator is a function of the seed and of a name."""

import random
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")


def roll(*key: int | str) -> float:
    """Return a number from 0 up to, not including, 1 that depends on `key` alone.

    For decisions that must not depend on how many were made before, such as a fault for request number 17.
    """
    digest = blake2b("/".join(map(str, key)).encode(), digest_size=8).digest()
    # 53 bits are what a float holds exactly; with all 64 the quotient could round up to 1.
    return (int.from_bytes(digest, "big") >> 11) / (1 << 53)


class Dice(random.Random):
    """A generator for long sequences of draws.

    It uses nothing of `random.Random` but `random` and `getrandbits`: these two give the same numbers in every
    version of Python, `choice` and `shuffle` do not.
    """

    def __init__(self, *key: int | str) -> None:
        super().__init__("/".join(map(str, key)))

    def chance(self, probability: float) -> bool:
        """Return true with the given probability, 0 to 1."""
        return self.random() < probability

    def below(self, limit: int) -> int:
        """Return an integer from 0 to `limit` - 1."""
        return int(self.random() * limit)

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of `items`, which must not be empty."""
        return items[int(self.random() * len(items))]
