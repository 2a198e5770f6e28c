"""What is written down of a Guacamole, on every database."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.gateway.guacamole.doubles import School

from deskbay.desktops.models import Desktop
from deskbay.gateway.guacamole.ledger import Ledger
from deskbay.gateway.guacamole.models import GuacamoleConnection

LEASE = timedelta(seconds=10)


@pytest.fixture
def ledger(school: School) -> Ledger:
    return school.ledger


def made(desktop: Desktop, identifier: str = "7", *, is_granted: bool = True) -> GuacamoleConnection:
    return GuacamoleConnection(
        desktop_id=desktop.id,
        identifier=identifier,
        owner_id=desktop.owner_id,
        endpoint="10.0.0.5:3389",
        is_granted=is_granted,
    )


async def test_it_begins_with_a_mark_that_stays(school: School, ledger: Ledger) -> None:
    mark = (await ledger.standing()).mark
    await ledger.close_badly("down", school.clock.now())
    await ledger.begin_anew()
    standing = await ledger.standing()
    assert (standing.mark, standing.failures, standing.retry_at, standing.reason) == (mark, 0, None, "down")
    await ledger.forget()
    await ledger.begin_anew()
    assert (await ledger.standing()).mark != mark


async def test_one_has_the_lease_until_it_ends(school: School, ledger: Ledger) -> None:
    now = school.clock.now()
    assert await ledger.take_lease("a", now, LEASE)
    assert not await ledger.take_lease("b", now, LEASE)
    assert await ledger.take_lease("a", now + LEASE / 2, LEASE)
    assert not await ledger.take_lease("b", now + LEASE, LEASE)
    assert await ledger.take_lease("b", now + LEASE * 1.5, LEASE)
    assert not await ledger.take_lease("a", now + LEASE * 1.5, LEASE)
    await ledger.close_badly("down", now)
    assert await ledger.take_lease("a", now + LEASE * 1.5, LEASE)


async def test_what_was_made_is_kept_as_it_was_last(school: School, ledger: Ledger) -> None:
    kept, gone = await school.desktop(), await school.desktop()
    await ledger.note(made(kept, "7", is_granted=False))
    await ledger.note(made(gone, "8"))
    assert {one.identifier for one in (await ledger.made()).values()} == {"7", "8"}
    await ledger.close_well({kept.id: made(kept, "9")}, 3, "x" * 2000, brought="digest")
    (only,) = (await ledger.made()).values()
    assert (only.desktop_id, only.identifier, only.is_granted) == (kept.id, "9", True)
    standing = await ledger.standing()
    assert (standing.accounts, standing.connections, standing.brought) == (3, 1, "digest")
    assert standing.reason == "x" * 1000
    await ledger.close_well({}, 0, "")
    assert (await ledger.made(), (await ledger.standing()).reason) == ({}, None)


async def test_failures_are_counted_until_it_is_well_again(school: School, ledger: Ledger) -> None:
    for _ in range(2):
        await ledger.close_badly("y" * 2000, school.clock.now())
    standing = await ledger.standing()
    assert (standing.failures, standing.retry_at, standing.reason) == (2, school.clock.now(), "y" * 1000)
    await ledger.close_well({}, 0, None)
    standing = await ledger.standing()
    assert (standing.failures, standing.retry_at, standing.reason) == (0, None, None)


async def test_desktops_are_known_by_their_names_also_when_deleted(school: School, ledger: Ledger) -> None:
    there, gone = await school.desktop(), await school.desktop()
    async with school.stage.changing(gone) as row:
        row.deleted_at = school.clock.now()
    known = await ledger.keys_of([there.uuid, gone.uuid, uuid4(), there.uuid])
    assert known == {there.uuid: there.id, gone.uuid: gone.id}
    assert await ledger.keys_of([]) == {}
