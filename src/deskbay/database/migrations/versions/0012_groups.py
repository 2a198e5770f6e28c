"""Groups"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column(
            "tracking",
            sa.Enum("off", "notice", "consent", name="tracking", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("window_titles", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("name_key", name="uq_groups_name_key"),
        sa.UniqueConstraint("slug", name="uq_groups_slug"),
    )
    _pairs(
        "group_members",
        ("group_id", "groups"),
        ("user_id", "users"),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
    )
    _pairs("nested_groups", ("group_id", "groups"), ("nested_id", "groups"))
    _pairs("template_groups", ("template_id", "templates"), ("group_id", "groups"))


def _pairs(name: str, one: tuple[str, str], other: tuple[str, str], *columns: sa.Column[bool]) -> None:
    """Make a table of what belongs together, each as a column and the table to which it points."""
    op.create_table(
        name,
        *(sa.Column(column, BigKey, nullable=False) for column, _ in (one, other)),
        *columns,
        sa.PrimaryKeyConstraint(one[0], other[0], name=f"pk_{name}"),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_{name}_{column}", ondelete="CASCADE")
            for column, table in (one, other)
        ),
    )
    op.create_index(f"ix_{name}_{other[0]}", name, [other[0]])
