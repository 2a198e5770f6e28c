"""Sessions, their runs, saves, applications and usage; restores; and what a person allows to be tracked.

Usage is counted in whole microseconds since 1970 in UTC, as activity is.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.mysql import LONGTEXT
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deskbay.accounts.models import User
from deskbay.agent.shapes import ApplicationState
from deskbay.database.audit.marks import BUSY, MASKED
from deskbay.database.base import Base, BigKey, Keyed, one_of
from deskbay.devices.models import Device

LONGEST_NAME = 100
LONGEST_SLUG = 120
Large = Text().with_variant(LONGTEXT(), "mysql", "mariadb")  # whose own text ends at 64 KiB


class Session(Keyed, Base):
    """A named set of applications of a person on a device.

    `name_key` and `slug_key` make name and slug unique among those that are not in the trash, where both are None.
    `active_on` is the device on which the session is active, mostly its own. While it is tracked, `run_id` is the run.
    A copy that somebody got with a desktop, since its template begins with a session, has that for its `source_id`.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("user_id", "device_id", "name_key", name="uq_sessions_name_key"),
        UniqueConstraint("user_id", "device_id", "slug_key", name="uq_sessions_slug_key"),
    )

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[int] = mapped_column(BigKey, ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), info=MASKED)
    slug: Mapped[str] = mapped_column(String(LONGEST_SLUG), info=MASKED)
    name_key: Mapped[str | None] = mapped_column(String(64), info=MASKED)
    slug_key: Mapped[str | None] = mapped_column(String(LONGEST_SLUG), info=MASKED)
    description: Mapped[str] = mapped_column(String(1000), info=MASKED)
    active_on: Mapped[int | None] = mapped_column(BigKey, ForeignKey("devices.id", ondelete="SET NULL"), unique=True)
    is_tracking: Mapped[bool]
    run_id: Mapped[UUID | None] = mapped_column(Uuid, info=BUSY)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    restored_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    last_active_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)
    source_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("sessions.id", ondelete="SET NULL"), index=True)

    user: Mapped[User] = relationship(lazy="raise")
    device: Mapped[Device] = relationship(lazy="raise", foreign_keys=[device_id])

    @property
    def is_active(self) -> bool:
        return self.active_on is not None

    @property
    def place(self) -> int:
        """The id of the device that it is on now."""
        return self.active_on or self.device_id


class Run(Base):
    """A stretch of time in which a session was active and tracked on a device.

    Usage before `flushed_at` is kept in any case. What comes after it is kept unless the run was ended without.
    """

    __tablename__ = "session_runs"
    not_audited = "Computers report it all the time."

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    session_id: Mapped[int] = mapped_column(BigKey, ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[int] = mapped_column(BigKey, ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime]
    flushed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    is_kept: Mapped[bool]


class UsageKind(StrEnum):
    """Whether an application was open, or in the foreground as well."""

    OPEN = "open"
    FOREGROUND = "foreground"


class Usage(Base):
    """An application of a session was open, or in the foreground, from `starts` to `ends`: within its run.

    `id` was chosen by the device, and `began` is when it says that the period began. A period that goes on grows.
    """

    __tablename__ = "session_usage"
    not_audited = "Computers report it all the time."

    run_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("session_runs.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    session_id: Mapped[int] = mapped_column(BigKey, ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[UsageKind] = mapped_column(one_of(UsageKind))
    application: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    began: Mapped[int] = mapped_column(BigInteger)
    starts: Mapped[int] = mapped_column(BigInteger)
    ends: Mapped[int] = mapped_column(BigInteger)


class SessionApplication(Keyed, Base):
    """An application that belongs to a session, and whether it is open in it. `command` is a JSON list."""

    __tablename__ = "session_applications"
    not_audited = "Computers report it all the time."

    session_id: Mapped[int] = mapped_column(BigKey, ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    application: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    exe: Mapped[str] = mapped_column(Large)
    command: Mapped[str] = mapped_column(Large)
    is_open: Mapped[bool]


class SaveReason(StrEnum):
    """How a save came about."""

    SAVED = "saved"
    DEACTIVATED = "deactivated"
    CLONED = "cloned"
    RETURNED = "returned"
    IMPORTED = "imported"


class Save(Keyed, Base):
    """What was open in a session when it was saved: a snapshot as JSON. No save equals the one before."""

    __tablename__ = "session_saves"
    not_audited = "It is a session's own history."

    session_id: Mapped[int] = mapped_column(BigKey, ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    saved_at: Mapped[datetime]
    reason: Mapped[SaveReason] = mapped_column(one_of(SaveReason))
    digest: Mapped[str] = mapped_column(String(64))
    applications: Mapped[int]
    content: Mapped[str] = mapped_column(Large)


class DeviceSnapshot(Base):
    """What is open on a device as far as the server knows, and to whom it belongs."""

    __tablename__ = "device_snapshots"
    not_audited = "Computers report it all the time."

    device_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    received_at: Mapped[datetime]
    content: Mapped[str] = mapped_column(Large)


class RestoreState(StrEnum):
    """How far a restore is."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"


class Restore(Keyed, Base):
    """A session that is being brought back on a device, or was. `content` is the wish, until it is over.

    Where the device says nothing until `deadline`, it is over.
    """

    __tablename__ = "restores"
    __table_args__ = (UniqueConstraint("user_id", "idempotency_key", name="uq_restores_idempotency_key"),)

    run: Mapped[UUID] = mapped_column(Uuid, unique=True)
    session_id: Mapped[int] = mapped_column(BigKey, ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"))
    device_id: Mapped[int] = mapped_column(BigKey, ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    state: Mapped[RestoreState] = mapped_column(one_of(RestoreState), info=BUSY)
    reason: Mapped[str | None] = mapped_column(String(1000), info=BUSY)
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    deadline: Mapped[datetime | None] = mapped_column(index=True, info=BUSY)
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    content: Mapped[str | None] = mapped_column(Large, info=MASKED)

    device: Mapped[Device] = relationship(lazy="raise")


class RestoredApplication(Keyed, Base):
    """How far an application of a restore is, why, and what the person could do."""

    __tablename__ = "restored_applications"
    not_audited = "It is a restore's own history."

    restore_id: Mapped[int] = mapped_column(BigKey, ForeignKey("restores.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(255))
    application: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    state: Mapped[ApplicationState] = mapped_column(one_of(ApplicationState))
    reason: Mapped[str | None] = mapped_column(String(1000))
    suggestion: Mapped[str | None] = mapped_column(String(1000))


class TrackingChoice(Base):
    """What a person allows to be tracked. `excluded` is a JSON list of applications."""

    __tablename__ = "tracking_choices"

    user_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    consented_at: Mapped[datetime | None]
    excluded: Mapped[str] = mapped_column(Large, info=MASKED)
    paused_until: Mapped[datetime | None]


class BoundLogin(Base):
    """A sign-in of a program that speaks for a device of the person's."""

    __tablename__ = "bound_logins"

    login_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("logins.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    device_id: Mapped[int] = mapped_column(BigKey, ForeignKey("devices.id", ondelete="CASCADE"), index=True)


class Fingerprint(Keyed, Base):
    """What a program calls the computer that it runs on, as a digest, and the device of the person's that it is."""

    __tablename__ = "device_fingerprints"
    __table_args__ = (UniqueConstraint("user_id", "digest", name="uq_device_fingerprints_digest"),)

    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    device_id: Mapped[int] = mapped_column(BigKey, ForeignKey("devices.id", ondelete="CASCADE"), index=True)
