"""Passkeys, and the challenges that they answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deskbay.accounts.models import User
from deskbay.database.audit.marks import BUSY, MASKED
from deskbay.database.base import Base, BigKey, Keyed


class Passkey(Keyed, Base):
    """A key pair of a person's device, of which this is the public half.

    `key` is a digest of the credential's id, which may be too long for an index; it and the public key
    are in base64url, since the driver of MariaDB fails on bytes. The counter of signatures grows,
    where a device has one: one that falls back was copied.
    """

    __tablename__ = "passkeys"

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    credential_id: Mapped[str] = mapped_column(Text, info=MASKED)
    public_key: Mapped[str] = mapped_column(Text, info=MASKED)
    signatures: Mapped[int] = mapped_column(BigKey, info=BUSY)
    name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(info=BUSY)

    user: Mapped[User] = relationship(lazy="raise")


class PasskeyChallenge(Keyed, Base):
    """Random bytes that a passkey signs once: to sign in, or to be added to a person's."""

    __tablename__ = "passkey_challenges"
    not_audited = "It lives for minutes, and what comes of it is told."

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
