"""Makes products, one after the other, in the order of their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from console.simulator import words
from console.simulator.dice import Dice
from console.simulator.fragments import encode, fragments_of
from console.simulator.product import Product, price_json
from console.simulator.titles import Title, make_title, slug

# The first eleven digits of an id count titles, with gaps; the last three tell a title's products apart.
_FIRST_TITLE = 10_000_000_024
_LARGEST_GAP = 400
OUT_OF_STOCK = 0.03
_SOLD_OUT_WITHOUT_PRICE = 0.3

# Cents behind the point, as often as each is seen; None leaves the price as it was drawn.
_ENDINGS = (99, 99, 99, 99, 99, 99, 49, 49, 0, None, None)
_RETAIL = tuple(
    first + second + third
    for first in (*['"retail_min_price":%s,'] * 5, "")
    for second in (*['"retailMinBasePrice":%s,'] * 5, "")
    for third in (*['"availableToBuy":false,'] * 8, '"availableToBuy":true,', "")
)
_NO_LIMIT = '"priceLimit":{"max":null,"min":null},'
_LIMITS = ("", *[_NO_LIMIT] * 4, *['"priceLimit":{"max":%s,"min":%s},'] * 5)


@dataclass(frozen=True, slots=True)
class _Box:
    """How a game is sold: edition, platform and region, ready to be put behind its title."""

    suffix: str
    slug: str
    members: str


@cache
def _boxes() -> Sequence[_Box]:
    """All ways to sell a game; some thousand, and the same for every catalogue."""
    boxes = []
    for edition in words.EDITIONS:
        for platform, key in words.PLATFORMS:
            for region in words.REGIONS:
                suffix = " ".join(filter(None, (edition, key, region)))
                # Many recorded products have the region in their name only.
                for told in (region, ""):
                    members = f'"region":{encode(told)},"platform":{encode(platform)},'
                    boxes.append(_Box(f" {suffix}", f"-{slug(suffix)}", members))
    return tuple(boxes)


class ProductMaker:
    """Turns draws into products. The same draws always give the same products."""

    def __init__(self, seed: int, null_prices: float) -> None:
        self._fragments = fragments_of(seed)
        self._boxes = _boxes()
        self._plain = _Box("", "", '"region":"","platform":"",')
        self._null_prices = null_prices
        self._number = _FIRST_TITLE
        self._title: Title | None = None
        self._name = ""
        self._left = 0
        self._variant = 0

    def make(self, dice: Dice) -> Product:
        """Return the next product; its id is greater than those of all before it."""
        title = self._next_title(dice)
        self._variant += 1 + dice.below(6)
        product_id = f"{self._number:011}{self._variant:03}"
        box = dice.pick(self._boxes) if title.boxed else self._plain
        cents = _price(dice, title.cents)
        front = (
            f'{{"id":"{product_id}","name":"{self._name}{box.suffix}","type":"{dice.pick(words.TYPES)}",'
            f'"slug":"/{title.stem}{box.slug}-i{product_id}",'
        )
        qty = 0 if dice.chance(OUT_OF_STOCK) else 1 + int(4_000 * dice.random() ** 4)
        return Product(
            id=product_id,
            cents=None if dice.chance(self._null_prices if qty else _SOLD_OUT_WITHOUT_PRICE) else cents,
            qty=qty,
            updated=dice.pick(self._fragments.times),
            front=front.encode(),
            own=(_retail(dice, cents) + box.members + _limit(dice, cents)).encode(),
            shared=title.shared,
        )

    def _next_title(self, dice: Dice) -> Title:
        """The title the next product belongs to: the present one until its products are all made."""
        if self._left == 0 or self._title is None:
            self._title = make_title(dice, self._fragments)
            self._name = encode(self._title.name)[1:-1]
            self._left = dice.pick((1, 2, 3, 4, 6))
            self._number += 1 + dice.below(_LARGEST_GAP)
            self._variant = 0
        self._left -= 1
        return self._title


def _price(dice: Dice, around: int) -> int:
    """A price in cents, with the endings that prices have."""
    cents = max(5, int(around * (0.5 + 1.5 * dice.random())))
    ending = dice.pick(_ENDINGS)
    return cents if ending is None else cents - cents % 100 + (ending or 100)


def _retail(dice: Dice, cents: int) -> str:
    """The retail members, each of them sometimes absent; the retail price can be below minPrice."""
    members = dice.pick(_RETAIL)
    retail = price_json(int(cents * (0.8 + 0.6 * dice.random()))).decode()
    return members.replace("%s", retail)


def _limit(dice: Dice, cents: int) -> str:
    """The price limit: absent, without values, or around the price, which can lie below it."""
    members = dice.pick(_LIMITS)
    if "%s" not in members:
        return members
    shift = dice.below(500)
    low, high = max(1, cents + shift % 20 - 5), cents + 20 + shift
    return members % (price_json(high).decode(), price_json(low).decode())
