"""Guacamole that is kept in step"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guacamole_standing",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("brought", sa.String(64), nullable=True),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(1000), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime(), nullable=True),
        sa.Column("data_source", sa.String(64), nullable=True),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("connections", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(36), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_guacamole_standing"),
    )
    op.create_table(
        "guacamole_connections",
        sa.Column("desktop_id", BigKey, nullable=False),
        sa.Column("identifier", sa.String(64), nullable=False),
        sa.Column("owner_id", BigKey, nullable=False),
        sa.Column("endpoint", sa.String(300), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["desktop_id"], ["desktops.id"], name="fk_guacamole_connections_desktop_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name="fk_guacamole_connections_owner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("desktop_id", name="pk_guacamole_connections"),
    )
    with op.batch_alter_table("guacamole_connections") as connections:
        connections.create_index("ix_guacamole_connections_owner_id", ["owner_id"])
