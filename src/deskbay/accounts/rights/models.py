"""Roles that administrators make, and who has them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from deskbay.database.base import Base, BigKey, Keyed


class CustomRole(Keyed, Base):
    """What somebody who has it may do: rights as they are written, with spaces between.

    `name_key` is the name in small letters, which is unique.
    """

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(64))
    name_key: Mapped[str] = mapped_column(String(64), unique=True)
    description: Mapped[str] = mapped_column(String(500), default="")
    rights: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime]

    @validates("name")
    def _key(self, _: str, name: str) -> str:
        self.name_key = name.lower()
        return name


class RoleBinding(Keyed, Base):
    """A person who has a role, or a group whose people have it."""

    __tablename__ = "role_bindings"
    __table_args__ = (
        UniqueConstraint("role_id", "user_id", name="uq_role_bindings_person"),
        UniqueConstraint("role_id", "group_id", name="uq_role_bindings_group"),
        CheckConstraint("(user_id IS NULL) <> (group_id IS NULL)", name="a_person_or_a_group"),
    )

    role_id: Mapped[int] = mapped_column(BigKey, ForeignKey("roles.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("groups.id", ondelete="CASCADE"), index=True)
