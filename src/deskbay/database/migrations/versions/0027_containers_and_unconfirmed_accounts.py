"""Containers that somebody has for a while, and accounts that are to be confirmed"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users") as users:
        users.add_column(sa.Column("unconfirmed_until", UtcDateTime(), nullable=True))
    with op.batch_alter_table("desktops") as desktops:
        desktops.add_column(sa.Column("sealed_password", sa.Text(), nullable=True))
        desktops.add_column(sa.Column("lifetime_seconds", sa.Integer(), nullable=True))
        desktops.add_column(sa.Column("most_lifetime_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("desktops") as desktops:
        for name in ("most_lifetime_seconds", "lifetime_seconds", "sealed_password"):
            desktops.drop_column(name)
    with op.batch_alter_table("users") as users:
        users.drop_column("unconfirmed_until")
