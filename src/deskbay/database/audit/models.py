"""The audit: its entries, and the end of the chain that they make."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.dialects.mysql import LONGTEXT
from sqlalchemy.orm import Mapped, mapped_column

from deskbay.database.audit.circumstances import ActorKind
from deskbay.database.base import Base, BigKey, one_of

Large = Text().with_variant(LONGTEXT(), "mysql", "mariadb")  # whose own text ends at 64 KiB


class Action(StrEnum):
    """What was done to or with a thing."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    LOOKED = "looked"
    ENTERED = "entered"
    DOWNLOADED = "downloaded"
    REFUSED = "refused"


class AuditEntry(Base):
    """One thing that was done. Entries count up from 1 without a gap, and none is ever changed.

    Objects are told by table and key, people and devices by number: names are looked up when it is read. `before` and
    `after` are JSON objects of what has changed, `digest` covers all of it and the digest of the entry before.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_object_kind_object_id", "object_kind", "object_id"),
        Index("ix_audit_entries_actor_kind_actor_id", "actor_kind", "actor_id"),
    )
    not_audited = "It is the audit."

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[ActorKind] = mapped_column(one_of(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(BigKey)
    token_id: Mapped[int | None] = mapped_column(BigKey)
    action: Mapped[Action] = mapped_column(one_of(Action))
    object_kind: Mapped[str] = mapped_column(String(64))
    object_id: Mapped[str | None] = mapped_column(String(100))
    owner_id: Mapped[int | None] = mapped_column(BigKey, index=True)
    before: Mapped[str | None] = mapped_column(Large)
    after: Mapped[str | None] = mapped_column(Large)
    address: Mapped[str | None] = mapped_column(String(64))
    request_id: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The one row that says where the chain ends, and where it begins since its oldest part was cut off.

    Whoever adds entries holds it until they are on disk: so there is one order.
    """

    __tablename__ = "audit_head"
    not_audited = "It is the audit."

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    last_id: Mapped[int] = mapped_column(BigKey)
    last_digest: Mapped[str] = mapped_column(String(64))
    cut_id: Mapped[int] = mapped_column(BigKey)
    cut_digest: Mapped[str] = mapped_column(String(64))
