"""Devices that people own, what they run, and the device that each desktop is"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("devices") as devices:
        devices.add_column(sa.Column("owner_id", BigKey, nullable=True))
        devices.add_column(sa.Column("system", sa.String(20), nullable=True))
        devices.add_column(sa.Column("system_release", sa.String(100), nullable=True))
        devices.add_column(sa.Column("system_version", sa.String(255), nullable=True))
        devices.add_column(sa.Column("architecture", sa.String(50), nullable=True))
        devices.add_column(sa.Column("mac_address", sa.String(17), nullable=True))
        devices.create_index("ix_devices_owner_id", ["owner_id"])
        devices.create_foreign_key("fk_devices_owner_id", "users", ["owner_id"], ["id"])
    with op.batch_alter_table("enrolment_codes") as codes:
        codes.add_column(sa.Column("owner_id", BigKey, nullable=True))
        codes.create_index("ix_enrolment_codes_owner_id", ["owner_id"])
        codes.create_foreign_key("fk_enrolment_codes_owner_id", "users", ["owner_id"], ["id"])
    with op.batch_alter_table("desktops") as desktops:
        desktops.add_column(sa.Column("device_id", BigKey, nullable=True))
        desktops.create_foreign_key("fk_desktops_device_id", "devices", ["device_id"], ["id"])
