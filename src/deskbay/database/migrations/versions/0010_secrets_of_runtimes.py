"""Secrets of runtimes"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("runtimes") as runtimes:
        runtimes.add_column(sa.Column("sealed_settings", sa.Text(), nullable=True))
