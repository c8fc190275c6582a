"""The catalogue: all products of one seed, what a query finds among them, and the truth for tests."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import RLock
from typing import Any

import msgspec

from console.simulator.churn import Changes, move
from console.simulator.config import SimulatorConfig
from console.simulator.dice import Dice
from console.simulator.maker import ProductMaker
from console.simulator.product import Product
from console.simulator.query import Filters
from console.simulator.recording import from_json, read_fixture, read_numbers

SPIKE_CENTS = 199
_REMEMBERED_QUERIES = 64


class UnknownProductError(KeyError):
    """The catalogue has no product of this id."""


class Catalogue:
    """Products in the order of their ids. Safe to use from any thread.

    The same configuration gives the same products, byte for byte, in every generation, as long as nothing but
    `advance` has changed them.
    """

    def __init__(self, config: SimulatorConfig | None = None) -> None:
        self._config = config or SimulatorConfig()
        self._lock = RLock()
        self._maker = ProductMaker(self._config.seed, self._config.null_prices)
        fixture = self._config.fixture
        products = _generate(self._config, self._maker) if fixture is None else read_fixture(fixture)
        self._products: dict[str, Product] = {product.id: product for product in products}
        self._generation = 0
        self._found: OrderedDict[Filters, Sequence[Product]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many products the query without filters finds."""
        return len(self.find(Filters()))

    @property
    def generation(self) -> int:
        """How many times the catalogue has moved on."""
        return self._generation

    def find(self, filters: Filters) -> Sequence[Product]:
        """Return the products that match, in the order of their ids."""
        with self._lock:
            found = self._found.get(filters)
            if found is None:
                found = self._found[filters] = _search(self._products, filters)
                if len(self._found) > _REMEMBERED_QUERIES:
                    self._found.popitem(last=False)
            else:
                self._found.move_to_end(filters)
            return found

    def documents(self) -> Mapping[str, dict[str, Any]]:
        """Return what the query without filters finds now, decoded, by id.

        A product whose JSON was replaced by something that is no JSON object is left out.
        """
        with self._lock:
            truth = {}
            for product in self.find(Filters()):
                try:
                    document = msgspec.json.decode(product.encoded())
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                    continue
                if isinstance(document, dict):
                    truth[product.id] = document
            return truth

    def advance(self) -> Changes:
        """Move on to the next generation and tell what has changed. A recorded catalogue stays as it is."""
        with self._lock:
            self._generation += 1
            if self._config.fixture is not None:
                return Changes(self._generation)
            dice = Dice(self._config.seed, "generation", self._generation)
            frozen = SPIKE_CENTS if self._config.price_spike else None
            changes = move(self._products, self._generation, dice, self._maker, frozen)
            self._found.clear()
            return changes

    def add(self, document: Mapping[str, Any]) -> None:
        """Add a product, or replace the one with the same id; it is listed even when its qty is 0.

        Raises:
            msgspec.ValidationError: the document has no text as `id`.
        """
        product = from_json(msgspec.json.encode(document))
        with self._lock:
            self._products[product.id] = product
            self._products = dict(sorted(self._products.items()))
            self._found.clear()

    def remove(self, product_id: str) -> None:
        """Take a product away.

        Raises:
            UnknownProductError: there is none of this id.
        """
        with self._lock:
            self._get(product_id)
            del self._products[product_id]
            self._found.clear()

    def change(self, product_id: str, **members: object) -> None:
        """Set members of a product by their JSON names, for instance `change(id, minPrice=3.5, qty=0)`.

        From then on the product is as it was set: `advance` leaves it alone.

        Raises:
            UnknownProductError: there is none of this id.
        """
        with self._lock:
            product = self._get(product_id)
            document: dict[str, Any] = msgspec.json.decode(product.encoded())
            document.update(members)
            product.raw = msgspec.json.encode(document)
            read_numbers(product, document)
            self._found.clear()

    def replace_raw(self, product_id: str, raw: bytes) -> None:
        """Put arbitrary bytes where the product's JSON was; filters go on seeing the product it was.

        Raises:
            UnknownProductError: there is none of this id.
        """
        with self._lock:
            self._get(product_id).raw = raw

    def _get(self, product_id: str) -> Product:
        try:
            return self._products[product_id]
        except KeyError:
            raise UnknownProductError(product_id) from None


def _generate(config: SimulatorConfig, maker: ProductMaker) -> Iterable[Product]:
    """Make products until as many as wanted are in stock; a few more come along that are not."""
    dice = Dice(config.seed, "catalogue")
    listed = 0
    while listed < config.products:
        product = maker.make(dice)
        if config.price_spike:
            _spike(product, listed, config)
        listed += product.listed
        yield product


def _spike(product: Product, position: int, config: SimulatorConfig) -> None:
    """Give evenly spread products the price of the spike, and no others."""
    share = config.price_spike
    if product.listed and (position + 1) * share // config.products > position * share // config.products:
        product.cents = SPIKE_CENTS
    elif product.cents == SPIKE_CENTS:
        product.cents = SPIKE_CENTS + 1


def _search(products: Mapping[str, Product], filters: Filters) -> Sequence[Product]:
    """Go through the whole catalogue once for every filter that is set; 100,000 products take 10 ms."""
    if filters.product_id is not None:
        single = products.get(filters.product_id)
        found: Iterable[Product] = [] if single is None else [single]
    else:
        found = products.values()
    for test in _tests(filters):
        found = [product for product in found if test(product)]
    return found if isinstance(found, list) else list(found)


def _tests(filters: Filters) -> Iterable[Callable[[Product], bool]]:
    """The conditions of a query. A product without a price is in no range of prices, nor is one without a time."""
    quantity, low, high = filters.min_qty, filters.cents_from, filters.cents_to
    since, until = filters.updated_from, filters.updated_to
    if not filters.include_out_of_stock:
        yield lambda product: product.listed
    if quantity is not None:
        yield lambda product: product.qty >= quantity
    if low is not None:
        yield lambda product: product.cents is not None and product.cents >= low
    if high is not None:
        yield lambda product: product.cents is not None and product.cents <= high
    # The times compare as texts because their order is that of the calendar.
    if since is not None:
        yield lambda product: bool(product.updated) and str(product.updated) >= since
    if until is not None:
        yield lambda product: bool(product.updated) and str(product.updated) <= until
