"""Titles: what is sold, before it is cut into editions, platforms and regions."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from console.simulator import words
from console.simulator.dice import Dice
from console.simulator.fragments import Fragments, picture

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_DROPPED = str.maketrans("", "", "'.\"")
_EMPTY = 0.05
_ABSENT = 0.05


@dataclass(frozen=True, slots=True)
class Title:
    """A game, a card or a bag of keys; its products differ in edition, platform, region, price and stock."""

    name: str
    stem: str
    """Its part of a slug, such as `ashen-harbor-ii`."""
    boxed: bool
    """Sold for a platform and a region, like a game; otherwise the name is complete as it is."""
    cents: int
    """The price its products scatter around."""
    shared: bytes
    """The JSON members that all its products have in common, up to the end of the object."""


def slug(text: str) -> str:
    """Return `text` as the API writes it in a slug; empty when nothing of it is Latin."""
    plain = text
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_SLUG.sub("-", plain.lower().translate(_DROPPED).replace("&amp;", "")).strip("-")


def make_title(dice: Dice, fragments: Fragments) -> Title:
    """Draw a new title."""
    kind = dice.pick(_KINDS)
    name = kind(dice)
    return Title(
        name=name,
        stem=slug(name) or "game",
        boxed=kind is not _card,
        cents=int(60 * 130 ** dice.random()),
        shared=_shared(dice, fragments).encode(),
    )


def _card(dice: Dice) -> str:
    return f"{dice.pick(words.CARDS)} {dice.pick(words.CARD_VALUES)}"


def _grab_bag(dice: Dice) -> str:
    return f"{dice.pick(words.GRAB_BAGS)} {dice.pick(words.GRAB_BAG_SIZES)}"


def _awkward(dice: Dice) -> str:
    return dice.pick(words.AWKWARD_TITLES)


def _thing(dice: Dice) -> str:
    return f"{dice.pick(words.ADJECTIVES)} {dice.pick(words.NOUNS)}"


def _place(dice: Dice) -> str:
    return f"{dice.pick(words.NOUNS)} of {dice.pick(words.PLACES)}"


def _possession(dice: Dice) -> str:
    return f"{dice.pick(words.OWNERS)} {dice.pick(words.NOUNS)}"


def _sequel(dice: Dice) -> str:
    return f"{_thing(dice)} {dice.pick(words.NUMERALS)}"


def _subtitled(dice: Dice) -> str:
    return f"{dice.pick((_thing, _place, _possession, _sequel))(dice)}: {dice.pick(words.SUBTITLES)}"


def _extra(dice: Dice) -> str:
    return f"{dice.pick((_thing, _place, _sequel))(dice)} - {dice.pick(words.EXTRAS)}"


# Of fifty titles, as many as each stands here.
_KINDS: tuple[Callable[[Dice], str], ...] = (
    *[_card] * 2, _grab_bag, *[_awkward] * 2, *[_extra] * 3, *[_subtitled] * 12, *[_sequel] * 8, *[_possession] * 5,
    *[_place] * 8, *[_thing] * 9,
)  # fmt: skip


def _shared(dice: Dice, fragments: Fragments) -> str:
    """The members from the pictures to the end of the object; some are empty at times, some left out."""
    pictures = [picture(dice, "0x0/1x1x1") for _ in range(dice.pick((0, 1, 1, 2, 3)))]
    pictures += [dice.pick(fragments.pictures) for _ in range(dice.pick((0, 0, 0, 1, 2)))]
    images = '","'.join(pictures)
    images = f'"images":["{images}"],' if pictures else '"images":[],'
    return (
        f"{_maybe(dice, 'thumbnail', picture(dice, '58x58/0x1x1'))}"
        f"{_maybe(dice, 'smallImage', picture(dice, '230x336/0x1x1'))}"
        f"{_maybe(dice, 'coverImage', pictures[0] if pictures else '')}"
        f"{'' if dice.chance(_ABSENT) else images}"
        f'"release_date":"{dice.pick(fragments.dates)}",'
        f'"developer":{dice.pick(fragments.developers)},"publisher":{dice.pick(fragments.publishers)},'
        f"{dice.pick(words.UNKNOWN_MEMBERS) if dice.chance(0.01) else ''}"
        f'"restrictions":{dice.pick(fragments.restrictions)},"requirements":{dice.pick(fragments.requirements)},'
        f'"videos":{dice.pick(fragments.videos)},"categories":{dice.pick(fragments.categories)}}}'
    )


def _maybe(dice: Dice, name: str, text: str) -> str:
    """A text member that is sometimes empty and sometimes absent; `text` needs no escaping."""
    if dice.chance(_ABSENT):
        return ""
    return f'"{name}":"{"" if dice.chance(_EMPTY) else text}",'
