"""Templates that are edited, sizes that are chosen, and what became of each desktop when"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LIMITS: dict[str, sa.Integer | sa.Float[float]] = {
    "least_memory_mb": sa.Integer(),
    "most_memory_mb": sa.Integer(),
    "least_cpus": sa.Double(),
    "most_cpus": sa.Double(),
}
TABLES_OF_PEOPLE = {
    "template_users": ("template_id", "user_id"),
    "template_favourites": ("user_id", "template_id"),
}
SIZES: dict[str, sa.Integer | sa.Float[float]] = {"memory_mb": sa.Integer(), "cpus": sa.Double()}


def upgrade() -> None:
    _templates()
    _of_people()
    _desktops()
    _changes()


def _templates() -> None:
    with op.batch_alter_table("templates") as templates:
        for name, kind in LIMITS.items():
            templates.add_column(sa.Column(name, kind, nullable=True))
        templates.add_column(sa.Column("environment", sa.Text(), nullable=True))
        templates.add_column(sa.Column("position", sa.Integer(), nullable=True))
        templates.add_column(sa.Column("is_disabled", sa.Boolean(), nullable=True))
        templates.add_column(sa.Column("is_for_everyone", sa.Boolean(), nullable=True))
        templates.add_column(sa.Column("deleted_at", UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE templates SET least_memory_mb = memory_mb, most_memory_mb = memory_mb, least_cpus = cpus,"
        " most_cpus = cpus, environment = '{}', position = id, is_disabled = false, is_for_everyone = true"
    )
    with op.batch_alter_table("templates") as templates:
        for name, kind in LIMITS.items():
            templates.alter_column(name, existing_type=kind, nullable=False)
        templates.alter_column("environment", existing_type=sa.Text(), nullable=False)
        templates.alter_column("position", existing_type=sa.Integer(), nullable=False)
        templates.alter_column("is_disabled", existing_type=sa.Boolean(), nullable=False)
        templates.alter_column("is_for_everyone", existing_type=sa.Boolean(), nullable=False)


def _of_people() -> None:
    for table, keys in (
        ("template_users", ("template_id", "user_id")),
        ("template_favourites", ("user_id", "template_id")),
    ):
        op.create_table(
            table,
            *(sa.Column(key, BigKey, nullable=False) for key in keys),
            sa.ForeignKeyConstraint(
                ["template_id"], ["templates.id"], name=f"fk_{table}_template_id", ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE"),
            sa.PrimaryKeyConstraint(*keys, name=f"pk_{table}"),
        )
    op.create_index("ix_template_users_user_id", "template_users", ["user_id"])


def _desktops() -> None:
    with op.batch_alter_table("desktops") as desktops:
        for name, kind in SIZES.items():
            desktops.add_column(sa.Column(name, kind, nullable=True))
        desktops.add_column(sa.Column("wanted_by_id", BigKey, nullable=True))
        desktops.add_column(sa.Column("message", sa.String(500), nullable=True))
        desktops.add_column(sa.Column("message_at", UtcDateTime(), nullable=True))
        desktops.create_foreign_key("fk_desktops_wanted_by_id", "users", ["wanted_by_id"], ["id"], ondelete="SET NULL")
    for name in SIZES:
        op.execute(
            f"UPDATE desktops SET {name} = (SELECT {name} FROM templates WHERE templates.id = desktops.template_id)"  # noqa: S608 - the names are above
        )
    with op.batch_alter_table("desktops") as desktops:
        for name, kind in SIZES.items():
            desktops.alter_column(name, existing_type=kind, nullable=False)


def _changes() -> None:
    op.create_table(
        "desktop_changes",
        sa.Column("desktop_id", BigKey, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=True),
        sa.Column("actor_id", BigKey, nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_desktop_changes_actor_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["desktop_id"], ["desktops.id"], name="fk_desktop_changes_desktop_id"),
        sa.PrimaryKeyConstraint("id", name="pk_desktop_changes"),
    )
    op.create_index("ix_desktop_changes_actor_id", "desktop_changes", ["actor_id"])
    op.create_index("ix_desktop_changes_desktop_id", "desktop_changes", ["desktop_id"])
