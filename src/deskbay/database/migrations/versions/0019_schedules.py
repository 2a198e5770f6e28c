"""Schedules of desktops"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desktop_schedules",
        sa.Column("desktop_id", BigKey, nullable=False),
        sa.Column("days", sa.String(100), nullable=False),
        sa.Column("starts_at", sa.String(5), nullable=True),
        sa.Column("stops_at", sa.String(5), nullable=True),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["desktop_id"], ["desktops.id"], name="fk_desktop_schedules_desktop_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("desktop_id", name="pk_desktop_schedules"),
    )
    with op.batch_alter_table("desktops") as desktops:
        desktops.add_column(sa.Column("scheduled_start_at", UtcDateTime(), nullable=True))
        desktops.add_column(sa.Column("scheduled_stop_at", UtcDateTime(), nullable=True))
        desktops.create_index("ix_desktops_scheduled_start_at", ["scheduled_start_at"])
        desktops.create_index("ix_desktops_scheduled_stop_at", ["scheduled_stop_at"])
