"""One product in full: its fields, its price and stock over time, and what changed about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from console.operations.products import Point, Product, ProductChange
from console.text import legible
from console.tui.drawing import chart
from console.tui.drawing.line import BLANK, Line, Span, line, wrap
from console.tui.drawing.line import width as line_width
from console.tui.drawing.look import Look
from console.tui.drawing.products import gone, price
from console.tui.drawing.words import field_name, moment, number
from console.tui.theme import Role

_LABEL = 16
_CHART_ROWS = 4
_CHART_CELLS = 80
_ROWS_OF_A_FIELD = 6


def draw(product: Product, look: Look, now: datetime, cells: int) -> list[Line]:
    """All that is known of it, from what is asked most."""
    each = product.line
    ellipsis = look.glyphs.ellipsis
    mark = (look.glyphs.good, Role.GOOD) if each.is_active else (look.glyphs.blocked, Role.WARNING)
    lines = [line(Span(piece, Role.STRONG)) for piece in wrap(legible(each.name), cells, 3, ellipsis)]
    state = "active" if each.is_active else gone(each.gone_at)
    told = (
        f"  {price(each.min_price) + ' EUR' if each.min_price is not None else 'no price'}  {number(each.qty)} in stock"
    )
    lines += [line(Span(f"{mark[0]} {state}", mark[1]), Span(told, Role.TEXT)), BLANK]
    until = now if each.is_active or each.gone_at is None else each.gone_at
    lines += _chart("price EUR", product.prices, until, look, cells, "{:,.2f}")
    lines += _chart("stock", product.stocks, until, look, cells, "{:,.0f}")
    facts: list[tuple[str, Any]] = [
        ("id", each.product_id),
        ("categories", ", ".join(product.categories) or None),
        ("first seen", moment(product.first_seen_at)),
        ("last changed", moment(product.last_changed_at)),
        ("last seen in", f"run {product.last_seen_run_id}"),
        ("discontinued", moment(each.gone_at) if each.gone_at else None),
    ]
    facts += [(field_name(name), value) for name, value in product.columns.items()]
    for name, value in facts:
        lines += _fact(name, value, look, cells)
    lines.append(BLANK)
    return lines + _changes(product, look, cells)


def _fact(name: str, value: Any, look: Look, cells: int) -> list[Line]:
    ellipsis, room = look.glyphs.ellipsis, max(cells - _LABEL, 8)
    label = name[: _LABEL - 1].ljust(_LABEL)
    if value is None or value in ([], {}):
        return [line(Span(label, Role.MUTED), Span(look.glyphs.none, Role.FAINT))]
    if "price" in name and isinstance(value, int | float):
        value = price(value)
    pieces = [piece for told in _told(value) for piece in wrap(told, room, _ROWS_OF_A_FIELD, ellipsis)]
    return [
        line(Span(label if at == 0 else " " * _LABEL, Role.MUTED), Span(piece, Role.TEXT))
        for at, piece in enumerate(pieces)
    ]


def _told(value: Any) -> list[str]:
    """A value in lines of text, whatever JSON has of it."""
    match value:
        case bool():
            return ["yes" if value else "no"]
        case float():
            return [f"{value:,.2f}"]
        case list():
            return [
                legible(", ".join(map(str, each.values())) if isinstance(each, dict) else str(each)) for each in value
            ]
        case dict():
            return [
                f"{legible(str(name))}: {' '.join(_told(each))}" for name, each in value.items() if each is not None
            ]
    return [legible(str(value))]


def _chart(name: str, points: Sequence[Point], until: datetime, look: Look, cells: int, form: str) -> list[Line]:
    known = [point.value for point in points if point.value is not None]
    if len(points) < 2 or not known:  # noqa: PLR2004 - one point is no course
        return []
    width = min(cells, _CHART_CELLS)
    to = look.glyphs.to
    bounds = f"{form.format(min(known))} {to} {form.format(max(known))}"
    since = f"since {points[0].at.day} {points[0].at:%b %Y}"
    head = line(Span(f"{name}  ", Role.MUTED), Span(bounds, Role.STRONG))
    after = Span(f"  {since}", Role.FAINT)
    if line_width((*head, after)) <= cells:
        head = (*head, after)
    drawn = chart.draw(chart.resample(points, until, width), _CHART_ROWS if cells > _CHART_CELLS // 2 else 2, look)
    return [head, *drawn, BLANK]


def _changes(product: Product, look: Look, cells: int) -> list[Line]:
    total = product.changes_total
    if not total:
        return [line(Span("Nothing about it has changed since it was first seen.", Role.MUTED))]
    lines = [line(Span(f"{number(total)} {'change' if total == 1 else 'changes'}", Role.STRONG))]
    for change in product.changes:
        lines.append(
            line(Span(f"{moment(change.at)}  ", Role.MUTED), Span(change.change.value, Role.ACCENT), _run(change))
        )
        for name, pair in change.fields.items():
            told = f"{field_name(name)} {f' {look.glyphs.becomes} '.join(_short(value, look) for value in pair)}"
            lines += [line(Span(f"  {piece}", Role.TEXT)) for piece in wrap(told, cells - 2, 2, look.glyphs.ellipsis)]
    if total > len(product.changes):
        lines.append(line(Span(f"and {number(total - len(product.changes))} older ones", Role.FAINT)))
    return lines


def _run(change: ProductChange) -> Span:
    return Span(f"  run {change.run_id}", Role.FAINT)


def _short(value: Any, look: Look) -> str:
    return look.glyphs.none if value is None else ", ".join(_told(value)) or "nothing"
