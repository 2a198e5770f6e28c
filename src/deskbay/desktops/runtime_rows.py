"""The rules on runtimes, as administrators add, change and remove them."""

import json
from collections.abc import Sequence
from http import HTTPStatus

from pydantic import JsonValue, ValidationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.desktops.models import Desktop, RuntimeRow, Spare
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtime_schemas import RuntimeChange, RuntimeIn
from deskbay.desktops.runtimes.kinds import RuntimeSettings
from deskbay.kit.problems import Problem
from deskbay.kit.vault import WrongKey
from deskbay.volumes.models import Volume


async def list_runtimes(db: AsyncSession) -> Sequence[RuntimeRow]:
    return (await db.scalars(select(RuntimeRow).order_by(RuntimeRow.id))).all()


async def get_runtime(db: AsyncSession, runtime_id: int) -> RuntimeRow:
    """Return a runtime, which nobody else changes until the transaction ends. Raises Problem 404."""
    row: RuntimeRow | None = await db.scalar(select(RuntimeRow).where(RuntimeRow.id == runtime_id).with_for_update())
    if row is None:
        what = f"There is no runtime {runtime_id}. GET /api/v1/runtimes lists them."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="unknown-runtime")
    return row


async def add_runtime(db: AsyncSession, pool: RuntimePool, wish: RuntimeIn) -> RuntimeRow:
    """Add a runtime. Raises Problem 409 when its name is taken, 422 when its kind has no such settings."""
    if wish.kind not in pool.kinds:
        what = f"There is no kind of runtime “{wish.kind}” here. Choose one of: {', '.join(sorted(pool.kinds))}."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="unknown-kind")
    if await db.scalar(select(RuntimeRow.id).where(RuntimeRow.slug == wish.slug)):
        what = f"There is a runtime “{wish.slug}” already. Choose another name."
        raise Problem(HTTPStatus.CONFLICT, what, kind="name-taken")
    row = RuntimeRow(slug=wish.slug, kind=wish.kind)
    db.add(row)
    await change_runtime(db, pool, row, wish)
    return row


async def change_runtime(db: AsyncSession, pool: RuntimePool, row: RuntimeRow, wish: RuntimeChange) -> None:
    """Make a runtime what is wished; desktops that are there go on. Secrets that the wish leaves out stay.

    Raises Problem 422 for settings that it has not.
    """
    kind = _kind(pool, row.kind)
    secret = kind.secret_names()
    kept = {name: text for name, text in _secrets(pool, row).items() if name in secret}
    settings = {name: value for name, value in {**kept, **wish.settings}.items() if name not in secret or value}
    row.settings = json.dumps(_checked(kind, settings))
    row.sealed_settings = pool.seal({name: value for name, value in settings.items() if name in secret})
    row.labels = json.dumps(sorted(set(wish.labels)))
    row.desktops, row.memory_mb, row.cpus = wish.desktops, wish.memory_mb, wish.cpus
    row.is_drained = wish.is_drained
    await db.flush()


def names_of_secrets(pool: RuntimePool, row: RuntimeRow) -> list[str]:
    """Return which secrets a runtime has."""
    return sorted(_secrets(pool, row))


def _secrets(pool: RuntimePool, row: RuntimeRow) -> dict[str, JsonValue]:
    """Return the secrets; none where they can't be opened: they have to be entered anew."""
    try:
        return pool.secrets_of(row)
    except WrongKey:
        return {}


def _kind(pool: RuntimePool, name: str) -> type[RuntimeSettings]:
    if name not in pool.kinds:
        what = f"The kind “{name}” is not installed any more. Install it, or remove the runtime."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="unknown-kind")
    return pool.kinds[name]


def _checked(kind: type[RuntimeSettings], settings: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return all settings of a kind but the secrets. Raises Problem 422 for what it does not take."""
    try:
        checked = kind.model_validate(settings)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, ("settings", *first["loc"])))
        what = f"{where}: {first['msg'].removeprefix('Value error, ')}"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="bad-settings") from error
    shown: dict[str, JsonValue] = checked.model_dump(mode="json", exclude=set(kind.secret_names()))
    return shown


async def remove_runtime(db: AsyncSession, row: RuntimeRow) -> None:
    """Remove a runtime. Raises Problem 409 while a desktop is on it, be it stopped, or a volume."""
    here = Desktop.runtime_id == row.id
    number = await db.scalar(select(func.count()).where(here, Desktop.deleted_at.is_(None)))
    if number:
        desktops = "1 desktop is" if number == 1 else f"{number} desktops are"
        what = f"{desktops} on {row.slug}. Drain it, and remove it when they are deleted."
        raise Problem(HTTPStatus.CONFLICT, what, kind="runtime-in-use")
    if volumes := await db.scalar(select(func.count()).where(Volume.runtime_id == row.id, Volume.deleted_at.is_(None))):
        lie = "1 volume lies" if volumes == 1 else f"{volumes} volumes lie"
        what = f"{lie} on {row.slug}. Remove it when they are deleted."
        raise Problem(HTTPStatus.CONFLICT, what, kind="runtime-in-use")
    if spares := await db.scalar(select(func.count()).where(Spare.runtime_id == row.id)):
        are = "1 spare desktop is" if spares == 1 else f"{spares} spare desktops are"
        what = f"{are} on {row.slug}. Drain it, and remove it in a moment, when they are ended."
        raise Problem(HTTPStatus.CONFLICT, what, kind="runtime-in-use")
    await db.execute(update(Desktop).where(here).values(runtime_id=None))
    await db.execute(delete(Volume).where(Volume.runtime_id == row.id))
    await db.delete(row)
