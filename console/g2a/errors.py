"""What can go wrong between us and G2A, in the operator's terms. Each message says what happened and what to do."""


class G2AError(Exception):
    """A request to the G2A API failed.

    `is_transient`: the same request may succeed a little later. `is_outage`: so may all others fail meanwhile.
    `ends_run`: no other request would fare better.
    """

    is_transient = False
    is_outage = False
    ends_run = False


class Unreachable(G2AError):
    """No connection, or it broke."""

    is_transient = True
    is_outage = True


class TimedOut(G2AError):
    """The whole reply did not come in time."""

    is_transient = True
    is_outage = True


class ServerFailed(G2AError):
    """G2A answered with 5xx."""

    is_transient = True
    is_outage = True


class TooManyRequests(G2AError):
    """G2A answered with 429. `retry_after` is what it asked for, in seconds, or None."""

    is_transient = True
    is_outage = True

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BrokenReply(G2AError):
    """G2A answered 200 with something that is no page of products."""

    is_transient = True
    is_outage = True


class EmptyPage(BrokenReply):
    """G2A sent a page without products, though by its own count there are some on it."""

    is_outage = False


class RequestRefused(G2AError):
    """G2A refuses this very request (4xx). `code` is G2A's own, such as PR02, or None."""

    def __init__(self, message: str, status: int, code: str | None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class CredentialsRefused(G2AError):
    """G2A does not accept the credentials."""

    ends_run = True


class NotTrusted(G2AError):
    """The other side is not what it should be: a redirect, or a certificate that does not hold."""

    ends_run = True


class GaveUp(G2AError):
    """Nothing has worked for so long that the run ends."""

    ends_run = True


class ClientUnusable(G2AError):
    """The HTTP client cannot be set up: a bad proxy or certificate setting of this machine."""

    ends_run = True
