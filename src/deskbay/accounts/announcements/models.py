"""Announcements, and the groups that they are for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from deskbay.database.base import Base, BigKey, Keyed, one_of

LONGEST_TEXT = 1000


class Severity(StrEnum):
    """How loudly something is said."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Announcement(Keyed, Base):
    """A text that people see from one time to another; without an end until it is taken away.

    One that is not for everyone is for the people of its groups. Only one that is for everyone may be on the page on
    which people sign in.
    """

    __tablename__ = "announcements"

    text: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    severity: Mapped[Severity] = mapped_column(one_of(Severity))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    is_for_everyone: Mapped[bool]
    is_on_sign_in_page: Mapped[bool]
    created_at: Mapped[datetime]


class AnnouncementGroup(Base):
    """A group whose people see an announcement that is not for everyone."""

    __tablename__ = "announcement_groups"

    announcement_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )
