"""Runtimes over HTTP, for administrators."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import Transaction
from deskbay.desktops import placing, runtime_rows
from deskbay.desktops.models import RuntimeRow
from deskbay.desktops.placing import NO_LOAD, Load
from deskbay.desktops.pool import PoolOfApp, RuntimePool
from deskbay.desktops.runtime_schemas import (
    Answer,
    KindList,
    KindOut,
    LoadOut,
    RuntimeChange,
    RuntimeIn,
    RuntimeList,
    RuntimeOut,
)
from deskbay.desktops.runtimes import Unproved, Unreachable
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1", tags=["runtimes"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)


Reader = Annotated[Caller, Depends(Needs(Scope.RUNTIMES_READ, Reach.ALL))]
Writer = Annotated[Caller, Depends(Needs(Scope.RUNTIMES_WRITE, Reach.ALL))]


async def _runtime(runtime_id: Key, db: Transaction, _: Writer) -> RuntimeRow:
    return await runtime_rows.get_runtime(db, runtime_id)


RuntimeOfPath = Annotated[RuntimeRow, Depends(_runtime)]


@router.get("/runtime-kinds")
async def list_runtime_kinds(pool: PoolOfApp, _: Reader) -> KindList:
    """List the kinds of runtimes that are installed, and what each asks for."""
    kinds = sorted(pool.kinds.items())
    items = [KindOut(name=name, settings=one.model_json_schema(), makes_spares=one.makes_spares) for name, one in kinds]
    return KindList(items=items)


@router.get("/runtimes")
async def list_runtimes(db: Transaction, pool: PoolOfApp, _: Reader) -> RuntimeList:
    """List the runtimes, and what each carries."""
    loads = await placing.loads_of(db)
    rows = await runtime_rows.list_runtimes(db)
    return RuntimeList(items=[_shown(pool, row, loads.get(row.id, NO_LOAD)) for row in rows])


@router.post("/runtimes", status_code=HTTPStatus.CREATED, responses=CONFLICT)
async def add_runtime(wish: RuntimeIn, db: Transaction, pool: PoolOfApp, _: Writer) -> RuntimeOut:
    """Add a runtime. Desktops are placed on it from now on."""
    return _shown(pool, await runtime_rows.add_runtime(db, pool, wish), NO_LOAD)


@router.put("/runtimes/{runtime_id}", responses=NOT_FOUND)
async def change_runtime(row: RuntimeOfPath, wish: RuntimeChange, db: Transaction, pool: PoolOfApp) -> RuntimeOut:
    """Change a runtime, or drain it. Its name and kind stay, and so do the desktops on it."""
    await runtime_rows.change_runtime(db, pool, row, wish)
    return _shown(pool, row, (await placing.loads_of(db)).get(row.id, NO_LOAD))


@router.delete("/runtimes/{runtime_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND | CONFLICT)
async def remove_runtime(row: RuntimeOfPath, db: Transaction) -> None:
    """Remove a runtime that no desktop is on."""
    await runtime_rows.remove_runtime(db, row)


@router.post("/runtimes/{runtime_id}/test", responses=NOT_FOUND)
async def test_runtime(row: RuntimeOfPath, db: Transaction, pool: PoolOfApp) -> Answer:
    """Ask a runtime for its desktops, to see whether it answers, and whether what its templates need can be started."""
    return await _asked(row, await placing.profiles_on(db, row), pool)


async def _asked(row: RuntimeRow, profiles: Sequence[str], pool: RuntimePool) -> Answer:
    runtime = pool.get(row)
    try:
        await runtime.owned()
        reasons = [await runtime.unavailable(profile) for profile in profiles]
    except Unproved as error:
        return Answer(answers=False, detail=str(error), proposal=dict(error.settings))
    except Unreachable as error:
        return Answer(answers=False, detail=str(error))
    return _summed_up([reason for reason in reasons if reason is not None], len(profiles))


def _summed_up(reasons: Sequence[str], profiles: int) -> Answer:
    if len(reasons) == profiles:
        return Answer(answers=False, detail=reasons[0])
    but = f" But not every template can be launched there: {reasons[0]}" if reasons else ""
    return Answer(answers=True, detail=f"It answers.{but}")


def _shown(pool: RuntimePool, row: RuntimeRow, load: Load) -> RuntimeOut:
    return RuntimeOut(
        id=row.id,
        slug=row.slug,
        kind=row.kind,
        settings=json.loads(row.settings),
        sealed=runtime_rows.names_of_secrets(pool, row),
        labels=json.loads(row.labels),
        desktops=row.desktops,
        memory_mb=row.memory_mb,
        cpus=row.cpus,
        is_drained=row.is_drained,
        load=LoadOut.model_validate(load),
    )
