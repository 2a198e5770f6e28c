"""Templates, desktops, and the steps of each launch."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deskbay.accounts.models import User
from deskbay.database.base import Base, BigKey, Keyed
from deskbay.desktops.runtimes import Network
from deskbay.devices.models import Device


class Wanted(StrEnum):
    """What its owner wants of a desktop."""

    RUNNING = "running"
    STOPPED = "stopped"
    DELETED = "deleted"


class State(StrEnum):
    """What a desktop is, as far as the reconciler knows."""

    PENDING = "pending"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


def _names(enum: type[StrEnum]) -> Enum:
    return Enum(enum, native_enum=False, length=20, values_callable=list)


class Template(Keyed, Base):
    """What a desktop is made of. Memory in MiB, processor time in cores."""

    __tablename__ = "templates"

    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    description: Mapped[str] = mapped_column(String(500))
    icon: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(64))
    runtime: Mapped[str] = mapped_column(String(64))
    profile: Mapped[str] = mapped_column(String(64))
    network: Mapped[Network] = mapped_column(_names(Network))
    memory_mb: Mapped[int]
    cpus: Mapped[float]


class Desktop(Keyed, Base):
    """A desktop: what is wanted of it, what it is, why, and until when that may last.

    `launch` counts how often it was started; `device` is what it reports as. The lease names the server that looks
    after it now.
    """

    __tablename__ = "desktops"
    __table_args__ = (
        UniqueConstraint("owner_id", "idempotency_key"),
        Index("ix_desktops_owner_id_deleted_at", "owner_id", "deleted_at"),
        Index("ix_desktops_deleted_at_state", "deleted_at", "state"),
    )

    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    owner_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id"))
    template_id: Mapped[int] = mapped_column(BigKey, ForeignKey("templates.id"))
    device_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("devices.id"))
    name: Mapped[str] = mapped_column(String(64))
    wanted: Mapped[Wanted] = mapped_column(_names(Wanted))
    state: Mapped[State] = mapped_column(_names(State))
    state_since: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(1000))
    deadline: Mapped[datetime | None]
    launch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    lease_owner: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None]

    owner: Mapped[User] = relationship(lazy="raise")
    template: Mapped[Template] = relationship(lazy="raise")
    device: Mapped[Device | None] = relationship(lazy="raise")


class Step(Keyed, Base):
    """One step of one launch of a desktop, and when it began."""

    __tablename__ = "desktop_steps"
    __table_args__ = (Index("ix_desktop_steps_desktop_id_launch", "desktop_id", "launch"),)

    desktop_id: Mapped[int] = mapped_column(BigKey, ForeignKey("desktops.id"))
    launch: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
