"""Runtimes that the settings tell of: who comes with an environment of an older server finds them there."""

import json
from collections.abc import Iterator

from pydantic import JsonValue
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.desktops.models import RuntimeRow
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtime_rows import add_runtime, change_runtime
from deskbay.desktops.runtime_schemas import RuntimeChange, RuntimeIn
from deskbay.kit.vault import WrongKey
from deskbay.settings import Settings

Told = dict[str, JsonValue]
DIGITALOCEAN, RANCHER = "digitalocean", "rancher"


async def keep_told_runtimes(db: AsyncSession, pool: RuntimePool, settings: Settings) -> None:
    """Have a runtime of the name of each kind that is told of, with what is told; all else about it stays as it is."""
    for kind, told in _told(settings):
        row = await db.scalar(select(RuntimeRow).where(RuntimeRow.slug == kind, RuntimeRow.kind == kind))
        if row is None:
            await add_runtime(db, pool, RuntimeIn(slug=kind, kind=kind, settings={**_made(kind), **told}))
        elif not _knows(pool, row, told):
            await change_runtime(db, pool, row, _with(row, told))


def _told(settings: Settings) -> Iterator[tuple[str, Told]]:
    if token := settings.digitalocean_auth:
        yield DIGITALOCEAN, {"token": token.get_secret_value()}
    if cluster := settings.rancher:
        yield RANCHER, {**cluster.model_dump(), "token": cluster.token.get_secret_value()}


def _made(kind: str) -> Told:
    if kind != DIGITALOCEAN:
        return {}
    from asyncssh import generate_private_key  # takes a while, which most need not wait

    return {"key": generate_private_key("ssh-ed25519").export_private_key().decode()}


def _knows(pool: RuntimePool, row: RuntimeRow, told: Told) -> bool:
    try:
        known = {**json.loads(row.settings), **pool.secrets_of(row)}
    except WrongKey:
        return False
    return all(known.get(name) == value for name, value in told.items())


def _with(row: RuntimeRow, told: Told) -> RuntimeChange:
    return RuntimeChange(
        settings={**json.loads(row.settings), **told},
        labels=json.loads(row.labels),
        desktops=row.desktops,
        memory_mb=row.memory_mb,
        cpus=row.cpus,
        is_drained=row.is_drained,
    )
