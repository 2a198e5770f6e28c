"""Displays of images"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("templates") as templates:
        templates.add_column(sa.Column("protocol", sa.String(20), nullable=False, server_default="vnc"))
        templates.add_column(sa.Column("port", sa.Integer(), nullable=True))
        templates.add_column(sa.Column("username", sa.String(64), nullable=True))
        templates.add_column(sa.Column("sealed_password", sa.Text(), nullable=True))
        templates.add_column(sa.Column("password_variable", sa.String(100), nullable=True))
