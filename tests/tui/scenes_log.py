"""A day in the log: a quiet one but for some trouble, in more records than the main screen holds."""

from datetime import timedelta

from console.logs import LogLine
from tests.tui.fake import NOW, FakeOperations
from tests.tui.fake_logbook import FakeLogBook
from tests.tui.scenes import idle

_TRACEBACK = (
    'the WAL could not be checkpointed | Traceback (most recent call last): |   File "/srv/shop/console/store/'
    'database.py", line 88, in checkpoint |     cursor.execute(statement) | sqlite3.OperationalError: disk I/O error'
)
_BLOCK = "=== DAILY PRODUCT SYNC COMPLETED SUCCESSFULLY ===\nDuration: 77.40 seconds\nProducts Synced: 15420\nErrors: 0"
_RECORDS, _IN_MEMORY = 3_000, 400


def day() -> FakeOperations:
    """The log of a day and a bit, with warnings, tracebacks and blocks."""
    operations = idle()
    lines = [_record(number) for number in range(_RECORDS)]
    operations.log = lines[-_IN_MEMORY:]
    operations.logbook = FakeLogBook(lines)
    return operations


def _record(number: int) -> LogLine:
    at = NOW - timedelta(seconds=(_RECORDS - number) * 30)
    if number % 37 == 0:
        return LogLine(at, "console.store", "ERROR", _TRACEBACK)
    if number % 11 == 0:
        told = f"page {number}: HTTP 429, trying again in 2.5 s; the rate is now 480 requests per minute for all pages"
        return LogLine(at, "console.g2a", "WARNING", told)
    if number % 101 == 0:
        return LogLine(at, "scheduler", "INFO", _BLOCK)
    return LogLine(at, "console.sync", "INFO", f"page {number} of 15,420 stored: 20 products")


HOSTILE = (
    "[bold red]not bold[/] [@click=app.quit]not a link[/] [/]",
    "a title of 日本語 and 👩‍🔬 and é " * 40,
    "هذا نص من اليمين إلى اليسار 12345 with English in between",
    "␛[31mnot red␛[0m and ␛]52;c;bm90aGluZw==␇",
    "x" * 1_000_000,
)
"""What the log says of products that mean harm, cleaned as it comes from the engine."""


def hostile() -> FakeOperations:
    """A log full of them."""
    operations = idle()
    lines = [LogLine(NOW - timedelta(seconds=9 - at), "console.sync", "INFO", text) for at, text in enumerate(HOSTILE)]
    operations.log, operations.logbook = lines, FakeLogBook(lines)
    return operations
