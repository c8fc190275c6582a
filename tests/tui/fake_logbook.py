"""A log book for the tests of the screen: the records of a list, asked for as those of files are."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from console.logs import LogLine
from console.operations.log_context import Context
from console.operations.logbook import Entry, FileKey, LogPage, LogQuery, Place, Saved, Told
from console.operations.protocol import Refused

_FILE = FileKey(1, 1, b"")


@dataclass
class FakeLogBook:
    """Tells of `lines`, oldest first; `refusal` makes every question a refusal; `asked` are the questions."""

    lines: Sequence[LogLine] = ()
    refusal: str | None = None
    asked: list[str] = field(default_factory=list)
    saved: list[LogQuery] = field(default_factory=list)

    async def earlier(
        self, query: LogQuery, before: Place | None, count: int, owed: int = 0, told: Told | None = None
    ) -> LogPage:
        """The records before this one."""
        self._ask(f"earlier {before.offset if before else 'end'}", told)
        begun = before or self._end
        page = self._page(query, begun, range(begun.offset - 1, -1, -1), count, owed)
        gaps = [each.is_after_gap for each in page.entries]
        turned = [replace(each, is_after_gap=gap) for each, gap in zip(page.entries, [*gaps[1:], False], strict=False)]
        return replace(page, entries=tuple(turned[::-1]))

    async def later(
        self, query: LogQuery, onward: Place | None, count: int, owed: int = 0, told: Told | None = None
    ) -> LogPage:
        """The records from this one on."""
        self._ask(f"later {onward.offset if onward else 'beginning'}", told)
        begun = onward or Place(_FILE, 0)
        return self._page(query, begun, range(begun.offset, len(self.lines)), count, owed)

    async def save(self, query: LogQuery, told: Told | None = None) -> Saved:
        """Remember what was wanted."""
        self._ask("save", told)
        self.saved.append(query)
        records = sum(query.takes(line) and query.matches(line) for line in self.lines)
        return Saved(path="/srv/shop/logs/excerpt-20261123-140322.log", records=records, is_whole=True)

    @property
    def _end(self) -> Place:
        return Place(_FILE, len(self.lines))

    def _ask(self, question: str, told: Told | None) -> None:
        if self.refusal is not None:
            raise Refused(self.refusal)
        self.asked.append(question)
        if told is not None:
            told(0.5)

    def _page(self, query: LogQuery, begun: Place, places: range, count: int, owed: int) -> LogPage:
        context = Context[int](query.context, owed)
        found: list[Entry] = []
        for at in places:
            if query.takes(self.lines[at]):
                for kept in context.push(at, is_match=query.matches(self.lines[at])):
                    entry = Entry(
                        line=self.lines[kept.record],
                        place=Place(_FILE, kept.record),
                        end=Place(_FILE, kept.record + 1),
                        is_match=kept.is_match,
                        is_after_gap=kept.is_after_gap,
                    )
                    found.append(entry)
        is_back, is_end = places.step < 0, len(found) < count
        onward = places.stop if context.pending is None else context.pending
        if not is_end:
            last = found[count - 1]
            reached = last.place if is_back else last.end
        else:
            reached = Place(_FILE, onward + 1 if is_back else onward)
        return LogPage(
            entries=tuple(found[:count]),
            begun=begun,
            reached=reached,
            is_end=is_end,
            is_begun_with_gap=bool(found) and found[0].is_after_gap,
            is_ended_with_gap=is_end and context.has_skipped,
        )
