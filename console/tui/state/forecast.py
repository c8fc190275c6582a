"""When a run will end: by its own pace, by how long one usually takes, and how the two compare."""

import enum

import msgspec

from console.operations.events import RunProgress
from console.run import Past, RunKind, RunReport, RunStatus
from console.tui.state.pace import Pace

_EARLY_SECONDS = 5.0
"""How long the runs before tell more than the average of this one, while it has no pace yet."""

_FACTOR = 1.5
_LEAST_SECONDS = 10.0
"""What must lie between a run and the usual one, by both of these, to be worth a word."""


class Compared(enum.StrEnum):
    """How a run compares with those before, in the words that are shown."""

    ALIKE = "as usual"
    SLOWER = "slower than usual"
    FASTER = "faster than usual"


class Forecast(msgspec.Struct, frozen=True):
    """Pages a second, and the seconds until the end; None where they cannot be told.

    `usual_seconds` is what a run like it usually takes, where there were any.
    """

    rate: float | None
    eta_seconds: float | None
    usual_seconds: float | None
    compared: Compared


def forecast(run: RunProgress, pace: Pace, past: Past, elapsed: float) -> Forecast:
    """When an active run will end."""
    total = run.counts.pages_total
    done = run.counts.pages_done + run.counts.pages_failed
    own = done - run.pages.before
    # Who comes in the middle of a run has seen no pace yet: until then its average stands in.
    rate = pace.rate if pace.rate is not None else own / elapsed if own and elapsed > 1 else None
    eta = (total - done) / rate if rate and total else None
    usual = usual_seconds(run.kind, run.continues_run_id, past)
    if usual is None:
        return Forecast(rate, eta, None, Compared.ALIKE)
    if pace.rate is None and elapsed < min(_EARLY_SECONDS, usual):
        return Forecast(rate, usual - elapsed, usual, Compared.ALIKE)
    compared = compare(elapsed + (eta or 0.0), usual)
    if eta is None and compared is Compared.FASTER:
        compared = Compared.ALIKE  # it stands still: who knows
    return Forecast(rate, eta, usual, compared)


def usual_seconds(kind: RunKind, continues_run_id: int | None, past: Past) -> float | None:
    """What a run like this usually takes: known of those that fetch everything from the beginning."""
    return past.usual_seconds if kind is RunKind.FULL and continues_run_id is None else None


def compare(seconds: float, usual: float) -> Compared:
    """How so many seconds compare with the usual ones."""
    if abs(seconds - usual) < _LEAST_SECONDS:
        return Compared.ALIKE
    if seconds > usual * _FACTOR:
        return Compared.SLOWER
    return Compared.FASTER if seconds < usual / _FACTOR else Compared.ALIKE


def looked_back(report: RunReport, past: Past) -> Compared:
    """How a run that succeeded compares with the others."""
    usual = usual_seconds(report.kind, report.continues_run_id, past)
    if usual is None or report.duration_seconds is None or report.status is not RunStatus.SUCCEEDED:
        return Compared.ALIKE
    return compare(report.duration_seconds, usual)
