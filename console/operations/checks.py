"""What a check finds: it is well, it is not quite, or it needs to be put right, and how."""

import enum

import msgspec


class CheckStatus(enum.StrEnum):
    """How something stands."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at; `advice` says what to do where there is something to do."""

    name: str
    status: CheckStatus
    message: str
    advice: str | None = None


def fine(name: str, message: str) -> Check:
    """It is well."""
    return Check(name, CheckStatus.OK, message)


def doubtful(name: str, message: str, advice: str) -> Check:
    """It works, and should be looked after."""
    return Check(name, CheckStatus.WARNING, message, advice)


def wrong(name: str, message: str, advice: str) -> Check:
    """It does not work until it is put right."""
    return Check(name, CheckStatus.PROBLEM, message, advice)
