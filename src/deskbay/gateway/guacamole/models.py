"""What is in step with a Guacamole, and who brings it there now."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from deskbay.database.base import Base, BigKey, Keyed

LONGEST_REASON = 1000


class GuacamoleStanding(Keyed, Base):
    """How things are with the Guacamole that is there: one row.

    Accounts carry `mark` there. `brought` is a digest of what was wanted when all was last brought about, at
    `looked_at`; at `reviewed_at` also what somebody could have changed by hand was looked at. `reason` says what is not
    as it should be; after `failures` in a row nothing is tried until `retry_at`. The lease names the server that works
    on it now.
    """

    not_audited = "The server writes it of itself."

    __tablename__ = "guacamole_standing"

    mark: Mapped[str] = mapped_column(String(64))
    brought: Mapped[str | None] = mapped_column(String(64))
    looked_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    data_source: Mapped[str | None] = mapped_column(String(64))
    accounts: Mapped[int] = mapped_column(default=0)
    connections: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None]


class GuacamoleConnection(Base):
    """The connection that a desktop has there, made for the owner that it had then.

    It leads to `endpoint`, a host and a port: so it is known again by whoever finds it under another name. Only one
    that `is_granted` is its owner's to open: their account may be a stranger's.
    """

    not_audited = "The server writes it of itself."

    __tablename__ = "guacamole_connections"

    desktop_id: Mapped[int] = mapped_column(BigKey, ForeignKey("desktops.id", ondelete="CASCADE"), primary_key=True)
    identifier: Mapped[str] = mapped_column(String(64))
    owner_id: Mapped[int] = mapped_column(BigKey, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(String(300))
    is_granted: Mapped[bool] = mapped_column(default=False)
