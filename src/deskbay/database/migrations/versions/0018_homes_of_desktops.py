"""Homes that go with their desktops, and when templates were made"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("templates") as templates:
        templates.add_column(sa.Column("created_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("desktops") as desktops:
        desktops.add_column(sa.Column("keeps_home", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("desktops") as desktops:
        desktops.drop_column("keeps_home")
    with op.batch_alter_table("templates") as templates:
        templates.drop_column("created_at")
