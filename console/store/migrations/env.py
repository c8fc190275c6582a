"""Alembic's entry: runs on the connection it is given, in the transaction that is open there."""

from alembic import context
from sqlmodel import SQLModel

from console.store import tables

_ = tables  # its import is what fills the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
context.run_migrations()
