"""The documents of the G2A API as they come, in its own names; liberal where its answers are known to vary."""

from decimal import Decimal

import msgspec

Money = Decimal | None
Text = str | None
Restrictions = dict[str, bool] | list[None] | None
"""An empty object comes as `[]` at times."""
Requirements = dict[str, dict[str, str | None] | list[None] | None] | list[None] | None


_NULL = msgspec.Raw(b"null")


class CategoryDocument(msgspec.Struct):
    """A category of a product; ids repeat inside one product."""

    id: int
    name: str = ""


class PriceLimitDocument(msgspec.Struct):
    """The price range a seller may ask for."""

    min: Money = None
    max: Money = None


class VideoDocument(msgspec.Struct):
    """A video of a product."""

    type: Text = None
    url: Text = None


class ProductDocument(msgspec.Struct):
    """A product. Only id and name are certain.

    The raw members are a list of VideoDocument, Restrictions and Requirements. They are decoded apart because most
    products share a few of them.
    """

    id: str | int
    name: str
    slug: Text = None
    type: Text = None
    qty: int | None = 0
    minPrice: Money = None  # noqa: N815 - G2A's own name, as all of these
    retail_min_price: Money = None
    retailMinBasePrice: Money = None  # noqa: N815
    availableToBuy: bool | None = None  # noqa: N815
    thumbnail: Text = None
    smallImage: Text = None  # noqa: N815
    coverImage: Text = None  # noqa: N815
    images: list[str] | None = None
    videos: msgspec.Raw = _NULL
    release_date: Text = None
    updated_at: Text = None
    region: Text = None
    developer: Text = None
    publisher: Text = None
    platform: Text = None
    priceLimit: PriceLimitDocument | list[None] | None = None  # noqa: N815
    restrictions: msgspec.Raw = _NULL
    requirements: msgspec.Raw = _NULL
    categories: list[CategoryDocument] | None = None


class PageDocument(msgspec.Struct):
    """A page; its products are decoded one by one, and only where they have changed."""

    total: int
    docs: list[msgspec.Raw]
    page: int | str | None = None


class IdDocument(msgspec.Struct):
    """As much of a product as tells which one it is."""

    id: str | int


class ErrorDocument(msgspec.Struct):
    """The body of an error."""

    message: Text = None
    code: Text = None


class TokenDocument(msgspec.Struct):
    """The reply of the token endpoint."""

    access_token: str
    expires_in: float | str = 3600.0
