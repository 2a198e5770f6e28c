"""Sessions that templates begin with"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

COLUMNS = {"templates": "session_id", "sessions": "source_id"}


def upgrade() -> None:
    for table, column in COLUMNS.items():
        with op.batch_alter_table(table) as altered:
            altered.add_column(sa.Column(column, BigKey, nullable=True))
            name = op.f(f"fk_{table}_{column}")
            altered.create_foreign_key(name, "sessions", [column], ["id"], ondelete="SET NULL")
            altered.create_index(op.f(f"ix_{table}_{column}"), [column])


def downgrade() -> None:
    for table, column in reversed(COLUMNS.items()):
        with op.batch_alter_table(table) as altered:
            altered.drop_constraint(op.f(f"fk_{table}_{column}"), type_="foreignkey")
            altered.drop_index(op.f(f"ix_{table}_{column}"))
            altered.drop_column(column)
