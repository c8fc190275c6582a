"""What checks found, as lines or as JSON, and the exit code that follows."""

from collections.abc import Sequence

from console.cli.output import ExitCode, say, say_json
from console.operations.checks import Check, CheckStatus
from console.text import clean

_LINE_LIMIT = 2_000


def tell_checks(checks: Sequence[Check], *, as_json: bool) -> int:
    """Print them; returns the exit code."""
    is_well = all(check.status is not CheckStatus.PROBLEM for check in checks)
    if as_json:
        say_json({"ok": is_well, "checks": checks})
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            advice = f" {check.advice}" if check.advice else ""
            say(f"{check.status:<7}  {check.name:<{width}}  {clean(check.message + advice, _LINE_LIMIT)}")
    return ExitCode.DONE if is_well else ExitCode.FAILED
