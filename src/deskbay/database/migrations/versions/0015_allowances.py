"""What people and groups may have of running desktops, and whose desktops were when"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PERIODS = ("day", "week", "month", "year")


def upgrade() -> None:
    op.create_table(
        "allowances",
        sa.Column("user_id", BigKey, nullable=True),
        sa.Column("group_id", BigKey, nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("desktops", sa.Integer(), nullable=True),
        sa.Column("memory_mb", sa.Integer(), nullable=True),
        sa.Column("cpus", sa.Double(), nullable=True),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("period", sa.Enum(*PERIODS, name="period", native_enum=False, length=20), nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_allowances_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_allowances_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_allowances"),
        sa.UniqueConstraint("user_id", name="uq_allowances_user_id"),
    )
    op.create_index("ix_allowances_group_id", "allowances", ["group_id"])
    op.create_table(
        "budget_warnings",
        sa.Column("allowance_id", BigKey, nullable=False),
        sa.Column("user_id", BigKey, nullable=False),
        sa.Column("period_start", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["allowance_id"], ["allowances.id"], name="fk_budget_warnings_allowance_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_budget_warnings_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("allowance_id", "user_id", "period_start", name="pk_budget_warnings"),
    )
    with op.batch_alter_table("desktops") as desktops:
        desktops.add_column(sa.Column("budget_ends_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("desktop_changes") as changes:
        changes.add_column(sa.Column("owner_id", BigKey, nullable=True))
    op.execute("UPDATE desktop_changes SET owner_id = (SELECT owner_id FROM desktops WHERE desktops.id = desktop_id)")
    with op.batch_alter_table("desktop_changes") as changes:
        changes.alter_column("owner_id", existing_type=BigKey, nullable=False)
        changes.create_foreign_key("fk_desktop_changes_owner_id", "users", ["owner_id"], ["id"])
        changes.create_index("ix_desktop_changes_owner_id_at", ["owner_id", "at"])
