"""What products are found by: their words, and the columns that they are filtered and sorted by."""

import sqlalchemy as sa
from alembic import op

from console.store.column_types import ROW_ID, TEXT
from console.store.search_dialect import search_dialect_of

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, fill them from the products, and keep them in step from now on."""
    op.create_table(
        "product_search",
        sa.Column("doc", ROW_ID, nullable=False),
        sa.Column("product_id", TEXT, nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.Column("platform", TEXT, nullable=True),
        sa.Column("region", TEXT, nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("min_price", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("qty", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("doc"),
    )
    op.create_table(
        "product_search_backlog",
        sa.Column("seq", ROW_ID, nullable=False),
        sa.Column("product_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    connection = op.get_bind()
    for statement in search_dialect_of(connection).make:
        connection.exec_driver_sql(statement)
    op.create_index("ux_product_search_product_id", "product_search", ["product_id"], unique=True)
    op.create_index("ix_product_categories_category_id", "product_categories", ["category_id", "product_id"])
