"""Users, how they are known elsewhere, their sign-ins from browsers and programs, and one-time links."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from deskbay.database.audit.marks import BUSY, MASKED
from deskbay.database.base import Base, BigKey, Keyed, one_of


class Role(StrEnum):
    """What a user may do at all."""

    ADMINISTRATOR = "administrator"
    USER = "user"


class Theme(StrEnum):
    """The colours in which a person wants to see pages."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class User(Keyed, Base):
    """A person. Without a password hash there is no signing in by password; once disabled, none at all.

    `username_key` is the username in small letters, by which it is found and unique; an e-mail address is kept so.
    The full name ends with the family name, where that is known. Without a zone times are told as the browser does.
    Without a language pages and mails speak the browser's, and new desktops begin as their templates say.
    A new account that waits for its address to be verified is disabled, and given up when that takes too long.
    """

    __tablename__ = "users"
    audited_owner = "id"

    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    username: Mapped[str] = mapped_column(String(64), info=MASKED)
    username_key: Mapped[str] = mapped_column(String(64), unique=True, info=MASKED)
    email: Mapped[str | None] = mapped_column(String(254), unique=True, info=MASKED)
    full_name: Mapped[str | None] = mapped_column(String(100), info=MASKED)
    family_name: Mapped[str | None] = mapped_column(String(100), info=MASKED)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(one_of(Role))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    unconfirmed_until: Mapped[datetime | None]
    email_verified_at: Mapped[datetime | None]
    zone: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(16))
    theme: Mapped[Theme] = mapped_column(
        Enum(Theme, native_enum=False, length=10, values_callable=list), default=Theme.AUTO, server_default=Theme.AUTO
    )

    @validates("username")
    def _key(self, _: str, username: str) -> str:
        self.username_key = username.lower()
        return username


class Identity(Keyed, Base):
    """Who a user is at an OIDC provider. The key is a digest of both, since databases may take A and a for the same."""

    __tablename__ = "identities"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255), info=MASKED)
    key: Mapped[str] = mapped_column(String(64), unique=True, info=MASKED)
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")


class Login(Keyed, Base):
    """One signed-in browser or program: a family of refresh tokens of which the newest is good.

    Each token of the family carries the family's secret and one of its own. So a spent token, which ends the
    family, can be told from a guess, which does nothing. `identity_id` and `provider_session` tell which sign-in at
    an OIDC provider it came from; `proven_at`, when its user showed last who they are, which a link does not.
    """

    __tablename__ = "logins"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    family_digest: Mapped[str] = mapped_column(String(64))
    refresh_digest: Mapped[str] = mapped_column(String(64), info=BUSY)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(info=BUSY)
    ended_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    proven_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    address: Mapped[str | None] = mapped_column(String(64))
    program: Mapped[str | None] = mapped_column(String(300))
    identity_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("identities.id", ondelete="SET NULL"))
    provider_session: Mapped[str | None] = mapped_column(String(64))

    user: Mapped[User] = relationship(lazy="raise")


class SignInLink(Keyed, Base):
    """A link that signs a person in once."""

    __tablename__ = "sign_in_links"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")


class OidcState(Keyed, Base):
    """A sign-in that has begun at an OIDC provider. It comes back once, to the browser whose secret this is."""

    __tablename__ = "oidc_states"
    not_audited = "Nobody is signed in yet."

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    browser_digest: Mapped[str | None] = mapped_column(String(64))
    provider: Mapped[str] = mapped_column(String(32))
    redirect_uri: Mapped[str] = mapped_column(String(500))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Keyed, Base):
    """A secret with which a program acts as a user, as far as its scopes go. The scopes have spaces between."""

    __tablename__ = "api_tokens"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_by: Mapped[int | None] = mapped_column(BigKey, ForeignKey("users.id", ondelete="SET NULL"))
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    name: Mapped[str] = mapped_column(String(64))
    description: Mapped[str] = mapped_column(String(500))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise", foreign_keys=[user_id])
    creator: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[created_by])


class MailPurpose(StrEnum):
    """What a link in a mail is good for."""

    VERIFY_ADDRESS = "verify-address"
    RESET_PASSWORD = "reset-password"  # noqa: S105 - the name of a purpose


class MailLink(Keyed, Base):
    """A link in a mail to an address of a user, good once."""

    __tablename__ = "mail_links"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[MailPurpose] = mapped_column(one_of(MailPurpose))
    email: Mapped[str] = mapped_column(String(254), info=MASKED)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")


class AttemptCount(Base):
    """How often somebody tried something until a time, and how often it was too often. The key is a digest of both."""

    __tablename__ = "attempts"
    not_audited = "what failed is told where it fails"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    strikes: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)
