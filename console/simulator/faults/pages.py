"""Faults in what a page says: the reply is well-formed, its content is not right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from console.simulator.dice import roll
from console.simulator.faults.occasion import Occasion
from console.simulator.faults.products import BROKEN, HOSTILE_NAMES, break_product, poison, rename
from console.simulator.product import Product

PAGE_SIZE = 20
_LARGEST_SHIFT = 10
_DROP = 10


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is encoded."""

    total: int
    number: int
    docs: Sequence[bytes]
    found: Sequence[Product]
    """All products that the query finds, on whatever page."""


PageFault = Callable[[Page, Occasion], Page]


def page_of(found: Sequence[Product], number: int) -> Page:
    """Return the right content of a page; number 1 is the first."""
    return Page(len(found), number, _docs(found, (number - 1) * PAGE_SIZE), found)


def encode_page(page: Page) -> bytes:
    """Return a page as JSON."""
    return b'{"total":%d,"page":%d,"docs":[%b]}' % (page.total, page.number, b",".join(page.docs))


def _docs(found: Sequence[Product], first: int) -> Sequence[bytes]:
    return [product.encoded() for product in found[first : first + PAGE_SIZE]]


def _total_zero(page: Page, _: Occasion) -> Page:
    """The whole catalogue seems to be gone."""
    return replace(page, total=0, docs=())


def _total_drop(page: Page, _: Occasion) -> Page:
    """Nine tenths of the catalogue seem to be gone; the pages agree with the total."""
    return page_of(page.found[: len(page.found) // _DROP], page.number)


def _repeat_pages(page: Page, _: Occasion) -> Page:
    """Whatever page is asked for, even one behind the last: the products are those of the first."""
    return replace(page, docs=_docs(page.found, 0))


def _empty_middle(page: Page, _: Occasion) -> Page:
    """A page that is neither the first nor the last has no products."""
    between = page.number > 1 and page.number * PAGE_SIZE < page.total
    return replace(page, docs=()) if between else page


def _shuffle(page: Page, occasion: Occasion) -> Page:
    """Products have moved by up to half a page, another distance for every request: some come twice, some never."""
    if not page.docs:
        return page
    shift = 1 + int(_LARGEST_SHIFT * roll(occasion.seed, "shift", occasion.number))
    direction = -1 if roll(occasion.seed, "direction", occasion.number) < 1 / 2 else 1
    first = (page.number - 1) * PAGE_SIZE + direction * shift
    places = range(first, first + len(page.docs))
    return replace(page, docs=[page.found[place % len(page.found)].encoded() for place in places])


def _duplicate_ids(page: Page, _: Occasion) -> Page:
    """Behind its own products the page has its first one again, and the first of the page before it."""
    before = _docs(page.found, (page.number - 2) * PAGE_SIZE)[:1] if page.number > 1 else []
    return replace(page, docs=[*page.docs, *page.docs[:1], *before])


def _bad_product(page: Page, occasion: Occasion, kind: str | None = None) -> Page:
    """One product is broken: the same one in the same way whenever the page is asked for again."""
    if not page.docs:
        return page
    place = int(len(page.docs) * roll(occasion.seed, "bad-product", "place", page.number))
    kinds = list(BROKEN)
    chosen = kind or kinds[int(len(kinds) * roll(occasion.seed, "bad-product", "kind", page.number))]
    docs = list(page.docs)
    docs[place] = break_product(docs[place], chosen)
    return replace(page, docs=docs)


def _hostile_names(page: Page, _: Occasion) -> Page:
    """Every product has a name that is dangerous to print."""
    names = [HOSTILE_NAMES[place % len(HOSTILE_NAMES)] for place in range(len(page.docs))]
    return replace(page, docs=[rename(raw, name) for raw, name in zip(page.docs, names, strict=True)])


def _hostile_texts(page: Page, _: Occasion) -> Page:
    """Every text of every product is dangerous to print; the last one cannot be stored."""
    docs = [poison(raw, page.number + place) for place, raw in enumerate(page.docs)]
    return replace(page, docs=[*docs[:-1], *(break_product(raw, "negative-qty") for raw in docs[-1:])])


PAGE_FAULTS: Mapping[str, PageFault] = {
    "total-zero": _total_zero,
    "total-drop": _total_drop,
    "repeat-pages": _repeat_pages,
    "empty-middle": _empty_middle,
    "shuffle": _shuffle,
    "duplicate-ids": _duplicate_ids,
    "hostile-names": _hostile_names,
    "hostile-texts": _hostile_texts,
    "bad-product": _bad_product,
    **{f"bad-product-{kind}": partial(_bad_product, kind=kind) for kind in BROKEN},
}
"""The faults of this kind, by name."""
