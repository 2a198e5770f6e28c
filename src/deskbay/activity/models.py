"""Sign-ins, the intervals of what was done, and the hours that were added up from them.

Intervals and hours are counted in whole microseconds, intervals since 1970 in UTC, so that each kind of database
can compute with them exactly.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deskbay.accounts.models import User
from deskbay.database.base import Base, BigKey, Keyed, one_of
from deskbay.devices.models import Device
from deskbay.kit.intervals import Period

LONGEST_NAME = 100


class Kind(StrEnum):
    """What an interval tells of a person at a device. Only the last does not mean that it was used."""

    PRESENCE = "presence"
    EVENT = "event"
    APPLICATION = "application"
    OPEN_APPLICATION = "open-application"


class SignIn(Keyed, Base):
    """A person at a device, from the start until the last promise.

    `ends_hour` is the end cut to the hour. It is indexed in place of the end, because it stays the same under most
    pings. `recent_pings` are digests of the newest ones, by which one that is sent again is known. The clock's
    offset is by how much the device's clock is ahead.
    """

    __tablename__ = "sign_ins"
    not_audited = "Computers report it each minute."

    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id"), index=True)
    device_id: Mapped[int] = mapped_column(BigKey, ForeignKey("devices.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(64))
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ends_hour: Mapped[datetime] = mapped_column(index=True)
    last_ping_at: Mapped[datetime]
    input_at: Mapped[datetime | None]
    clock_offset_ms: Mapped[int] = mapped_column(BigInteger)
    recent_pings: Mapped[str] = mapped_column(String(256))

    user: Mapped[User] = relationship(lazy="raise")
    device: Mapped[Device] = relationship(lazy="raise")


class Activity(Keyed, Base):
    """The fact table: an interval of a person at a device. None goes over midnight UTC.

    A ping that comes by `reaches` continues it. PostgreSQL keeps each month of `day` in a partition of its own.
    """

    __tablename__ = "activity"
    not_audited = "Computers report it each minute."
    __table_args__ = (
        Index("ix_activity_user_id_day", "user_id", "day"),
        Index("ix_activity_device_id_day", "device_id", "day"),
        Index("ix_activity_day", "day"),
    )

    day: Mapped[date]
    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id"))
    device_id: Mapped[int] = mapped_column(BigKey, ForeignKey("devices.id"))
    sign_in_id: Mapped[int] = mapped_column(BigKey)
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    starts: Mapped[int] = mapped_column(BigInteger)
    ends: Mapped[int] = mapped_column(BigInteger)
    reaches: Mapped[int] = mapped_column(BigInteger)


class UserHours(Base):
    """How long a person did something in a whole day, month or year of the house's time zone."""

    __tablename__ = "user_hours"
    not_audited = "It is added up from what computers report."
    __table_args__ = (Index("ix_user_hours_user_id_period_starts_on", "user_id", "period", "starts_on"),)

    period: Mapped[Period] = mapped_column(one_of(Period), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id"), primary_key=True)
    microseconds: Mapped[int] = mapped_column(BigInteger)


class DeviceHours(Base):
    """How long anyone was at a device in a whole day, month or year of the house's time zone."""

    __tablename__ = "device_hours"
    not_audited = "It is added up from what computers report."

    period: Mapped[Period] = mapped_column(one_of(Period), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(BigKey, ForeignKey("devices.id"), primary_key=True, index=True)
    microseconds: Mapped[int] = mapped_column(BigInteger)


class RollUpState(Base):
    """The one row that says what is rolled up: every day before `rolled_up_to`, in that zone.

    Of the days before `kept_from` only the roll-ups are left.
    """

    __tablename__ = "roll_up_state"
    not_audited = "It is added up from what computers report."

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    zone: Mapped[str] = mapped_column(String(64))
    rolled_up_to: Mapped[date]
    kept_from: Mapped[date | None]
