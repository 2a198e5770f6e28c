"""Spare desktops, and how many of them templates have"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spares",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("template_id", BigKey, nullable=False),
        sa.Column("runtime_id", BigKey, nullable=False),
        sa.Column("recipe", sa.String(64), nullable=False),
        sa.Column("memory_mb", sa.Integer(), nullable=False),
        sa.Column("cpus", sa.Double(), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name="fk_spares_template_id"),
        sa.ForeignKeyConstraint(["runtime_id"], ["runtimes.id"], name="fk_spares_runtime_id"),
        sa.PrimaryKeyConstraint("id", name="pk_spares"),
        sa.UniqueConstraint("uuid", name="uq_spares_uuid"),
    )
    op.create_index("ix_spares_template_id", "spares", ["template_id"])
    op.create_index("ix_spares_runtime_id", "spares", ["runtime_id"])
    with op.batch_alter_table("templates") as templates:
        templates.add_column(sa.Column("spares", sa.Integer(), server_default="0", nullable=False))
        templates.add_column(sa.Column("spare_failures", sa.Integer(), server_default="0", nullable=False))
        templates.add_column(sa.Column("spare_trouble", sa.String(1000), nullable=True))
        templates.add_column(sa.Column("spare_retry_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("templates") as templates:
        for name in ("spare_retry_at", "spare_trouble", "spare_failures", "spares"):
            templates.drop_column(name)
    op.drop_table("spares")
