"""Every change of the tables, in order, run by Alembic. A new one goes into `versions` and moves HEAD."""

HEAD = "0003"
"""The revision that this program works with."""

STORED_ALIKE_SINCE = "0002"
"""The oldest revision whose programs stored products as this one does: it goes on with the runs that they began."""
