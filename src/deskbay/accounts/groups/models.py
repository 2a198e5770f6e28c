"""Groups, who belongs to them, and which lie in which."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from deskbay.database.base import Base, BigKey, Keyed, one_of
from deskbay.settings import Tracking


class Group(Keyed, Base):
    """People who are given something, or of whom something may be tracked, together.

    `name_key` is the name in small letters, which is unique. The slug stays when the name changes.
    """

    __tablename__ = "groups"

    name: Mapped[str] = mapped_column(String(64))
    name_key: Mapped[str] = mapped_column(String(64), unique=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    description: Mapped[str] = mapped_column(String(500), default="")
    tracking: Mapped[Tracking] = mapped_column(one_of(Tracking), default=Tracking.OFF)
    window_titles: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    @validates("name")
    def _key(self, _: str, name: str) -> str:
        self.name_key = name.lower()
        return name


class Member(Base):
    """A person in a group. Its administrators look after who is in it, and in those that lie in it."""

    __tablename__ = "group_members"

    group_id: Mapped[int] = mapped_column(BigKey, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_administrator: Mapped[bool] = mapped_column(default=False)


class Nesting(Base):
    """A group that lies in another: who belongs to it belongs to the other, too."""

    __tablename__ = "nested_groups"

    group_id: Mapped[int] = mapped_column(BigKey, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    nested_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )
