"""The audit and announcements"""

from contextlib import suppress

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import LONGTEXT
from sqlalchemy.exc import DBAPIError

from deskbay.database.base import BigKey, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

REFUSAL = "entries of the audit are never changed"
IS_KEPT = "OLD.id > (SELECT cut_id FROM audit_head WHERE id = 1)"
SQLITE = (
    f"""
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    f"""
    CREATE TRIGGER audit_entries_are_kept BEFORE DELETE ON audit_entries WHEN {IS_KEPT}
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' OR {IS_KEPT} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN OLD; END $$
    """,
    """
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_stay()
    """,
)
MARIADB = (
    f"""
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{REFUSAL}'
    """,  # noqa: S608 - all of it is above
    f"""
    CREATE TRIGGER audit_entries_are_kept BEFORE DELETE ON audit_entries FOR EACH ROW
    IF {IS_KEPT} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{REFUSAL}'; END IF
    """,
)


def upgrade() -> None:
    large = sa.Text().with_variant(LONGTEXT(), "mysql", "mariadb")
    op.create_table(
        "audit_entries",
        sa.Column("id", BigKey, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(20), nullable=False),
        sa.Column("actor_id", BigKey, nullable=True),
        sa.Column("token_id", BigKey, nullable=True),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("object_kind", sa.String(64), nullable=False),
        sa.Column("object_id", sa.String(100), nullable=True),
        sa.Column("owner_id", BigKey, nullable=True),
        sa.Column("before", large, nullable=True),
        sa.Column("after", large, nullable=True),
        sa.Column("address", sa.String(64), nullable=True),
        sa.Column("request_id", sa.String(64), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    for columns in (["at"], ["owner_id"], ["object_kind", "object_id"], ["actor_kind", "actor_id"]):
        op.create_index(f"ix_audit_entries_{'_'.join(columns)}", "audit_entries", columns)
    head = op.create_table(
        "audit_head",
        sa.Column("id", BigKey, autoincrement=False, nullable=False),
        sa.Column("last_id", BigKey, nullable=False),
        sa.Column("last_digest", sa.String(64), nullable=False),
        sa.Column("cut_id", BigKey, nullable=False),
        sa.Column("cut_digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.bulk_insert(head, [{"id": 1, "last_id": 0, "last_digest": "", "cut_id": 0, "cut_digest": ""}])
    _refuse_changes()
    op.create_table(
        "announcements",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("is_for_everyone", sa.Boolean(), nullable=False),
        sa.Column("is_on_sign_in_page", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
    )
    op.create_table(
        "announcement_groups",
        sa.Column("announcement_id", BigKey, nullable=False),
        sa.Column("group_id", BigKey, nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name="fk_announcement_groups_announcement_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name="fk_announcement_groups_group_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("announcement_id", "group_id", name="pk_announcement_groups"),
    )
    op.create_index("ix_announcement_groups_group_id", "announcement_groups", ["group_id"])


def _refuse_changes() -> None:
    dialect = op.get_bind().dialect.name
    if dialect in {"sqlite", "postgresql"}:
        for statement in SQLITE if dialect == "sqlite" else POSTGRESQL:
            op.execute(statement)
        return
    with suppress(DBAPIError):  # MySQL keeps triggers from accounts without SUPER while it writes a binary log
        for statement in MARIADB:
            op.execute(statement)


def downgrade() -> None:
    for table in ("announcement_groups", "announcements", "audit_head", "audit_entries"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entries_stay()")
