"""Volumes"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "volumes",
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("owner_id", BigKey, nullable=False),
        sa.Column("runtime_id", BigKey, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("size_mb", sa.Integer(), nullable=False),
        sa.Column("made_mb", sa.Integer(), nullable=True),
        sa.Column("used_mb", sa.Integer(), nullable=True),
        sa.Column("measured_at", UtcDateTime(), nullable=True),
        sa.Column("everyone", _access(), nullable=True),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=True),
        sa.Column("retry_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("idempotency_key", sa.String(255), nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_volumes"),
        sa.UniqueConstraint("uuid", name="uq_volumes_uuid"),
        sa.UniqueConstraint("owner_id", "idempotency_key", name="uq_volumes_owner_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_volumes_owner_id"),
        sa.ForeignKeyConstraint(["runtime_id"], ["runtimes.id"], name="fk_volumes_runtime_id"),
    )
    op.create_index("ix_volumes_runtime_id", "volumes", ["runtime_id"])
    _shares("volume_users", "user_id", "users")
    _shares("volume_groups", "group_id", "groups")
    op.create_table(
        "volume_attachments",
        sa.Column("desktop_id", BigKey, nullable=False),
        sa.Column("volume_id", BigKey, nullable=False),
        sa.Column("is_read_only", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("desktop_id", name="pk_volume_attachments"),
        sa.ForeignKeyConstraint(["desktop_id"], ["desktops.id"], name="fk_volume_attachments_desktop_id"),
        sa.ForeignKeyConstraint(["volume_id"], ["volumes.id"], name="fk_volume_attachments_volume_id"),
    )
    op.create_index("ix_volume_attachments_volume_id", "volume_attachments", ["volume_id"])
    op.create_table(
        "template_volumes",
        sa.Column("template_id", BigKey, nullable=False),
        sa.Column("volume_id", BigKey, nullable=False),
        sa.Column("is_read_only", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("template_id", "volume_id", name="pk_template_volumes"),
        sa.ForeignKeyConstraint(
            ["template_id"], ["templates.id"], name="fk_template_volumes_template_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["volume_id"], ["volumes.id"], name="fk_template_volumes_volume_id"),
    )
    op.create_index("ix_template_volumes_volume_id", "template_volumes", ["volume_id"])


def _access() -> sa.Enum:
    return sa.Enum("read", "write", name="access", native_enum=False, length=20)


def _shares(name: str, column: str, table: str) -> None:
    op.create_table(
        name,
        sa.Column("volume_id", BigKey, nullable=False),
        sa.Column(column, BigKey, nullable=False),
        sa.Column("access", _access(), nullable=False),
        sa.PrimaryKeyConstraint("volume_id", column, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["volume_id"], ["volumes.id"], name=f"fk_{name}_volume_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_{name}_{column}", ondelete="CASCADE"),
    )
    op.create_index(f"ix_{name}_{column}", name, [column])
