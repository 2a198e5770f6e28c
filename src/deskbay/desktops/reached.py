"""Who may call the routes of desktops, and the desktop of a path, where it is within their reach."""

from typing import Annotated

from fastapi import Depends

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.database.audit.looks import looked
from deskbay.database.audit.models import Action
from deskbay.desktops import service
from deskbay.desktops.models import Desktop
from deskbay.kit.keys import Key

Reader = Annotated[Caller, Depends(Needs(Scope.DESKTOPS_READ))]
Writer = Annotated[Caller, Depends(Needs(Scope.DESKTOPS_WRITE))]
Overseer = Annotated[Caller, Depends(Needs(Scope.DESKTOPS_WRITE, Reach.GROUP))]


async def _seen(desktop_id: Key, db: Transaction, caller: Reader, database: DatabaseOfApp) -> Desktop:
    desktop = await service.get_desktop(db, caller.rights, desktop_id, Scope.DESKTOPS_READ)
    await looked(database, Action.LOOKED, "desktops", desktop.id, owner_id=desktop.owner_id)
    return desktop


async def _used(desktop_id: Key, db: Transaction, caller: Writer) -> Desktop:
    return await service.get_desktop(db, caller.rights, desktop_id)


async def _overseen(desktop_id: Key, db: Transaction, caller: Overseer) -> Desktop:
    return await service.get_desktop(db, caller.rights, desktop_id)


SeenDesktop = Annotated[Desktop, Depends(_seen)]
"""A desktop that the caller may see. A look into another's is told in the audit."""
UsedDesktop = Annotated[Desktop, Depends(_used)]
"""A desktop that the caller may use and change."""
OverseenDesktop = Annotated[Desktop, Depends(_overseen)]
"""The same, for callers who reach others' desktops, too."""
