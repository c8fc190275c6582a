"""What one run found, item by item: a line each in a list, and all that is known of one."""

import json
from collections.abc import Sequence
from typing import Any

from console.history import ProductChange, Rejected
from console.operations.history import Fault, Page
from console.run import Change, PageState
from console.text import clean, legible
from console.tui.drawing.document import laid_out, offending
from console.tui.drawing.line import BLANK, Line, Span, clip_line, line, width, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.table import Column, fit, headings, marked, row
from console.tui.drawing.words import duration, field_name, number
from console.tui.state.run_detail import Item, Section
from console.tui.theme import Role

_MARK = Column(id="mark", title="", cells=1)
_COLUMNS = {
    Section.PAGES: (
        _MARK,
        Column(id="page", title="PAGE", cells=10, grows=True, most=32),
        Column(id="state", title="STATE", cells=9),
        Column(id="tries", title="TRIES", cells=5, rank=2, right=True),
        Column(id="products", title="PRODUCTS", cells=8, rank=3, right=True),
        Column(id="took", title="TOOK", cells=7, rank=1, right=True),
        Column(id="error", title="ERROR", cells=34, rank=9, grows=True),
    ),
    Section.ERRORS: (
        _MARK,
        Column(id="page", title="WHERE", cells=10),
        Column(id="tries", title="TRIES", cells=5, rank=1, right=True),
        Column(id="error", title="WHAT HAPPENED, AND WHAT G2A SENT", cells=16, grows=True),
    ),
    Section.REJECTED: (
        _MARK,
        Column(id="id", title="PRODUCT", cells=15),
        Column(id="page", title="PAGE", cells=6, rank=1, right=True),
        Column(id="error", title="WHY", cells=12, grows=True),
    ),
    Section.CHANGES: (
        _MARK,
        Column(id="kind", title="CHANGE", cells=12, rank=1),
        Column(id="name", title="PRODUCT", cells=24, grows=True, least=10),
        Column(id="price", title="PRICE EUR", cells=19, right=True),
        Column(id="move", title="MOVED", cells=9, rank=2, right=True),
        Column(id="id", title="ID", cells=15, rank=10),
        Column(id="what", title="WHAT ELSE", cells=32, rank=9),
    ),
}
_VALUE_LIMIT = 2_000
_ROWS_OF_A_TEXT = 40
_BEGIN = 2
"""Lines of an item that say which one it is and what is wrong with it."""
_IMPLIED = "is_active"
"""What the word for the change says already."""


def heads(section: Section, look: Look, cells: int) -> Line:
    """The headings of the section's list."""
    return headings(fit(_COLUMNS[section], cells), look.glyphs.ellipsis)


def rows_of(section: Section, items: Sequence[Item | None], look: Look, cells: int, chosen: int) -> list[Line]:
    """The items, a line each, the one at place `chosen` marked; an ellipsis stands for those that are on the way."""
    columns = fit(_COLUMNS[section], cells)
    lines = []
    for place, item in enumerate(items):
        values = {} if item is None else _values(item, look)
        drawn = row(columns, values, look.glyphs.ellipsis) if item else line(Span(look.glyphs.ellipsis, Role.FAINT))
        if place == chosen:
            drawn = marked((Span(look.glyphs.focus), *drawn[1:]) if item else drawn, cells)
        lines.append(drawn)
    return lines


def everything(item: Item, look: Look, cells: int) -> list[Line]:
    """All that is known of an item."""
    match item:
        case Page():
            return _page(item, look, cells)
        case Fault():
            tries = f" after {_tries(item.attempts)}" if item.attempts else ""
            head = _text(f"{item.name}{tries}", Role.STRONG, look, cells)
            return [*head, *_text(item.error, Role.WARNING, look, cells)]
        case Rejected():
            return _rejected(item, look, cells)
        case ProductChange():
            return _change(item, look, cells)


