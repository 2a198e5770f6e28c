"""Lifetimes that are extended"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("templates") as templates:
        templates.add_column(sa.Column("most_lifetime_seconds", sa.Integer(), nullable=True))
    with op.batch_alter_table("desktops") as desktops:
        desktops.add_column(sa.Column("ends_at", UtcDateTime(), nullable=True))
