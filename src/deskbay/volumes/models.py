"""Volumes, who may use them, and which desktops have them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deskbay.accounts.models import User
from deskbay.database.audit.marks import BUSY, MASKED
from deskbay.database.base import Base, BigKey, Keyed, one_of


class Access(StrEnum):
    """What somebody may do with the files of a volume."""

    READ = "read"
    WRITE = "write"


class VolumeState(StrEnum):
    """How it is with a volume, as far as the keeper knows."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"
    DELETING = "deleting"


_ACCESS = one_of(Access)


class Volume(Keyed, Base):
    """A volume on a runtime. Sizes in MiB.

    `size_mb` is what is wanted, `made_mb` what the runtime has made: none before it is there. One that is not `wanted`
    is taken away there. What failed is tried again at `retry_at`. `everyone` is what all may do with it.
    """

    __tablename__ = "volumes"
    __table_args__ = (UniqueConstraint("owner_id", "idempotency_key"),)

    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    owner_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id"))
    runtime_id: Mapped[int] = mapped_column(BigKey, ForeignKey("runtimes.id"), index=True)
    name: Mapped[str] = mapped_column(String(64), info=MASKED)
    size_mb: Mapped[int]
    made_mb: Mapped[int | None] = mapped_column(info=BUSY)
    used_mb: Mapped[int | None] = mapped_column(info=BUSY)
    measured_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    everyone: Mapped[Access | None] = mapped_column(_ACCESS)
    is_wanted: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str | None] = mapped_column(String(1000), info=BUSY)
    retry_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(255))

    owner: Mapped[User] = relationship(lazy="raise")

    @property
    def state(self) -> VolumeState:
        if not self.is_wanted:
            return VolumeState.DELETING
        if self.made_mb is None:
            return VolumeState.FAILED if self.reason else VolumeState.PENDING
        return VolumeState.READY if self.made_mb >= self.size_mb else VolumeState.PENDING


class VolumeUser(Base):
    """A person with whom a volume is shared."""

    __tablename__ = "volume_users"

    volume_id: Mapped[int] = mapped_column(BigKey, ForeignKey("volumes.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    access: Mapped[Access] = mapped_column(_ACCESS)


class VolumeGroup(Base):
    """A group with whose people a volume is shared."""

    __tablename__ = "volume_groups"

    volume_id: Mapped[int] = mapped_column(BigKey, ForeignKey("volumes.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    access: Mapped[Access] = mapped_column(_ACCESS)


class Attachment(Base):
    """The volume that a desktop has at /storage."""

    __tablename__ = "volume_attachments"

    desktop_id: Mapped[int] = mapped_column(BigKey, ForeignKey("desktops.id"), primary_key=True)
    volume_id: Mapped[int] = mapped_column(BigKey, ForeignKey("volumes.id"), index=True)
    is_read_only: Mapped[bool] = mapped_column(default=False)

    volume: Mapped[Volume] = relationship(lazy="raise")


class TemplateVolume(Base):
    """A volume that every desktop of a template has."""

    __tablename__ = "template_volumes"

    template_id: Mapped[int] = mapped_column(BigKey, ForeignKey("templates.id", ondelete="CASCADE"), primary_key=True)
    volume_id: Mapped[int] = mapped_column(BigKey, ForeignKey("volumes.id"), primary_key=True, index=True)
    is_read_only: Mapped[bool] = mapped_column(default=True)

    volume: Mapped[Volume] = relationship(lazy="raise")
