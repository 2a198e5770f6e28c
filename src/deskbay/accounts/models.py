"""Users, their sign-ins from browsers and programs, and one-time links."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from deskbay.database.base import Base, BigKey, Keyed


class Role(StrEnum):
    """What a user may do at all."""

    ADMINISTRATOR = "administrator"
    USER = "user"


class User(Keyed, Base):
    """A person. Without a password hash there is no signing in by password.

    `username_key` is the username in small letters, by which it is found and unique; an e-mail address is kept so.
    The full name ends with the family name, where that is known.
    """

    __tablename__ = "users"

    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    username: Mapped[str] = mapped_column(String(64))
    username_key: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    full_name: Mapped[str | None] = mapped_column(String(100))
    family_name: Mapped[str | None] = mapped_column(String(100))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(Enum(Role, native_enum=False, length=20, values_callable=list))
    created_at: Mapped[datetime]

    @validates("username")
    def _key(self, _: str, username: str) -> str:
        self.username_key = username.lower()
        return username


class Login(Keyed, Base):
    """One signed-in browser or program: a family of refresh tokens of which the newest is good.

    Each token of the family carries the family's secret and one of its own. So a spent token, which ends the
    family, can be told from a guess, which does nothing.
    """

    __tablename__ = "logins"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    family_digest: Mapped[str] = mapped_column(String(64))
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

    user: Mapped[User] = relationship(lazy="raise")
