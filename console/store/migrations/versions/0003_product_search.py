"""What products are found by: their words, and the columns that they are filtered and sorted by."""

import sqlalchemy as sa
from alembic import op

from console.store.search_index import INDEX_ALL, INDEX_TABLES, TRIGGERS

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, fill them from the products, and keep them in step from now on."""
    op.create_table(
        "product_search",
        sa.Column("doc", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("min_price", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("qty", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("doc"),
    )
    op.create_table(
        "product_search_backlog",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    connection = op.get_bind()
    for statement in INDEX_ALL:
        connection.exec_driver_sql(statement)
    op.create_index("ux_product_search_product_id", "product_search", ["product_id"], unique=True)
    op.create_index(
        "ix_product_search_words", "product_search", ["words", "is_active", "platform", "region", "min_price"]
    )
    op.create_index("ix_product_search_min_price", "product_search", ["min_price", "is_active", "platform", "region"])
    op.create_index("ix_product_search_qty", "product_search", ["qty", "is_active", "platform", "region", "min_price"])
    op.create_index("ix_product_categories_category_id", "product_categories", ["category_id", "product_id"])
    for statement in (*INDEX_TABLES, *TRIGGERS):
        connection.exec_driver_sql(statement)
