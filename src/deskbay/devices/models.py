"""Rooms with their opening hours, the computers in them, and the codes by which they are enrolled."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from deskbay.accounts.models import User
from deskbay.database.audit.marks import BUSY, MASKED
from deskbay.database.base import Base, BigKey, Keyed, one_of


class System(StrEnum):
    """What a device runs."""

    LINUX = "linux"
    WINDOWS = "windows"
    MACOS = "macos"


class Room(Keyed, Base):
    """A room of computers that stand in a grid. Its opening hours count in its time zone.

    Whoever has the secret of `map_digest` may see the map without names.
    """

    __tablename__ = "rooms"

    name: Mapped[str] = mapped_column(String(64))
    name_key: Mapped[str] = mapped_column(String(64), unique=True)
    rows: Mapped[int]
    columns: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    map_digest: Mapped[str | None] = mapped_column(String(64), unique=True)

    @property
    def has_map_link(self) -> bool:
        return self.map_digest is not None

    @validates("name")
    def _key(self, _: str, name: str) -> str:
        self.name_key = name.lower()
        return name


class OpeningHours(Keyed, Base):
    """A room is open from one minute of a weekday (Monday is 0) to another."""

    __tablename__ = "opening_hours"

    room_id: Mapped[int] = mapped_column(BigKey, ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class OpeningException(Keyed, Base):
    """On one day other minutes hold, or none: then the room is closed."""

    __tablename__ = "opening_exceptions"

    room_id: Mapped[int] = mapped_column(BigKey, ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    opens: Mapped[int | None]
    closes: Mapped[int | None]


class Device(Keyed, Base):
    """A computer that reports. `seen_until` is what it last promised while nobody was signed in.

    One with an owner is a person's own, and tells at pairing what it runs; others stand in rooms, for everybody.
    `server` is the name of the server that its agent listens to.
    """

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("room_id", "row", "column"),)

    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    name: Mapped[str] = mapped_column(String(64))
    name_key: Mapped[str] = mapped_column(String(64), unique=True)
    room_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("rooms.id", ondelete="SET NULL"))
    row: Mapped[int | None]
    column: Mapped[int | None]
    template: Mapped[str | None] = mapped_column(String(64))
    owner_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("users.id"), index=True)
    system: Mapped[System | None] = mapped_column(one_of(System))
    system_release: Mapped[str | None] = mapped_column(String(100))
    system_version: Mapped[str | None] = mapped_column(String(255))
    architecture: Mapped[str | None] = mapped_column(String(50))
    mac_address: Mapped[str | None] = mapped_column(String(17), info=MASKED)
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    token_issued_at: Mapped[datetime | None]
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None] = mapped_column(info=BUSY)
    seen_until: Mapped[datetime | None] = mapped_column(info=BUSY)
    server: Mapped[str | None] = mapped_column(String(36), info=BUSY)

    room: Mapped[Room | None] = relationship(lazy="raise")
    owner: Mapped[User | None] = relationship(lazy="raise")

    @property
    def has_token(self) -> bool:
        return self.token_digest is not None

    @validates("name")
    def _key(self, _: str, name: str) -> str:
        self.name_key = name.lower()
        return name


class Server(Base):
    """A server to which agents listen, as one of several. When it says nothing until `alive_until`, it is gone."""

    __tablename__ = "servers"
    not_audited = "Servers report it all the time."

    name: Mapped[str] = mapped_column(String(36), primary_key=True)
    alive_until: Mapped[datetime]


class EnrolmentCode(Keyed, Base):
    """A code with which a computer enrols once: into a room, or as its owner's own."""

    __tablename__ = "enrolment_codes"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    room_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime]
