"""Nodes, GPUs and charts that templates ask clusters for"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("templates") as templates:
        templates.add_column(sa.Column("cluster", sa.Text(), nullable=True))
    op.execute("UPDATE templates SET cluster = '{}'")
    with op.batch_alter_table("templates") as templates:
        templates.alter_column("cluster", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("templates") as templates:
        templates.drop_column("cluster")
