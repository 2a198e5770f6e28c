"""Recordings, and who looked at them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deskbay.accounts.models import User
from deskbay.database.audit.marks import BUSY
from deskbay.database.base import Base, BigKey, Keyed, one_of
from deskbay.desktops.models import Desktop, Template
from deskbay.desktops.runtimes import DisplayProtocol


class RecordingEnd(StrEnum):
    """Why a recording ended: the desktop was left, the server died, or the disk has no room, fails or is too slow."""

    LEFT = "left"
    CUT_OFF = "cut-off"
    NO_ROOM = "no-room"
    DISK_FAILED = "disk-failed"
    TOO_SLOW = "too-slow"


class Recording(Keyed, Base):
    """What one connection to a desktop showed to its viewer. The file is named after the `uuid`.

    `seen_at` is when the server that records told last that it does; `bytes` is what the file had then.
    """

    __tablename__ = "recordings"

    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    desktop_id: Mapped[int] = mapped_column(BigKey, ForeignKey("desktops.id"), index=True)
    template_id: Mapped[int] = mapped_column(BigKey, ForeignKey("templates.id"), index=True)
    owner_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id"), index=True)
    viewer_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id"), index=True)
    protocol: Mapped[DisplayProtocol] = mapped_column(one_of(DisplayProtocol))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(info=BUSY)
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    end: Mapped[RecordingEnd | None] = mapped_column(one_of(RecordingEnd))
    bytes: Mapped[int] = mapped_column(BigInteger, default=0, info=BUSY)

    desktop: Mapped[Desktop] = relationship(lazy="raise")
    template: Mapped[Template] = relationship(lazy="raise")
    owner: Mapped[User] = relationship(lazy="raise", foreign_keys=owner_id)
    viewer: Mapped[User] = relationship(lazy="raise", foreign_keys=viewer_id)
    looks: Mapped[list["Look"]] = relationship(lazy="raise", order_by="Look.id", passive_deletes="all")


class Look(Keyed, Base):
    """That somebody was given a recording, to see it or to keep it."""

    not_audited = "each look is told in the audit already"
    __tablename__ = "recording_looks"

    recording_id: Mapped[int] = mapped_column(BigKey, ForeignKey("recordings.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id"), index=True)
    at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")