def around_fault(lines: Sequence[Line], room: int, look: Look) -> list[Line]:
    """As many of the lines as there is room for: what they begin with, and the first that is marked as the fault."""
    fault = next((at for at, each in enumerate(lines) if each and each[0].text.startswith(look.glyphs.focus)), 0)
    if fault < room - 1:
        return list(lines[:room])
    begin = lines[:_BEGIN]
    left = max(room - _BEGIN - 1, 0)
    return [*begin, line(Span(look.glyphs.ellipsis, Role.FAINT)), *lines[fault - left // 2 :][:left]]


# -- a line each -------------------------------------------------------------------------------------------------------


def _values(item: Item, look: Look) -> dict[str, Span]:
    none = Span(look.glyphs.none, Role.FAINT)
    match item:
        case Page():
            return {
                "page": Span(clean(item.name)),
                "state": _state(item.state, look),
                "tries": Span(str(item.attempts), Role.WARNING if item.attempts > 1 else Role.MUTED),
                "products": Span(number(item.products), Role.MUTED),
                "took": Span(duration(item.duration_ms / 1000), Role.MUTED),
                "error": Span(clean(item.error), Role.WARNING) if item.error else none,
            }
        case Fault():
            tries = Span(str(item.attempts), Role.MUTED) if item.attempts else none
            return {"page": Span(clean(item.name)), "tries": tries, "error": Span(clean(item.error), Role.WARNING)}
        case Rejected():
            return {
                "id": Span(clean(item.product_id)) if item.product_id else Span("(no id)", Role.FAINT),
                "page": Span(str(item.page), Role.MUTED) if item.page else none,
                "error": Span(clean(item.reason), Role.WARNING),
            }
        case ProductChange():
            price, move = _price(item, look)
            return {
                "kind": _kind(item.change),
                "name": Span(legible(item.name) or "(no name)"),
                "price": price,
                "move": move,
                "id": Span(clean(item.product_id), Role.MUTED),
                "what": Span(", ".join(_other_fields(item, look)), Role.MUTED),
            }


def _state(state: PageState, look: Look) -> Span:
    if state is PageState.DONE:
        return Span(f"{look.glyphs.good} done", Role.GOOD)
    return Span(f"{look.glyphs.bad} {state}", Role.BAD if state is PageState.FAILED else Role.WARNING)


def _kind(change: Change) -> Span:
    role = {Change.NEW: Role.GOOD, Change.RETURNED: Role.GOOD, Change.DISCONTINUED: Role.WARNING}.get(change, Role.TEXT)
    return Span(str(change), role)


def _price(item: ProductChange, look: Look) -> tuple[Span, Span]:
    """The price before and after, and by how much it moved."""
    none = Span(look.glyphs.none, Role.FAINT)
    pair = (item.fields or {}).get("min_price")
    if pair is None:
        return none, none
    old, new = (each if isinstance(each, int | float) else None for each in pair)
    told = f"{_amount(old)} {look.glyphs.becomes} {_amount(new)}"
    if old is None or new is None or not old:
        return Span(told), none
    percent = (new - old) / old * 100
    return Span(told), Span(f"{percent:+,.1f} %", Role.WARNING if percent > 0 else Role.GOOD)


def _amount(value: float | None) -> str:
    return "none" if value is None else f"{value:,.2f}"


def _other_fields(item: ProductChange, look: Look) -> list[str]:
    fields = {name: pair for name, pair in (item.fields or {}).items() if name not in (_IMPLIED, "min_price")}
    return [
        f"{field_name(name)} {_told(old, 24)} {look.glyphs.becomes} {_told(new, 24)}"
        for name, (old, new) in fields.items()
    ]


def _told(value: Any, limit: int = _VALUE_LIMIT) -> str:
    match value:
        case None:
            return "nothing"
        case str():
            return f'"{legible(value, limit)}"'
        case _:
            return clean(json.dumps(value, ensure_ascii=False), limit)


# -- all of one --------------------------------------------------------------------------------------------------------


def _page(item: Page, look: Look, cells: int) -> list[Line]:
    state = _state(item.state, look)
    told = f"{_tries(item.attempts)}, {duration(item.duration_ms / 1000)}, {number(item.products)} products"
    lines = [line(Span(f"{clean(item.name)}  ", Role.STRONG), state), *_text(told, Role.MUTED, look, cells)]
    lines += _text(item.error, Role.WARNING, look, cells) if item.error else []
    return [clip_line(each, cells, look.glyphs.ellipsis) for each in lines]


def _rejected(item: Rejected, look: Look, cells: int) -> list[Line]:
    where = f"on page {item.page}" if item.page else "asked for by its id"
    glyphs = look.glyphs
    head = line(
        Span(f"{clean(item.product_id or '(no id)')} ", Role.STRONG),
        Span(where, Role.MUTED),
    )
    head = clip_line(head, cells, glyphs.ellipsis)
    lines = [head, *_text(f"{glyphs.bad} {item.reason}", Role.BAD, look, cells), BLANK]
    if item.document is None:
        return [*lines, line(Span("Its document was not kept.", Role.MUTED))]
    for text, is_marked in laid_out(item.document, offending(item.reason)):
        begin = Span(f"{glyphs.focus} " if is_marked else "  ", Role.BAD)
        drawn = line(begin, Span(text, Role.BAD if is_marked else Role.MUTED))
        lines.append(clip_line(drawn, cells, glyphs.ellipsis))
    return lines


def _change(item: ProductChange, look: Look, cells: int) -> list[Line]:
    name = Span(legible(item.name) or "(no name)", Role.STRONG)
    about = line(_kind(item.change), Span(f"  {clean(item.product_id)}", Role.MUTED))
    head = line(name, Span("  "), *about)
    ellipsis = look.glyphs.ellipsis
    parts = [head] if width(head) <= cells else [line(name), about]
    lines = [clip_line(each, cells, ellipsis) for each in parts]
    fields = {name: pair for name, pair in (item.fields or {}).items() if name != _IMPLIED}
    if not fields:
        said = "It came into the catalogue." if item.change is Change.NEW else "Nothing else about it changed."
        return [*lines, *_text(said, Role.MUTED, look, cells)]
    size = max(len(field_name(each)) for each in fields)
    price, move = _price(item, look)
    for field, (old, new) in fields.items():
        begin = Span(f"{field_name(field).ljust(size)}  ", Role.MUTED)
        if field == "min_price":
            lines.append(clip_line(line(begin, price, Span("  "), move), cells, ellipsis))
            continue
        told = f"{_told(old)} {look.glyphs.becomes} {_told(new)}"
        pieces = wrap(told, max(cells - size - 2, 1), _ROWS_OF_A_TEXT, ellipsis)
        lines += [line(begin if at == 0 else Span(" " * (size + 2)), Span(piece)) for at, piece in enumerate(pieces)]
    return lines


def _text(value: str, role: Role, look: Look, cells: int) -> list[Line]:
    return [
        line(Span(piece, role))
        for piece in wrap(clean(value, _VALUE_LIMIT), cells, _ROWS_OF_A_TEXT, look.glyphs.ellipsis)
    ]


def _tries(count: int) -> str:
    return "1 try" if count == 1 else f"{count} tries"
