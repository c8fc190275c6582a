"""The advisory locks of a database, and what the server tells of who has them."""

WRITERS_LOCK = 0x673261_777269_7465
"""The key of the lock that every transaction that writes takes first: `g2awrite`."""

# 6763105 is "g2a" in hexadecimal: which locks of two numbers are ours. Of them 1 is the engine's.
TRY_LOCK = "SELECT pg_try_advisory_lock(6763105, 1)"
_HELD_HERE = (
    "locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_IS_THE_ENGINES = f"{_HELD_HERE} AND objsubid = 2 AND classid = 6763105 AND objid = 1"
HOLDERS = f"SELECT pid FROM pg_locks WHERE {_IS_THE_ENGINES}"
HOLDER = (
    "SELECT held.pid, application_name, extract(epoch FROM clock_timestamp() - state_change)::float8 "
    f"FROM pg_locks AS held LEFT JOIN pg_stat_activity AS activity ON activity.pid = held.pid WHERE {_IS_THE_ENGINES}"
)
"""The session that has the engine's lock, what it calls itself, and the seconds since its last statement."""

AWAIT_WRITERS, LET_WRITE = "SELECT pg_advisory_lock(%s)", "SELECT pg_advisory_unlock(%s)"
END_WRITER = (
    f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {_HELD_HERE} AND objsubid = 1 AND "
    "(classid::bigint << 32) | objid::bigint = %s"
)
"""Their parameter is WRITERS_LOCK, whose key is one number of twice the length."""
