"""Tickets."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from deskbay.database.base import Base, BigKey, Keyed


class Ticket(Keyed, Base):
    """A user's right to enter a desktop once, soon. Kept as a digest, gone when used."""

    __tablename__ = "tickets"
    not_audited = "What is told is that a desktop is entered."

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"))
    desktop_id: Mapped[int] = mapped_column(BigKey, ForeignKey("desktops.id"))
    expires_at: Mapped[datetime]
