"""The record of who did what."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from console.store.rows import stored_time


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody did. `before` and `after` are what it changed."""

    at: datetime
    actor: str
    role: str
    method: str
    action: str
    target: str | None
    before: Any
    after: Any
    outcome: str


def write_audit(connection: Connection, audit: AuditEvent) -> None:
    """Keep who did what."""
    connection.exec_driver_sql(
        "INSERT INTO audit_events (at, actor, role, method, action, target, before, after, outcome) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            stored_time(audit.at), audit.actor, audit.role, audit.method, audit.action, audit.target,
            msgspec.json.encode(audit.before).decode(), msgspec.json.encode(audit.after).decode(), audit.outcome,
        ),
    )  # fmt: skip
