"""Sessions, restores and what may be tracked"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import LONGTEXT

from deskbay.database.base import BigKey, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LARGE = sa.Text().with_variant(LONGTEXT(), "mysql", "mariadb")


def upgrade() -> None:
    _sessions()
    _restores()
    _people_and_devices()


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("user_id", BigKey, nullable=False),
        sa.Column("device_id", BigKey, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("slug", sa.String(120), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=True),
        sa.Column("slug_key", sa.String(120), nullable=True),
        sa.Column("description", sa.String(1000), nullable=False),
        sa.Column("active_on", BigKey, nullable=True),
        sa.Column("is_tracking", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=True),
        sa.Column("restored_at", UtcDateTime(), nullable=True),
        sa.Column("last_active_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["active_on"], ["devices.id"], name="fk_sessions_active_on", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_sessions_device_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("active_on", name="uq_sessions_active_on"),
        sa.UniqueConstraint("user_id", "device_id", "name_key", name="uq_sessions_name_key"),
        sa.UniqueConstraint("user_id", "device_id", "slug_key", name="uq_sessions_slug_key"),
    )
    op.create_index("ix_sessions_deleted_at", "sessions", ["deleted_at"])
    op.create_index("ix_sessions_device_id", "sessions", ["device_id"])
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "session_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", BigKey, nullable=False),
        sa.Column("device_id", BigKey, nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("flushed_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_session_runs_device_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_session_runs_session_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_session_runs"),
    )
    op.create_index("ix_session_runs_device_id", "session_runs", ["device_id"])
    op.create_index("ix_session_runs_session_id", "session_runs", ["session_id"])
    op.create_table(
        "session_applications",
        sa.Column("session_id", BigKey, nullable=False),
        sa.Column("application", sa.String(255), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("exe", LARGE, nullable=False),
        sa.Column("command", LARGE, nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_session_applications_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_session_applications"),
    )
    op.create_index("ix_session_applications_session_id", "session_applications", ["session_id"])
    op.create_table(
        "session_saves",
        sa.Column("session_id", BigKey, nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("applications", sa.Integer(), nullable=False),
        sa.Column("content", LARGE, nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_session_saves_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_session_saves"),
    )
    op.create_index("ix_session_saves_session_id", "session_saves", ["session_id"])
    op.create_table(
        "session_usage",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", BigKey, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("application", sa.String(255), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["session_runs.id"], name="fk_session_usage_run_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_session_usage_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "id", name="pk_session_usage"),
    )
    op.create_index("ix_session_usage_session_id", "session_usage", ["session_id"])


def _restores() -> None:
    op.create_table(
        "restores",
        sa.Column("run", sa.Uuid(), nullable=False),
        sa.Column("session_id", BigKey, nullable=False),
        sa.Column("user_id", BigKey, nullable=False),
        sa.Column("device_id", BigKey, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=True),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("deadline", UtcDateTime(), nullable=True),
        sa.Column("idempotency_key", sa.String(255), nullable=True),
        sa.Column("content", LARGE, nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_restores_device_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_restores_session_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_restores_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_restores"),
        sa.UniqueConstraint("run", name="uq_restores_run"),
        sa.UniqueConstraint("user_id", "idempotency_key", name="uq_restores_idempotency_key"),
    )
    op.create_index("ix_restores_deadline", "restores", ["deadline"])
    op.create_index("ix_restores_device_id", "restores", ["device_id"])
    op.create_index("ix_restores_session_id", "restores", ["session_id"])
    op.create_table(
        "restored_applications",
        sa.Column("restore_id", BigKey, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("application", sa.String(255), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=True),
        sa.Column("suggestion", sa.String(1000), nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["restore_id"], ["restores.id"], name="fk_restored_applications_restore_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_restored_applications"),
    )
    op.create_index("ix_restored_applications_restore_id", "restored_applications", ["restore_id"])


def _people_and_devices() -> None:
    op.create_table(
        "tracking_choices",
        sa.Column("user_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("consented_at", UtcDateTime(), nullable=True),
        sa.Column("excluded", LARGE, nullable=False),
        sa.Column("paused_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_tracking_choices_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name="pk_tracking_choices"),
    )
    op.create_table(
        "device_snapshots",
        sa.Column("device_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("user_id", BigKey, nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("content", LARGE, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name="fk_device_snapshots_device_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_device_snapshots_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("device_id", name="pk_device_snapshots"),
    )
    op.create_index("ix_device_snapshots_user_id", "device_snapshots", ["user_id"])
    op.create_table(
        "bound_logins",
        sa.Column("login_id", BigKey, autoincrement=False, nullable=False),
        sa.Column("device_id", BigKey, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_bound_logins_device_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["login_id"], ["logins.id"], name="fk_bound_logins_login_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("login_id", name="pk_bound_logins"),
    )
    op.create_index("ix_bound_logins_device_id", "bound_logins", ["device_id"])
    op.create_table(
        "device_fingerprints",
        sa.Column("user_id", BigKey, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("device_id", BigKey, nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name="fk_device_fingerprints_device_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_device_fingerprints_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_device_fingerprints"),
        sa.UniqueConstraint("user_id", "digest", name="uq_device_fingerprints_digest"),
    )
    op.create_index("ix_device_fingerprints_device_id", "device_fingerprints", ["device_id"])
