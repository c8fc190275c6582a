"""What a run needs to be gone on with, and what a blocked one would have removed."""

import sqlalchemy as sa
from alembic import op

from console.store.column_types import TEXT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("sync_runs", sa.Column("catalogue_total", sa.BigInteger(), nullable=True))
    op.add_column("sync_runs", sa.Column("continues_run_id", sa.BigInteger(), nullable=True))
    op.add_column("sync_runs", sa.Column("filters", TEXT, nullable=True))
    op.add_column("sync_runs", sa.Column("schema_revision", TEXT, nullable=True))
    op.create_table(
        "run_removals",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["sync_runs.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "product_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_product_changes_at", "product_changes", ["at"], unique=False)
