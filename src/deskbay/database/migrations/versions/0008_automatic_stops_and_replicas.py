"""Limits of templates, automatic stops, sessions that come with a launch, and which server an agent listens to"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REFERENCES = {"session_id": "sessions", "save_id": "session_saves", "restore_id": "restores"}


def upgrade() -> None:
    with op.batch_alter_table("templates") as templates:
        templates.add_column(sa.Column("idle_limit_seconds", sa.Integer(), nullable=True))
        templates.add_column(sa.Column("lifetime_seconds", sa.Integer(), nullable=True))
    with op.batch_alter_table("desktops") as desktops:
        for name in ("active_at", "watched_at", "stop_at"):
            desktops.add_column(sa.Column(name, UtcDateTime(), nullable=True))
        desktops.add_column(sa.Column("stop_cause", sa.String(20), nullable=True))
        for name, table in REFERENCES.items():
            desktops.add_column(sa.Column(name, BigKey, nullable=True))
            desktops.create_foreign_key(f"fk_desktops_{name}", table, [name], ["id"], ondelete="SET NULL")
    with op.batch_alter_table("devices") as devices:
        devices.add_column(sa.Column("server", sa.String(36), nullable=True))
    op.create_table(
        "servers",
        sa.Column("name", sa.String(36), nullable=False),
        sa.Column("alive_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_servers"),
    )
