"""Users, their sign-ins from browsers and programs, and one-time links."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deskbay.database.base import Base, BigKey, Keyed


class Role(StrEnum):
    """What a user may do at all."""

    ADMINISTRATOR = "administrator"
    USER = "user"


class User(Keyed, Base):
    """A person. Without a password hash there is no signing in by password."""

    __tablename__ = "users"

    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    full_name: Mapped[str | None] = mapped_column(String(100))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(Enum(Role, native_enum=False, length=20, values_callable=lambda e: list(e)))
    created_at: Mapped[datetime]


class Login(Keyed, Base):
    """One signed-in browser or program: a family of refresh tokens of which the newest is good.

    `refresh_digest` is the newest token's; a token of the family that is not the newest was used before.
    """

    __tablename__ = "logins"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    refresh_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise")


class SignInLink(Keyed, Base):
    """A link that signs a person in once."""

    __tablename__ = "sign_in_links"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
