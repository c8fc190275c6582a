"""What the simulator has seen and done, for tests to ask."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """Counts since the start or the last `reset`. Written by the server's thread only, read from any."""

    requests: int = 0
    """All requests, to whatever path; those to the control addresses count nowhere but in the bytes."""
    products: int = 0
    """Requests to /v1/products, those included that were refused or made to fail."""
    paths: Counter[str] = field(default_factory=Counter)
    """Requests by path."""
    pages: Counter[int] = field(default_factory=Counter)
    """Requests to /v1/products by the page they asked for."""
    statuses: Counter[int] = field(default_factory=Counter)
    """Replies by status; one that was broken off counts with the status it would have had."""
    faults: Counter[str] = field(default_factory=Counter)
    """Faults that struck, by name."""
    limited: int = 0
    """Requests refused by the limit per minute."""
    tokens_issued: int = 0
    connections: int = 0
    """Connections accepted."""
    in_flight: int = 0
    """Requests received and not yet answered to the end."""
    in_flight_max: int = 0
    bytes_sent: int = 0
    """Bytes written to connections, heads included."""

    def reset(self) -> None:
        """Start to count again from nothing; what is in flight stays."""
        fresh = Counters(in_flight=self.in_flight, in_flight_max=self.in_flight)
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))

    def received(self) -> None:
        """Count one more in flight."""
        self.in_flight += 1
        self.in_flight_max = max(self.in_flight, self.in_flight_max)

    def settled(self) -> None:
        """Count one less in flight: it was answered, or its client is gone."""
        self.in_flight -= 1
