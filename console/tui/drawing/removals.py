"""What a blocked run would have removed: why it was blocked, how many products that are, and which."""

from collections.abc import Sequence

from console.run import Removal, RunReport
from console.text import legible
from console.tui.drawing.line import BLANK, Line, Span, clip, column, line, spread, wrap
from console.tui.drawing.look import Look
from console.tui.drawing.outcome import products
from console.tui.drawing.picture import MEASURE
from console.tui.drawing.words import number
from console.tui.state.removal_list import RemovalList
from console.tui.theme import Role

_TABLE_WIDTH = 130
"""Columns from which each product has one line; below it a name of usual length needs a line of its own."""

_LONGEST_NAME = 90
_PLATFORM, _PRICE, _STOCK, _ID, _GAP = 15, 9, 7, 15, 2
_ROOMY = 14
"""Rows from which there are some to spare for why the run was blocked and for blank ones."""

_SEEN = "seen since"


def lines_each(cells: int) -> int:
    """The lines that a product takes in this room."""
    return 1 if cells >= _TABLE_WIDTH else 2


def head(report: RunReport, shown: RemovalList, look: Look, cells: int, rows: int) -> list[Line]:
    """Why the run was blocked, what approving would do, and the headings of the table."""
    sign, ellipsis = look.glyphs.blocked, look.glyphs.ellipsis
    why = wrap(report.error or "The run was blocked.", min(cells - 2, MEASURE), 3 if rows >= _ROOMY else 1, ellipsis)
    lines = [
        line(Span(f"{sign if position == 0 else ' '} ", Role.BAD), Span(piece)) for position, piece in enumerate(why)
    ]
    told = wrap(effect(shown), cells, 2, ellipsis) if shown.total is not None else []
    lines += [line(Span(piece, Role.STRONG)) for piece in told]
    if rows >= _ROOMY:
        lines.append(BLANK)
    return [*lines, _headings(cells, look)] if shown.total and lines_each(cells) == 1 else lines


def effect(shown: RemovalList) -> str:
    """What approving would do now."""
    total, due = shown.total or 0, shown.due
    seen = total - due
    if not total:
        return "This run kept no list of products: there is nothing to remove."
    if not seen:
        return f"Approving removes {'all ' if total > 1 else ''}{products(total)}."
    if not due:
        return f"Approving removes nothing: all {products(total)} were seen since."
    return f"Approving removes {number(due)} of {products(total)}; {number(seen)} seen since would stay."


def rows_of(removals: Sequence[Removal | None], look: Look, cells: int) -> list[Line]:
    """The products, each in a line or two; an ellipsis stands for those that are on the way."""
    lines: list[Line] = []
    for each in removals:
        if each is None:
            lines += [line(Span(look.glyphs.ellipsis, Role.FAINT))] + [BLANK] * (lines_each(cells) - 1)
        elif lines_each(cells) == 1:
            lines.append(_in_columns(each, look, cells))
        else:
            lines += _in_two_lines(each, look, cells)
    return lines


def _name_width(cells: int) -> int:
    return min(cells - _PLATFORM - _PRICE - _STOCK - _ID - 4 * _GAP, _LONGEST_NAME)


def _headings(cells: int, look: Look) -> Line:
    values = ("NAME", "PLATFORM", "PRICE EUR", "STOCK", "ID")
    return _columns([Span(value, Role.FAINT) for value in values], look, cells)


def _in_columns(each: Removal, look: Look, cells: int) -> Line:
    none, (strong, quiet) = look.glyphs.none, _roles(each)
    values = [
        Span(legible(each.platform or none), quiet),
        Span(_price(each) or none, quiet),
        Span(number(each.qty), quiet),
        Span(each.product_id, quiet),
    ]
    return (*_named(each, strong, look, _name_width(cells)), *_columns([Span(""), *values], look, cells)[1:])


def _columns(values: Sequence[Span], look: Look, cells: int) -> Line:
    name, platform, price, stock, product_id = values
    ellipsis, gap = look.glyphs.ellipsis, Span(" " * _GAP)
    return (
        column(name.text, _name_width(cells), name.role, ellipsis),
        gap,
        column(platform.text, _PLATFORM, platform.role, ellipsis),
        gap,
        column(price.text, _PRICE, price.role, ellipsis, right=True),
        gap,
        column(stock.text, _STOCK, stock.role, ellipsis, right=True),
        gap,
        column(product_id.text, _ID, product_id.role, ellipsis),
    )


def _in_two_lines(each: Removal, look: Look, cells: int) -> list[Line]:
    strong, quiet = _roles(each)
    price = _price(each)
    told = (
        f"{price} EUR" if price else "no price",
        f"{number(each.qty)} in stock",
        legible(each.platform or ""),
        each.product_id,
    )
    details = f" {look.glyphs.separator} ".join(part for part in told if part)
    return [
        _named(each, strong, look, cells),
        line(Span(f"  {clip(details, cells - 2, look.glyphs.ellipsis)}", quiet)),
    ]


def _named(each: Removal, role: Role, look: Look, cells: int) -> Line:
    """The name, and at the right end of its room whether the product was seen since."""
    mark = () if each.is_due else (Span(f" {look.glyphs.good} {_SEEN}", Role.GOOD),)
    return spread((Span(legible(each.name), role),), mark, cells, look.glyphs.ellipsis)


def _roles(each: Removal) -> tuple[Role, Role]:
    return (Role.TEXT, Role.MUTED) if each.is_due else (Role.FAINT, Role.FAINT)


def _price(each: Removal) -> str | None:
    return None if each.min_price is None else f"{each.min_price:,.2f}"
