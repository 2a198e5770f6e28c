"""Recordings and clipboards"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("desktop_id", BigKey, nullable=False),
        sa.Column("template_id", BigKey, nullable=False),
        sa.Column("owner_id", BigKey, nullable=False),
        sa.Column("viewer_id", BigKey, nullable=False),
        sa.Column("protocol", sa.String(20), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("end", sa.String(20), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["desktop_id"], ["desktops.id"], name="fk_recordings_desktop_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_recordings_owner_id"),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name="fk_recordings_template_id"),
        sa.ForeignKeyConstraint(["viewer_id"], ["users.id"], name="fk_recordings_viewer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
        sa.UniqueConstraint("uuid", name="uq_recordings_uuid"),
    )
    with op.batch_alter_table("recordings") as recordings:
        recordings.create_index("ix_recordings_desktop_id", ["desktop_id"])
        recordings.create_index("ix_recordings_ended_at", ["ended_at"])
        recordings.create_index("ix_recordings_owner_id", ["owner_id"])
        recordings.create_index("ix_recordings_template_id", ["template_id"])
        recordings.create_index("ix_recordings_viewer_id", ["viewer_id"])

    op.create_table(
        "recording_looks",
        sa.Column("recording_id", BigKey, nullable=False),
        sa.Column("user_id", BigKey, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name="fk_recording_looks_recording_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_recording_looks_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recording_looks"),
    )
    with op.batch_alter_table("recording_looks") as looks:
        looks.create_index("ix_recording_looks_recording_id", ["recording_id"])
        looks.create_index("ix_recording_looks_user_id", ["user_id"])

    with op.batch_alter_table("templates") as templates:
        templates.add_column(sa.Column("clipboard", sa.String(20), server_default="both", nullable=False))
        templates.add_column(sa.Column("is_recorded", sa.Boolean(), server_default=sa.false(), nullable=False))
