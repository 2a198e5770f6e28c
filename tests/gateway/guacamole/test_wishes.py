"""What there should be in Guacamole."""

import pytest
from tests.desktops.kinds import pool_of
from tests.gateway.guacamole.doubles import School
from tests.servers import Backend

from deskbay.accounts.models import Role
from deskbay.desktops.models import State
from deskbay.gateway.guacamole.wishes import Known, Wish, read_known, wish_for
from deskbay.kit.vault import Vault, new_key


@pytest.fixture
def backend() -> Backend:
    return Backend.SQLITE


async def known_of(school: School) -> Known:
    async with school.database.read() as db:
        return await read_known(db)


async def wish_of(school: School) -> Wish:
    return await wish_for(await known_of(school), pool_of(local=school.runtime), Vault([new_key()]))


async def test_everyone_who_may_sign_in_is_to_have_an_account(school: School) -> None:
    await school.person("grace", Role.ADMINISTRATOR)
    disabled, removed = await school.person("bob"), await school.person("eve")
    async with school.database.write() as db:
        (await db.merge(disabled)).disabled_at = school.clock.now()
        (await db.merge(removed)).removed_at = school.clock.now()
    assert (await known_of(school)).accounts == {"ada": False, "grace": True}


@pytest.mark.parametrize("state", [state for state in State if state is not State.RUNNING])
async def test_only_what_runs_is_to_have_a_connection(school: School, state: State) -> None:
    await school.desktop(state)
    assert (await known_of(school)).desktops == []


async def test_a_desktop_that_is_to_stop_loses_it_at_once(school: School) -> None:
    desktop = await school.desktop()
    assert len((await known_of(school)).desktops) == 1
    await school.stage.stop(desktop)
    assert (await known_of(school)).desktops == []


async def test_the_digest_changes_with_what_is_wanted_alone(school: School) -> None:
    digests = [(await known_of(school)).digest]
    desktop = await school.desktop()
    digests.append((await known_of(school)).digest)
    bob = await school.person("bob")
    digests.append((await known_of(school)).digest)
    for column, value in (("launch", 2), ("owner_id", bob.id), ("name", "Lab")):
        async with school.stage.changing(desktop) as row:
            setattr(row, column, value)
        school.stage.person = bob if column == "owner_id" else school.stage.person
        digests.append((await known_of(school)).digest)
    assert len(set(digests)) == len(digests)
    assert (await known_of(school)).digest == digests[-1]


async def test_ways_are_asked_of_runtimes(school: School) -> None:
    desktop = await school.desktop()
    (wished,) = (await wish_of(school)).connections.values()
    assert wished.way is not None
    assert (wished.name, wished.owner, wished.way.protocol) == (f"desktop-{desktop.uuid}", "ada", "rdp")
    school.runtime.is_silent = True
    assert [one.way for one in (await wish_of(school)).connections.values()] == [None]
    school.runtime.is_silent, school.runtime.is_reached = False, False
    assert (await wish_of(school)).connections == {}


async def test_a_password_that_can_not_be_opened_makes_it_wait(school: School) -> None:
    await school.desktop()
    known = await known_of(school)
    known.desktops[0].template.sealed_password = Vault([new_key()]).seal("secret")
    school.runtime.has_password = False
    wish = await wish_for(known, pool_of(local=school.runtime), Vault([new_key()]))
    assert [one.way for one in wish.connections.values()] == [None]
