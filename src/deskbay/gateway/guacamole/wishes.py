"""What there should be in Guacamole: an account for everyone who may sign in, a connection for what runs."""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import Role, User
from deskbay.desktops import service
from deskbay.desktops.models import Desktop, State, Template, Wanted
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.releases import release_of
from deskbay.desktops.runtimes import TcpDisplay, Unreachable
from deskbay.gateway.displays import find_display
from deskbay.gateway.guacamole.tickets import Connection
from deskbay.kit.vault import Vault, WrongKey


@dataclass(frozen=True, slots=True)
class WishedConnection:
    """A desktop's connection. Where its runtime gives no answer there is no way, for now."""

    desktop: Desktop
    way: Connection | None

    @property
    def name(self) -> str:
        return release_of(self.desktop)

    @property
    def owner(self) -> str:
        return self.desktop.owner.username


@dataclass(frozen=True, slots=True)
class Wish:
    """All of it: who administers, by username of everyone, and the connections by the key of their desktop."""

    accounts: Mapping[str, bool]
    connections: Mapping[int, WishedConnection]


@dataclass(frozen=True, slots=True)
class Known:
    """What the database tells, before runtimes are asked."""

    accounts: Mapping[str, bool]
    desktops: Sequence[Desktop]

    @property
    def digest(self) -> str:
        """What changes when something has to be done in Guacamole, but for what is changed there."""
        people = (f"{name} {is_administrator}" for name, is_administrator in sorted(self.accounts.items()))
        desktops = (
            f"{one.uuid} {one.launch} {one.owner_id} {one.template.clipboard} {one.name}" for one in self.desktops
        )
        return hashlib.sha256("\n".join([*people, "", *desktops]).encode()).hexdigest()


async def read_known(db: AsyncSession) -> Known:
    """Read who may sign in, and which desktops run that need not be recorded: Guacamole would not."""
    people = select(User.username, User.role).where(User.disabled_at.is_(None), User.removed_at.is_(None))
    running = (Desktop.deleted_at.is_(None), Desktop.wanted == Wanted.RUNNING, Desktop.state == State.RUNNING)
    running_ones = select(Desktop).where(*running).join(Template).where(Template.is_recorded.is_(False))
    desktops = await db.scalars(running_ones.order_by(Desktop.id).options(*service.WHOLE))
    accounts = {username: role is Role.ADMINISTRATOR for username, role in await db.execute(people)}
    return Known(accounts, desktops.all())


async def wish_for(known: Known, pool: RuntimePool, vault: Vault) -> Wish:
    """Ask runtimes for the ways to what runs; what has no port has none that Guacamole could go."""
    asked = await asyncio.gather(*(_connection_to(desktop, pool, vault) for desktop in known.desktops))
    return Wish(known.accounts, _by_desktop(one for one in asked if one is not None))


def _by_desktop(connections: Iterable[WishedConnection]) -> dict[int, WishedConnection]:
    return {connection.desktop.id: connection for connection in connections}


async def _connection_to(desktop: Desktop, pool: RuntimePool, vault: Vault) -> WishedConnection | None:
    try:
        display = await find_display(pool, vault, desktop)
    except (Unreachable, WrongKey):
        return WishedConnection(desktop, None)
    if not isinstance(display, TcpDisplay):
        return None
    return WishedConnection(desktop, Connection.to(display, desktop.template.clipboard))
