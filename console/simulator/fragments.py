"""Stocks of encoded JSON that many products share: restrictions, requirements, videos, categories, images."""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from console.simulator import words
from console.simulator.dice import Dice

RESTRICTIONS = (
    "pegi_violence", "pegi_profanity", "pegi_discrimination", "pegi_drugs", "pegi_fear", "pegi_gambling",
    "pegi_online", "pegi_sex",
)  # fmt: skip
REQUIREMENTS = ("reqprocessor", "reqgraphics", "reqmemory", "reqdiskspace", "reqsystem", "reqother")

_VIDEO_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VIDEO_ADDRESSES = (
    "https://www.youtube.com/embed/", "https://www.youtube.com/watch?v=", "http://www.youtube.com/watch?v=",
)  # fmt: skip
_IMAGES = "https://images.g2a.com/images"


def encode(value: object) -> str:
    """Return `value` as JSON text."""
    return msgspec.json.encode(value).decode()


class Fragments:
    """The stocks of one catalogue. Each is a list of texts, drawn from as often as wanted."""

    def __init__(self, seed: int) -> None:
        dice = Dice(seed, "fragments")
        self.restrictions: Sequence[str] = ["[]", *(_restrictions(dice) for _ in range(49))]
        self.requirements: Sequence[str] = ["[]", "[]", *(_requirements(dice) for _ in range(98))]
        self.categories: Sequence[str] = [_categories(dice) for _ in range(400)]
        self.videos: Sequence[str] = [_videos(dice) for _ in range(800)]
        self.pictures: Sequence[str] = [picture(dice, "0x0/1x1x1") for _ in range(400)]
        self.developers: Sequence[str] = [encode(name) for name in words.STUDIOS]
        self.publishers: Sequence[str] = [encode(name) for name in words.PUBLISHERS]
        self.dates: Sequence[str] = [*[""] * 400, *(_date(dice, 2004 + dice.below(21)) for _ in range(1_600))]
        self.times: Sequence[str | None] = [
            *[None] * 200, *[""] * 800, *(f"{_date(dice, 2025)} {clock_time(dice)}" for _ in range(3_000)),
        ]  # fmt: skip


@lru_cache(maxsize=8)
def fragments_of(seed: int) -> Fragments:
    """Return the stocks of a seed, which take 30 ms to make and never change: tests start many simulators."""
    return Fragments(seed)


def picture(dice: Dice, size: str) -> str:
    """Return the URL of a new picture, not quoted."""
    digits = f"{dice.getrandbits(144):036x}"
    return f"{_IMAGES}/{size}/{digits[:12]}/{digits[12:]}"


def clock_time(dice: Dice) -> str:
    """Return a time of day, `HH:MM:SS`."""
    second = dice.below(86_400)
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def _date(dice: Dice, year: int) -> str:
    """A day before October of a year."""
    return f"{year}-{1 + dice.below(9):02}-{1 + dice.below(28):02}"


def _restrictions(dice: Dice) -> str:
    share = dice.pick((0.0, 0.0, 0.2, 0.6))
    return encode({name: dice.chance(share) for name in RESTRICTIONS})


def _requirements(dice: Dice) -> str:
    if dice.chance(0.4):
        return encode({level: dict.fromkeys(REQUIREMENTS, "") for level in ("minimal", "recommended")})
    pools = (words.PROCESSORS, words.GRAPHICS, words.MEMORIES, words.DISKS, words.SYSTEMS, words.OTHERS)
    return encode(
        {
            level: {name: dice.pick(pool) for name, pool in zip(REQUIREMENTS, pools, strict=True)}
            for level in ("minimal", "recommended")
        }
    )


def _videos(dice: Dice) -> str:
    """Up to three videos; now and then the same one twice."""
    videos = [_video(dice) for _ in range(dice.pick((0, 1, 1, 2, 3)))]
    return encode([*videos, videos[0]] if videos and dice.chance(0.03) else videos)


def _video(dice: Dice) -> dict[str, str]:
    name = "".join(dice.pick(_VIDEO_ALPHABET) for _ in range(11))
    return {"type": "YOUTUBE", "url": dice.pick(_VIDEO_ADDRESSES) + name}


def _categories(dice: Dice) -> str:
    """A product's categories, with the oddities of the recorded ones: repeated ids and names that vary."""
    if dice.chance(0.04):
        return "[]"
    drawn = [dice.pick(words.CATEGORIES) for _ in range(dice.pick((1, 1, 1, 2, 3, 6)))]
    chosen = list(dict.fromkeys(drawn))
    if dice.chance(0.05):
        chosen.append(chosen[0])
    if dice.chance(0.03):
        chosen.append(dice.pick(words.RENAMED_CATEGORIES))
    return encode([{"id": number, "name": name} for number, name in chosen])
