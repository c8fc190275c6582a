"""One product as the catalogue keeps it: its JSON in pieces, and the few numbers that filters look at."""

from dataclasses import dataclass


def price_json(cents: int | None) -> bytes:
    """Write a price the way the API does: 1790 as `17.9`, 1900 as the integer `19`, none as `null`."""
    if cents is None:
        return b"null"
    euros, rest = divmod(cents, 100)
    if rest == 0:
        return b"%d" % euros
    if rest % 10 == 0:
        return b"%d.%d" % (euros, rest // 10)
    return b"%d.%02d" % (euros, rest)


@dataclass(slots=True, eq=False)
class Product:
    """A product. What moves are plain values, what stays is encoded once.

    `front`, `own` and `shared` are runs of JSON members, each but the last with its comma; `shared` ends the object
    and is one and the same for all editions of a title, which is what keeps a large catalogue small.
    """

    id: str
    cents: int | None
    """The minPrice in euro cents; None is null."""
    qty: int
    updated: str | None
    """updated_at as the API writes it; "" is empty, None leaves the member out."""
    front: bytes = b""
    own: bytes = b""
    shared: bytes = b""
    raw: bytes | None = None
    """The whole object, verbatim, where a recording or a test has put one; the pieces are then unused."""
    always_listed: bool = False
    """Part of the default query even without stock, as every product of a recorded response is."""

    @property
    def listed(self) -> bool:
        """Whether the query without filters returns it."""
        return self.qty > 0 or self.always_listed

    def encoded(self) -> bytes:
        """Return the product as JSON, in UTF-8."""
        if self.raw is not None:
            return self.raw
        price = price_json(self.cents)
        if self.updated is None:
            return b'%b"qty":%d,"minPrice":%b,%b%b' % (self.front, self.qty, price, self.own, self.shared)
        updated = self.updated.encode()
        return b'%b"qty":%d,"minPrice":%b,%b"updated_at":"%b",%b' % (
            self.front, self.qty, price, self.own, updated, self.shared,
        )  # fmt: skip
