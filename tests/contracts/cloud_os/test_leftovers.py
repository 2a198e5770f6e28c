"""What fails after its client has left is taken back, and nothing else is."""

import asyncio

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from tests.clock import FrozenClock
from tests.contracts.cloud_os.conftest import IMAGE, deleted, rows
from tests.desktops.doubles import RefusingRuntime
from tests.people import People

from deskbay.contracts.cloud_os.leftovers import HISTORY_IS_WHOLE, PATIENCE, LeftoverKeeper
from deskbay.desktops.launching import LaunchWish, launch
from deskbay.desktops.models import Change, Desktop, State, Template, Wanted

pytestmark = pytest.mark.usefixtures("firefox", "reconciling")


@pytest.fixture
def farm() -> RefusingRuntime:
    return RefusingRuntime()


@pytest.fixture
async def left(app: FastAPI, people: People) -> Desktop:
    """A container that failed, and whose client left, or whose server was killed, before the next try."""
    ada, sealed = await people.add("ada"), app.state.vault.seal("Secret123")
    async with app.state.database.write() as db:
        template = (await db.scalars(select(Template).where(Template.image == IMAGE))).one()
        wish = LaunchWish(template, keeps_home=False, sealed_password=sealed)
        await launch(db, app.state.clock, ada, wish)
    async with asyncio.timeout(30):
        while (await rows(app))[0].state is not State.FAILED:  # noqa: ASYNC110 - it happens in the database
            await asyncio.sleep(0.01)
    return (await rows(app))[0]


async def test_nothing_is_left_of_it_after_a_while(app: FastAPI, left: Desktop, clock: FrozenClock) -> None:
    keeper = LeftoverKeeper(app.state.database, clock)
    await keeper.look()
    assert (await rows(app))[0].wanted is not Wanted.DELETED
    clock.advance(seconds=PATIENCE.total_seconds())
    await keeper.look()
    assert (await deleted(app)).id == left.id


@pytest.mark.parametrize("what", ["has run", "is old", "is a desktop"])
async def test_what_may_have_run_or_is_no_container_stays(
    app: FastAPI, left: Desktop, clock: FrozenClock, what: str
) -> None:
    clock.advance(seconds=PATIENCE.total_seconds())
    async with app.state.database.write() as db:
        row = await db.get_one(Desktop, left.id)
        if what == "has run":
            db.add(Change(desktop_id=row.id, owner_id=row.owner_id, at=clock.now(), state=State.RUNNING))
        elif what == "is old":
            row.created_at = clock.now() - HISTORY_IS_WHOLE
        else:
            row.sealed_password = None
    await LeftoverKeeper(app.state.database, clock).look()
    assert (await rows(app))[0].wanted is not Wanted.DELETED
