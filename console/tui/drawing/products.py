"""The list of products: a line each, the words that were typed marked in their names, and the filters as chips."""

import re
from collections.abc import Sequence
from datetime import datetime

from console.operations.products import WITHOUT, ProductLine, Query, Sort, Standing, sought_words, words_of
from console.text import legible
from console.tui.drawing.line import Line, Span, clip_line, column, line, pad, width
from console.tui.drawing.look import Look
from console.tui.drawing.words import number
from console.tui.theme import Role

_PLATFORM, _REGION, _PRICE, _STOCK, _STATE, _GAP = 15, 13, 9, 7, 14, 2
_WITH_REGION, _WITH_STATE, _WITH_PLATFORM, _WITH_STOCK = 114, 88, 64, 36
"""Columns from which there is room for each. The sign before the name tells the state as well."""

_LONG_TOKEN = re.compile(r"[^\W_]+(?:['’`´ʼ][^\W_]+)*")  # noqa: RUF001 - apostrophes do not end a word


def headings(look: Look, cells: int) -> Line:
    """The names of the columns."""
    values = {"platform": "PLATFORM", "region": "REGION", "price": "PRICE EUR", "stock": "STOCK", "state": "STATE"}
    role = Role.FAINT
    return (Span("  "), *_columns((Span("NAME", role),), values, dict.fromkeys(values, role), look, cells - 2))


def row(each: ProductLine | None, words: Sequence[str], look: Look, cells: int, *, is_chosen: bool) -> Line:
    """A product; an ellipsis stands for one that is on the way."""
    if each is None:
        return line(Span(f"  {look.glyphs.ellipsis}", Role.FAINT))
    none = look.glyphs.none
    values = {
        "platform": legible(each.platform or none),
        "region": legible(each.region or none),
        "price": price(each.min_price) or none,
        "stock": number(each.qty),
        "state": "active" if each.is_active else gone(each.gone_at),
    }
    roles = dict.fromkeys(values, Role.MUTED if each.is_active else Role.FAINT)
    roles["state"] = Role.GOOD_QUIET if each.is_active else Role.WARNING
    plain = Role.TEXT if each.is_active else Role.FAINT
    mark = Span(f"{look.glyphs.good if each.is_active else look.glyphs.blocked} ", roles["state"])
    drawn = (mark, *_columns(marked(legible(each.name), words, plain), values, roles, look, cells - 2))
    if not is_chosen:
        return drawn
    return pad(tuple(Span(span.text, Role.CURSOR) for span in drawn), cells)


def marked(name: str, words: Sequence[str], role: Role) -> Line:
    """The name, with the beginnings of its words that were looked for."""
    spans: list[Span] = []
    at = 0
    for token in _LONG_TOKEN.finditer(name) if words else ():
        length = _marked_length(token.group(), words)
        if length:
            start = token.start()
            spans += [Span(name[at:start], role), Span(name[start : start + length], Role.KEY)]
            at = start + length
    spans.append(Span(name[at:], role))
    return tuple(span for span in spans if span.text)


def _marked_length(token: str, words: Sequence[str]) -> int:
    """How much of a word was looked for; all of it where its letters are not one by one those that are compared."""
    told = "".join(words_of(token))
    found = max((len(word) for word in words if told.startswith(word)), default=0)
    return found if not found or (token.isascii() and len(told) == len(token)) else _cut(token, found)


def _cut(token: str, found: int) -> int:
    """Where the first so many compared characters end in the word as it is written."""
    return next((end for end in range(1, len(token)) if len("".join(words_of(token[:end]))) >= found), len(token))


def price(amount: object) -> str:
    """19.99; empty where there is none."""
    return "" if amount is None else f"{amount:,.2f}"


def gone(at: datetime | None) -> str:
    """Gone 4 Nov 26."""
    return f"gone {at.day} {at:%b %y}" if at else "gone"


def _columns(name: Line, values: dict[str, str], roles: dict[str, Role], look: Look, cells: int) -> Line:
    shown = [
        (key, size, right)
        for key, size, least, right in (
            ("platform", _PLATFORM, _WITH_PLATFORM, False),
            ("region", _REGION, _WITH_REGION, False),
            ("price", _PRICE, 0, True),
            ("stock", _STOCK, _WITH_STOCK, True),
            ("state", _STATE, _WITH_STATE, False),
        )
        if cells >= least
    ]
    room = max(cells - sum(size + _GAP for _, size, _ in shown), 1)
    ellipsis = look.glyphs.ellipsis
    spans = list(pad(clip_line(name, room, ellipsis), room))
    for key, size, right in shown:
        spans += [Span(" " * _GAP), column(values[key], size, roles[key], ellipsis, right=right)]
    return tuple(spans)


def chips(query: Query, category: str | None, look: Look, cells: int) -> Line:
    """The filters and the order, each with the key that changes it; where there is little room, without the last of
    those that are not set.
    """
    chips: list[tuple[bool, Line]] = []
    for action_id, told, is_set in (
        ("platform", _or_none(query.platform, "platform"), query.platform is not None),
        ("region", _or_none(query.region, "region"), query.region is not None),
        ("category", legible(category or "category"), query.category is not None),
        ("standing", query.standing.value, query.standing is not Standing.ACTIVE),
        ("price", _range(query, look), query.price_from is not None or query.price_to is not None),
        ("sort", query.sort.value, query.sort is not Sort.NAME),
    ):
        key = Span(f" {look.key(action_id, 'products')} ", Role.KEY)
        chips.append((is_set, (key, Span(f"{told} ", Role.STRONG if is_set else Role.FAINT))))
    while sum(width(chip) for _, chip in chips) > cells and not all(is_set for is_set, _ in chips):
        chips.remove(next(each for each in reversed(chips) if not each[0]))
    return clip_line(tuple(span for _, chip in chips for span in chip), cells, look.glyphs.ellipsis)


def _or_none(value: str | None, name: str) -> str:
    return name if value is None else f"no {name}" if value == WITHOUT else legible(value)


def _range(query: Query, look: Look) -> str:
    low, high = price(query.price_from), price(query.price_to)
    if low and high:
        return f"{low}{look.glyphs.to}{high} EUR"
    return f"from {low} EUR" if low else f"up to {high} EUR" if high else "price"


def nothing(query: Query, active_products: int, first_run: str, look: Look) -> list[str]:
    """What to do where nothing is shown."""
    if not active_products and query == Query():
        return [f"There is no product yet. {first_run}"]
    down = look.key("to_list", "products")
    told = [f"Nothing is found for {query.text!r}." if sought_words(query.text) else "Nothing is found."]
    if query.standing is not Standing.ALL:
        others = look.key("standing", "products")
        told.append(f"Only {query.standing} products are looked at: {down}, then {others}, looks at others too.")
    if query != Query(text=query.text, standing=query.standing, sort=query.sort):
        told.append(f"Filters are set: {look.key('clear_typing', 'products')} clears them.")
    told.append("Each word that is typed must begin a word of the name, the id, the developer or the publisher.")
    return told
