"""Every change of the tables, in order, run by Alembic. A new one goes into `versions` and moves HEAD."""

HEAD = "0003"
"""The revision that this program works with."""
