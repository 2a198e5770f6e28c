"""Authenticator apps, recovery codes, and sign-ins that wait for their second step."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deskbay.accounts.models import User
from deskbay.database.audit.marks import BUSY
from deskbay.database.base import Base, BigKey, Keyed


class Authenticator(Keyed, Base):
    """What a person's app shows codes by. It counts once a first code has shown that the app has it.

    `last_step` is the number of the half minute whose code was used last: no older one is good any more.
    """

    __tablename__ = "authenticators"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    sealed_secret: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigKey, info=BUSY)


class RecoveryCode(Keyed, Base):
    """A code that is good once in place of one of the app."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class PendingSignIn(Keyed, Base):
    """A sign-in whose password was right and whose second step is missing. It opens nothing else."""

    __tablename__ = "pending_sign_ins"
    not_audited = "It is on its way to be a sign-in, which is told."

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    user: Mapped[User] = relationship(lazy="raise")
