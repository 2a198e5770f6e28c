"""Runtimes that desktops are placed on"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "runtimes",
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("memory_mb", sa.Integer(), nullable=True),
        sa.Column("cpus", sa.Double(), nullable=True),
        sa.Column("desktops", sa.Integer(), nullable=True),
        sa.Column("is_drained", sa.Boolean(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runtimes"),
        sa.UniqueConstraint("slug", name="uq_runtimes_slug"),
    )
    with op.batch_alter_table("desktops") as desktops:
        desktops.add_column(sa.Column("runtime_id", BigKey, nullable=True))
        desktops.create_index("ix_desktops_runtime_id", ["runtime_id"])
        desktops.create_foreign_key("fk_desktops_runtime_id", "runtimes", ["runtime_id"], ["id"])
    with op.batch_alter_table("templates") as templates:
        templates.add_column(sa.Column("labels", sa.Text(), nullable=True))
        templates.add_column(sa.Column("image", sa.String(255), nullable=True))
    op.execute("UPDATE templates SET labels = '[]'")
    with op.batch_alter_table("templates") as templates:
        templates.alter_column("labels", existing_type=sa.Text(), nullable=False)
