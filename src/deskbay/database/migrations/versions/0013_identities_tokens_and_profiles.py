"""Identities at providers, tokens of the API, links in mails, and what a profile and a list of sign-ins tell"""

import sqlalchemy as sa
from alembic import op

from deskbay.database.base import BigKey, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("disabled_at", "email_verified_at"):
        op.add_column("users", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column("users", sa.Column("zone", sa.String(64), nullable=True))
    op.add_column("users", sa.Column("theme", sa.String(10), server_default="auto", nullable=False))
    _make_identities()
    _make_states()
    _extend_logins()
    _make_api_tokens()
    _make_mail_links()


def _make_identities() -> None:
    op.create_table(
        "identities",
        sa.Column("user_id", BigKey, nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_identities_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_identities"),
        sa.UniqueConstraint("key", name="uq_identities_key"),
    )
    op.create_index("ix_identities_user_id", "identities", ["user_id"])


def _make_states() -> None:
    op.create_table(
        "oidc_states",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("browser_digest", sa.String(64), nullable=True),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("redirect_uri", sa.String(500), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_oidc_states"),
        sa.UniqueConstraint("digest", name="uq_oidc_states_digest"),
    )
    op.create_index("ix_oidc_states_expires_at", "oidc_states", ["expires_at"])


def _extend_logins() -> None:
    with op.batch_alter_table("logins") as logins:
        logins.add_column(sa.Column("seen_at", UtcDateTime(), nullable=True))
        logins.add_column(sa.Column("address", sa.String(64), nullable=True))
        logins.add_column(sa.Column("program", sa.String(300), nullable=True))
        logins.add_column(sa.Column("identity_id", BigKey, nullable=True))
        logins.add_column(sa.Column("provider_session", sa.String(64), nullable=True))
        logins.create_foreign_key("fk_logins_identity_id", "identities", ["identity_id"], ["id"], ondelete="SET NULL")


def _make_api_tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("user_id", BigKey, nullable=False),
        sa.Column("created_by", BigKey, nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(1000), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_api_tokens_created_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_api_tokens_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("digest", name="uq_api_tokens_digest"),
        sa.UniqueConstraint("uuid", name="uq_api_tokens_uuid"),
    )
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["user_id"])


def _make_mail_links() -> None:
    op.create_table(
        "mail_links",
        sa.Column("user_id", BigKey, nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_mail_links_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_links"),
        sa.UniqueConstraint("digest", name="uq_mail_links_digest"),
    )
    op.create_index("ix_mail_links_user_id", "mail_links", ["user_id"])
