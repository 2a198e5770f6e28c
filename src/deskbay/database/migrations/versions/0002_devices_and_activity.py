"""Rooms, devices, sign-ins, activity and its hours"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _devices()
    _sign_ins()
    _activity()
    _hours()


def _devices() -> None:
    op.create_table(
        "rooms",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("map_digest", sa.String(64), nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        sa.UniqueConstraint("name_key", name="uq_rooms_name_key"),
        sa.UniqueConstraint("map_digest", name="uq_rooms_map_digest"),
    )
    op.create_table(
        "opening_hours",
        _room("opening_hours"),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opening_hours"),
    )
    op.create_index("ix_opening_hours_room_id", "opening_hours", ["room_id"])
    op.create_table(
        "opening_exceptions",
        _room("opening_exceptions"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opening_exceptions"),
    )
    op.create_index("ix_opening_exceptions_room_id", "opening_exceptions", ["room_id"])
    op.create_table(
        "devices",
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False),
        _room("devices", nullable=True, when_deleted="SET NULL"),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("column", sa.Integer(), nullable=True),
        sa.Column("template", sa.String(64), nullable=True),
        sa.Column("token_digest", sa.String(64), nullable=True),
        sa.Column("token_issued_at", UtcDateTime(), nullable=True),
        sa.Column("enrolled_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("seen_until", UtcDateTime(), nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("uuid", name="uq_devices_uuid"),
        sa.UniqueConstraint("name_key", name="uq_devices_name_key"),
        sa.UniqueConstraint("room_id", "row", "column", name="uq_devices_room_id"),
        sa.UniqueConstraint("token_digest", name="uq_devices_token_digest"),
    )
    op.create_table(
        "enrolment_codes",
        sa.Column("digest", sa.String(64), nullable=False),
        _room("enrolment_codes", nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_codes"),
        sa.UniqueConstraint("digest", name="uq_enrolment_codes_digest"),
    )
    op.create_index("ix_enrolment_codes_room_id", "enrolment_codes", ["room_id"])


def _room(table: str, *, nullable: bool = False, when_deleted: str = "CASCADE") -> "sa.Column[int]":
    key = sa.ForeignKey("rooms.id", name=f"fk_{table}_room_id", ondelete=when_deleted)
    return sa.Column("room_id", BigKey, key, nullable=nullable)


def _of(table: str, other: str) -> "sa.Column[int]":
    name = f"{other}_id"
    return sa.Column(name, BigKey, sa.ForeignKey(f"{other}s.id", name=f"fk_{table}_{name}"), nullable=False)


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("uuid", sa.Uuid(), nullable=False),
        _of("sign_ins", "user"),
        _of("sign_ins", "device"),
        sa.Column("address", sa.String(64), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("ends_hour", UtcDateTime(), nullable=False),
        sa.Column("last_ping_at", UtcDateTime(), nullable=False),
        sa.Column("input_at", UtcDateTime(), nullable=True),
        sa.Column("clock_offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("recent_pings", sa.String(256), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
        sa.UniqueConstraint("uuid", name="uq_sign_ins_uuid"),
        postgresql_with={"fillfactor": 70},  # room for pings to change a row in its place
    )
    for column in ("user_id", "device_id", "ends_hour"):
        op.create_index(f"ix_sign_ins_{column}", "sign_ins", [column])


def _activity() -> None:
    partitioned = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "activity",
        sa.Column("day", sa.Date(), nullable=False),
        _of("activity", "user"),
        _of("activity", "device"),
        sa.Column("sign_in_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("reaches", sa.BigInteger(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        # PostgreSQL wants what it divides by in every key.
        sa.PrimaryKeyConstraint("id", *(["day"] if partitioned else []), name="pk_activity"),
        postgresql_partition_by="RANGE (day)",
    )
    for columns in (["user_id", "day"], ["device_id", "day"], ["day"]):
        op.create_index(f"ix_activity_{'_'.join(columns)}", "activity", columns)


def _hours() -> None:
    op.create_table(
        "user_hours",
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        _of("user_hours", "user"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("period", "starts_on", "user_id", "kind", "name", name="pk_user_hours"),
    )
    op.create_index("ix_user_hours_user_id", "user_hours", ["user_id"])
    op.create_table(
        "device_hours",
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        _of("device_hours", "device"),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("period", "starts_on", "device_id", name="pk_device_hours"),
    )
    op.create_index("ix_device_hours_device_id", "device_hours", ["device_id"])
    op.create_table(
        "roll_up_state",
        sa.Column("id", BigKey, autoincrement=False, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("rolled_up_to", sa.Date(), nullable=False),
        sa.Column("kept_from", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_roll_up_state"),
    )
