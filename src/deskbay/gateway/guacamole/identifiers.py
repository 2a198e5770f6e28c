"""Where in Guacamole the connections of desktops are."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.database import Database
from deskbay.gateway.guacamole.models import GuacamoleConnection, GuacamoleStanding


async def identifiers_of(db: AsyncSession, desktops: Iterable[int]) -> dict[int, str]:
    """Return the identifiers of these desktops' connections, by their keys, where there are any."""
    made = select(GuacamoleConnection.desktop_id, GuacamoleConnection.identifier)
    found = await db.execute(made.where(GuacamoleConnection.desktop_id.in_(list(desktops))))
    return dict(found.all())


async def pages_of(database: Database, user: User) -> dict[int, str]:
    """Return the pages of the connections that a person's own account there has, by the keys of their desktops."""
    async with database.read() as db:
        data_source = await db.scalar(select(GuacamoleStanding.data_source))
        if data_source is None:
            return {}
        granted = (GuacamoleConnection.owner_id == user.id, GuacamoleConnection.is_granted)
        made = (await db.scalars(select(GuacamoleConnection).where(*granted))).all()
    return {one.desktop_id: client_page(one.identifier, data_source) for one in made}


def client_page(identifier: str, data_source: str) -> str:
    """Return the page at which Guacamole shows a connection."""
    named = urlsafe_b64encode(f"{identifier}\0c\0{data_source}".encode()).decode()
    return f"/client/{named.rstrip('=')}"
