"""Volumes as somebody sees them, with the desktops that have them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Scope
from deskbay.accounts.schemas import OwnerOut
from deskbay.desktops.models import Desktop, RuntimeRow
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.volumes import VolumeStore, store_of
from deskbay.volumes import shares
from deskbay.volumes.models import Attachment, Volume
from deskbay.volumes.schemas import UseOut, VolumeOut

AS_THEY_ARE = ("id", "uuid", "name", "size_mb", "used_mb", "measured_at", "state", "reason", "created_at")


def offered(pool: RuntimePool, row: RuntimeRow) -> VolumeStore | None:
    """Return where a runtime keeps volumes; None where it offers none, or can't be opened."""
    try:
        return store_of(pool.get(row))
    except Unreachable:
        return None


@dataclass(frozen=True, slots=True)
class Describer:
    """Describes volumes to viewers, who may use them."""

    db: AsyncSession
    pool: RuntimePool

    async def one(self, viewer: Rights, volume: Volume) -> VolumeOut:
        return (await self.all(viewer, [volume]))[0]

    async def all(self, viewer: Rights, found: Sequence[Volume]) -> list[VolumeOut]:
        ids = {volume.runtime_id for volume in found}
        rows = {row.id: row for row in await self.db.scalars(select(RuntimeRow).where(RuntimeRow.id.in_(ids)))}
        accesses = await shares.accesses(self.db, viewer, found)
        managed = await shares.within_reach(self.db, viewer, Scope.VOLUMES_WRITE, found)
        own_id, seen = viewer.user.id, managed | await shares.within_reach(self.db, viewer, Scope.VOLUMES_READ, found)
        shared, uses = await shares.shared_ids(self.db, found), await self._uses(found)
        return [
            VolumeOut(
                **{name: getattr(volume, name) for name in AS_THEY_ARE},
                owner=OwnerOut.model_validate(volume.owner),
                runtime=rows[volume.runtime_id].slug,
                is_size_enforced=self._is_size_enforced(rows[volume.runtime_id]),
                access=accesses[volume.id],
                may_manage=volume.id in managed,
                is_shared=volume.id in shared,
                desktops=[use for use in uses.get(volume.id, []) if volume.id in seen or use.owner.id == own_id],
            )
            for volume in found
        ]

    def _is_size_enforced(self, row: RuntimeRow) -> bool:
        store = offered(self.pool, row)
        return store is not None and store.enforces_size

    async def _uses(self, found: Sequence[Volume]) -> dict[int, list[UseOut]]:
        rows = select(Attachment, Desktop).join(Desktop, Desktop.id == Attachment.desktop_id)
        rows = rows.where(Attachment.volume_id.in_([volume.id for volume in found])).order_by(Desktop.id)
        uses: dict[int, list[UseOut]] = {}
        for attachment, desktop in await self.db.execute(rows.options(joinedload(Desktop.owner))):
            uses.setdefault(attachment.volume_id, []).append(
                UseOut(
                    id=desktop.id,
                    name=desktop.name,
                    owner=OwnerOut.model_validate(desktop.owner),
                    state=desktop.state,
                    is_read_only=attachment.is_read_only,
                )
            )
        return uses
