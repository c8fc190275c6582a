"""The first tables."""

import sqlalchemy as sa
from alembic import op

from console.store.column_types import ROW_ID, TEXT

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ACTIVE_RUN = sa.text("status IN ('queued', 'running', 'cancelling')")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "audit_events",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("target", TEXT, nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("outcome", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "products",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("slug", TEXT, nullable=True),
        sa.Column("type", TEXT, nullable=True),
        sa.Column("qty", sa.BigInteger(), nullable=False),
        sa.Column("min_price", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("retail_min_price", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("retail_min_base_price", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("available_to_buy", sa.Boolean(), nullable=True),
        sa.Column("thumbnail", TEXT, nullable=True),
        sa.Column("small_image", TEXT, nullable=True),
        sa.Column("cover_image", TEXT, nullable=True),
        sa.Column("images", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("videos", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("release_date", sa.Date(), nullable=True),
        sa.Column("region", TEXT, nullable=True),
        sa.Column("developer", TEXT, nullable=True),
        sa.Column("publisher", TEXT, nullable=True),
        sa.Column("platform", TEXT, nullable=True),
        sa.Column("price_limit_min", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("price_limit_max", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("restrictions", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("requirements", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("source_updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_run_id", sa.BigInteger(), nullable=False),
        sa.Column("discontinued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_products_is_active_id", "products", ["is_active", "id"], unique=False)
    op.create_table(
        "schedules",
        sa.Column("job_id", TEXT, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("pause_reason", TEXT, nullable=True),
        sa.Column("updated_by", TEXT, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id"),
    )
    op.create_table(
        "sync_runs",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("trigger", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("requested_by", TEXT, nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duration_seconds", sa.Float(), nullable=True),
        sa.Column("pages_total", sa.BigInteger(), nullable=False),
        sa.Column("pages_done", sa.BigInteger(), nullable=False),
        sa.Column("pages_failed", sa.BigInteger(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("retries", sa.BigInteger(), nullable=False),
        sa.Column("products_seen", sa.BigInteger(), nullable=False),
        sa.Column("products_new", sa.BigInteger(), nullable=False),
        sa.Column("products_changed", sa.BigInteger(), nullable=False),
        sa.Column("products_unchanged", sa.BigInteger(), nullable=False),
        sa.Column("products_discontinued", sa.BigInteger(), nullable=False),
        sa.Column("products_rejected", sa.BigInteger(), nullable=False),
        sa.Column("errors", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("job_id", TEXT, nullable=True),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ux_sync_runs_one_active",
        "sync_runs",
        [sa.text("(1)")],
        unique=True,
        sqlite_where=_ACTIVE_RUN,
        postgresql_where=_ACTIVE_RUN,
    )
    op.create_index("ux_sync_runs_slot", "sync_runs", ["job_id", "slot"], unique=True)
    op.create_table(
        "product_categories",
        sa.Column("product_id", TEXT, nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
        ),
        sa.PrimaryKeyConstraint("product_id", "category_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "product_changes",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", TEXT, nullable=False),
        sa.Column("change", TEXT, nullable=False),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["sync_runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_product_changes_product_id", "product_changes", ["product_id"], unique=False)
    op.create_index("ix_product_changes_run_id", "product_changes", ["run_id"], unique=False)
    op.create_table(
        "rejected_products",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("product_id", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["sync_runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_rejected_products_run_id", "rejected_products", ["run_id"], unique=False)
    op.create_table(
        "run_sightings",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["sync_runs.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "product_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sync_pages",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("price_window", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("price_from", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("price_to", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("error", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["sync_runs.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "price_window", "page"),
        sqlite_with_rowid=False,
    )
