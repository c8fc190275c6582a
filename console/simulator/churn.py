"""How the catalogue moves on: prices and stocks change, a few products come, a few go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.simulator.dice import Dice
from console.simulator.fragments import clock_time
from console.simulator.maker import ProductMaker
from console.simulator.product import Product

CHANGED_SHARE = 0.015
COMING_SHARE = 0.001
SMALLEST_MOVING = 100
"""A catalogue of no more products than this has changes, but nothing comes and nothing goes."""

# One generation a day, counted from a day after the last that a new catalogue mentions.
_FIRST_DAY = datetime(2025, 10, 1)  # noqa: DTZ001 - the API's times have no zone either


@dataclass(frozen=True, slots=True)
class Changes:
    """What one generation did, as ids in no particular order."""

    generation: int
    changed: Sequence[str] = ()
    """Products with another price or stock."""
    appeared: Sequence[str] = ()
    """New ones, and ones that are in stock again."""
    gone: Sequence[str] = ()
    """Ones out of stock now, and ones that no query finds any more."""


def move(
    products: dict[str, Product], generation: int, dice: Dice, maker: ProductMaker, frozen_cents: int | None
) -> Changes:
    """Change `products` in place into the next generation.

    Products with verbatim JSON stay as they are. `frozen_cents` is a price that no product leaves or takes.
    """
    listed = [product for product in products.values() if product.listed and product.raw is None]
    sold_out = [product for product in products.values() if not product.listed and product.raw is None]
    today = (_FIRST_DAY + timedelta(days=generation)).strftime("%Y-%m-%d")
    changed = [product for product in listed if dice.chance(CHANGED_SHARE)]
    if listed and not changed:
        changed = [dice.pick(listed)]
    for product in changed:
        _change(product, dice, frozen_cents)
        _touch(product, dice, today)
    coming = max(1, round(len(listed) * COMING_SHARE)) if len(listed) > SMALLEST_MOVING else 0
    gone = _let_go(products, listed, coming, dice)
    back = _bring_back(sold_out, coming // 2, dice, today)
    new = [_make_new(products, maker, dice, today, frozen_cents) for _ in range(coming - len(back))]
    left = set(gone)
    return Changes(
        generation,
        changed=tuple(product.id for product in changed if product.id not in left),
        appeared=(*back, *new),
        gone=tuple(gone),
    )


def _change(product: Product, dice: Dice, frozen_cents: int | None) -> None:
    """Change the stock, the price or both; at least one is another than before."""
    fixed = product.cents is None or product.cents == frozen_cents
    stock, price = (True, False) if fixed else dice.pick(((True, False), (False, True), (True, True)))
    if stock:
        more = dice.chance(0.5) or product.qty == 1
        product.qty = product.qty + 1 + dice.below(50) if more else 1 + dice.below(product.qty - 1)
    if price and product.cents is not None:
        step = 1 + dice.below(max(1, product.cents // 5))
        dearer = dice.chance(0.5) or product.cents <= step
        product.cents += step if dearer else -step
        if product.cents == frozen_cents:
            product.cents += 1 if dearer else -1


def _touch(product: Product, dice: Dice, today: str) -> None:
    """Set the time of the last change, unless the product is one of those that never tell theirs."""
    if product.updated:
        product.updated = f"{today} {clock_time(dice)}"


def _let_go(products: dict[str, Product], listed: Sequence[Product], count: int, dice: Dice) -> list[str]:
    """Sell out every second one, take the others away altogether."""
    gone: dict[str, None] = {}
    while len(gone) < count:
        product = dice.pick(listed)
        if product.id in gone:
            continue
        if len(gone) % 2:
            product.qty = 0
        else:
            del products[product.id]
        gone[product.id] = None
    return list(gone)


def _bring_back(sold_out: Sequence[Product], count: int, dice: Dice, today: str) -> list[str]:
    """Put products in stock again that were out of it before this generation."""
    back: dict[str, None] = {}
    while len(back) < min(count, len(sold_out)):
        product = dice.pick(sold_out)
        if product.id not in back:
            product.qty = 1 + dice.below(100)
            _touch(product, dice, today)
            back[product.id] = None
    return list(back)


def _make_new(
    products: dict[str, Product], maker: ProductMaker, dice: Dice, today: str, frozen_cents: int | None
) -> str:
    """Add a product that never was there, with an id behind all others, and return the id."""
    product = maker.make(dice)
    product.qty = max(1, product.qty)
    if product.cents is not None and product.cents == frozen_cents:
        product.cents += 1
    _touch(product, dice, today)
    products[product.id] = product
    return product.id
