"""The pages of a run, and what they are called when people are told of them."""

from collections import Counter
from collections.abc import Callable

import msgspec

from console.operations.events import PageProgress, PageRank, Pages
from console.run import PageState
from console.tui.drawing.words import duration, number
from console.tui.theme import Role


class RunPages(msgspec.Struct, frozen=True):
    """The pages of a run: how each stands, and what the one at a place is called: `57`, or `3 of 1.99 to 5.00 EUR`.

    `is_cut`: into price windows, in each of which the numbers begin anew.
    """

    progress: Pages = msgspec.field(default_factory=Pages)
    name: Callable[[int], str] = lambda place: number(place + 1)
    is_cut: bool = False

    def __len__(self) -> int:
        return len(self.progress)

    @property
    def label_width(self) -> int:
        """Cells for naming a row by its first page; none where the numbers alone would say nothing."""
        return 0 if self.is_cut or not len(self.progress) else len(self.name(len(self.progress) - 1)) + 1

    def names(self, start: int, end: int) -> str:
        """What the pages from one place to before another are called, with the word for them."""
        if end - start == 1:
            return f"page {self.name(start)}"
        first, _, window = self.name(start).partition(" of ")
        last, _, other = self.name(end - 1).partition(" of ")
        if window != other:
            return f"{number(end - start)} pages from page {self.name(start)} on"
        return f"pages {first} to {last}" + (f" of {window}" if window else "")


def describe(pages: RunPages, chosen: int, per_cell: int) -> tuple[str, Role]:
    """What there is to know of the chosen page, or of all that share its cell when it has no trouble of its own."""
    start = chosen - chosen % per_cell
    sharing = pages.progress[start : start + per_cell]
    if len(sharing) == 1 or pages.progress[chosen].error:
        return _describe_page(pages.progress[chosen], pages.names(chosen, chosen + 1))
    counts = Counter(page.rank for page in sharing)
    told = [f"{counts[rank]} {rank.words}" for rank in PageRank if counts[rank]]
    slowest = max(page.duration_ms for page in sharing)
    if slowest:
        told.append(f"the slowest in {duration(slowest / 1000)}")
    words = f"{pages.names(start, start + len(sharing))}: {', '.join(told)}"
    worst = min(range(len(sharing)), key=lambda place: sharing[place].rank)
    error = sharing[worst].error
    return (f"{words}; page {pages.name(start + worst)}: {error}", Role.WARNING) if error else (words, Role.TEXT)


def _describe_page(page: PageProgress, name: str) -> tuple[str, Role]:
    """State, attempts, time and error, as far as there are such."""
    words = f"{name}: {page.rank.words}"
    if page.state is PageState.WAITING:
        words += f" (G2A asks for {number(round(page.asked_seconds))} s)"
    if page.attempts:
        words += f", {page.attempts} attempt{'' if page.attempts == 1 else 's'}"
    if page.duration_ms:
        words += f", {duration(page.duration_ms / 1000)}"
    if page.error:
        words += f": {page.error}"
    bad = page.state in (PageState.FAILED, PageState.RETRYING)
    return words, Role.WARNING if bad else Role.TEXT
