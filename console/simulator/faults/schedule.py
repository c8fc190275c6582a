"""Which faults are on, and which of them strike the present request."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.simulator.dice import roll
from console.simulator.faults.fault import MIX, MIXED, TOKEN_PREFIX, Fault, parse_fault
from console.simulator.faults.occasion import Occasion
from console.simulator.faults.pages import PAGE_FAULTS, Page
from console.simulator.faults.replies import REPLY_FAULTS
from console.simulator.faults.streams import STREAM_FAULTS, streamed
from console.simulator.messages import Reply


@dataclass(slots=True, eq=False)
class _Armed:
    """A fault that is on, and how often it may still strike."""

    fault: Fault
    left: int | None


@dataclass(frozen=True, slots=True)
class Strike:
    """The faults that strike one request, in the order in which they were set, and what they may depend on."""

    hits: Sequence[tuple[str, Occasion]] = ()
    """By name, without the prefix of the token faults."""

    def on_page(self, page: Page) -> Page:
        """Return the page with all the faults in its content."""
        for name, occasion in self.hits:
            if name in PAGE_FAULTS:
                page = PAGE_FAULTS[name](page, occasion)
        return page

    def on_reply(self, reply: Reply) -> Reply:
        """Return the reply with the first fault that replaces or breaks it, and with all that delay it."""
        delay = reply.delay
        broken: Reply | None = None
        for name, occasion in self.hits:
            if name in STREAM_FAULTS:
                broken = broken or streamed(reply, STREAM_FAULTS[name], occasion)
            elif name == "slow":
                delay = REPLY_FAULTS[name](replace(reply, delay=delay), occasion).delay
            elif name in REPLY_FAULTS:
                broken = broken or REPLY_FAULTS[name](reply, occasion)
        return replace(broken or reply, delay=delay)


NOTHING = Strike()


class Faults:
    """The faults of one simulator. They can be set and cleared from any thread while it runs.

    What strikes depends on the seed and on the number of the request at its address alone.

    Args:
        seed: of the simulator.
        redirect_to: where the fault `redirect` points.
    """

    def __init__(self, seed: int, redirect_to: str) -> None:
        self._seed = seed
        self._redirect_to = redirect_to
        self._armed: Sequence[_Armed] = ()

    @property
    def active(self) -> Sequence[Fault]:
        """The faults that are on; `times` is how often each may still strike."""
        return tuple(replace(armed.fault, times=armed.left) for armed in self._armed if armed.left != 0)

    def set(self, *faults: Fault | str) -> None:
        """Turn these on and all others off. A text is read by `parse_fault`.

        Raises:
            FaultError: one of them is none; nothing has changed then.
        """
        parsed = [parse_fault(fault) if isinstance(fault, str) else fault for fault in faults]
        self._armed = tuple(_Armed(fault, fault.times) for fault in parsed)

    def clear(self) -> None:
        """Turn all off."""
        self._armed = ()

    def strike(self, *, number: int, page: int, token: bool, now: float, counts: Counter[str]) -> Strike:
        """Return what strikes a request.

        Args:
            number: the request's number at its address, from 1.
            page: the page asked for.
            token: whether it is a request for a token.
            now: the time of day, in seconds since 1970.
            counts: where every hit is counted, by name.
        """
        if not self._armed:
            return NOTHING
        hits = []
        for armed in self._armed:
            fault = armed.fault
            if fault.name.startswith(TOKEN_PREFIX) is not token or not self._hits(armed, number, page):
                continue
            if armed.left is not None:
                armed.left -= 1
            name = self._mixed(number) if fault.name == MIX else fault.name
            counts[name] += 1
            occasion = Occasion(self._seed, number, page, fault.seconds, now, self._redirect_to)
            hits.append((name.removeprefix(TOKEN_PREFIX), occasion))
        return Strike(hits)

    def _hits(self, armed: _Armed, number: int, page: int) -> bool:
        fault = armed.fault
        if armed.left == 0 or (fault.pages and page not in fault.pages):
            return False
        return roll(self._seed, "fault", fault.name, number) < fault.probability

    def _mixed(self, number: int) -> str:
        return MIXED[int(len(MIXED) * roll(self._seed, MIX, number))]
