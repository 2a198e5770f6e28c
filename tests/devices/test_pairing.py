"""Codes of people, and the devices that they make, on every kind of database."""

import asyncio
from http import HTTPStatus

import pytest
from tests.clock import FrozenClock
from tests.devices.computers import told

from deskbay.accounts.models import User
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user
from deskbay.database import Database
from deskbay.devices.models import Device
from deskbay.devices.pairing import (
    LETTERS,
    create_pairing_code,
    forget_owner,
    get_own_device,
    list_own_devices,
    pair,
    rename,
)
from deskbay.devices.schemas import PairIn
from deskbay.devices.service import create_code, enrol
from deskbay.kit.problems import Problem


async def add(database: Database, clock: FrozenClock, username: str = "ada") -> User:
    async with database.write() as db:
        new = NewUser(username=username, email=f"{username}@example.org")
        return await create_user(db, clock, new, password_hash=None)


async def code_of(database: Database, clock: FrozenClock, user: User) -> str:
    async with database.write() as db:
        return (await create_pairing_code(db, clock, user))[0]


async def paired(database: Database, clock: FrozenClock, code: str, **other: str | None) -> Device:
    async with database.write() as db:
        return (await pair(db, clock, PairIn.model_validate(told(code, **other))))[0]


async def refusal(database: Database, clock: FrozenClock, code: str, **other: str | None) -> HTTPStatus:
    with pytest.raises(Problem) as refused:
        await paired(database, clock, code, **other)
    return refused.value.status


async def test_a_code_makes_a_computer_ones_own(database: Database, clock: FrozenClock) -> None:
    ada = await add(database, clock)
    code = await code_of(database, clock, ada)
    device = await paired(database, clock, code)
    async with database.read() as db:
        kept = await get_own_device(db, ada, device.id)
        assert (kept.name, kept.system, kept.mac_address) == ("thinkpad", "linux", "52:54:00:12:34:56")
        assert [one.id for one in await list_own_devices(db, ada)] == [device.id]


@pytest.mark.parametrize("spell", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
async def test_a_code_may_be_typed_as_people_type(database: Database, clock: FrozenClock, spell: type[str]) -> None:
    code = await code_of(database, clock, await add(database, clock))
    assert set(code) <= {*LETTERS, "-"}
    assert len(code) == 11
    assert (await paired(database, clock, spell(code))).name == "thinkpad"


async def test_a_code_is_good_once_for_fifteen_minutes_and_until_the_next(
    database: Database, clock: FrozenClock
) -> None:
    ada = await add(database, clock)
    spent, replaced = await code_of(database, clock, ada), ""
    await paired(database, clock, spent)
    assert await refusal(database, clock, spent, name="other") is HTTPStatus.UNAUTHORIZED
    replaced, late = await code_of(database, clock, ada), await code_of(database, clock, ada)
    assert await refusal(database, clock, replaced, name="other") is HTTPStatus.UNAUTHORIZED
    clock.advance(minutes=15)
    assert await refusal(database, clock, late, name="other") is HTTPStatus.UNAUTHORIZED


async def test_of_two_computers_with_one_code_one_is_paired(database: Database, clock: FrozenClock) -> None:
    ada = await add(database, clock)
    code = await code_of(database, clock, ada)
    wishes = (paired(database, clock, code, name=name, mac_address=None) for name in ("one", "two"))
    outcomes = await asyncio.gather(*wishes, return_exceptions=True)
    assert sorted(isinstance(one, Problem) for one in outcomes) == [False, True]
    async with database.read() as db:
        assert len(await list_own_devices(db, ada)) == 1


async def test_a_name_of_another_is_refused_and_the_code_stays_good(database: Database, clock: FrozenClock) -> None:
    ada, bob = await add(database, clock), await add(database, clock, "bob")
    await paired(database, clock, await code_of(database, clock, ada))
    code = await code_of(database, clock, bob)
    assert await refusal(database, clock, code, name="ThinkPad") is HTTPStatus.CONFLICT
    assert (await paired(database, clock, code, name="bobs")).owner_id == bob.id


async def test_a_computer_is_paired_again_as_itself(database: Database, clock: FrozenClock) -> None:
    ada = await add(database, clock)
    first = await paired(database, clock, await code_of(database, clock, ada))
    again = await paired(database, clock, await code_of(database, clock, ada), system_release="6.2.0")
    assert (again.id, again.system_release) == (first.id, "6.2.0")
    assert again.token_digest != first.token_digest
    code = await code_of(database, clock, ada)
    assert await refusal(database, clock, code, mac_address="00:00:00:00:00:01") is HTTPStatus.CONFLICT
    assert await refusal(database, clock, code, mac_address=None) is HTTPStatus.CONFLICT


async def test_a_revoked_computer_may_be_paired_again(database: Database, clock: FrozenClock) -> None:
    ada = await add(database, clock)
    first = await paired(database, clock, await code_of(database, clock, ada))
    async with database.write() as db:
        await forget_owner(db, clock, ada)
    again = await paired(database, clock, await code_of(database, clock, ada), mac_address=None)
    assert (again.id, again.has_token, again.revoked_at) == (first.id, True, None)


async def test_an_administrators_code_pairs_a_computer_of_nobody(database: Database, clock: FrozenClock) -> None:
    async with database.write() as db:
        code, _ = await create_code(db, clock, None)
    assert (await paired(database, clock, code)).owner_id is None


async def test_a_persons_code_enrols_no_computer_of_a_room(database: Database, clock: FrozenClock) -> None:
    """Enrolling doesn't count who guesses, and these codes are short."""
    code = await code_of(database, clock, await add(database, clock))
    with pytest.raises(Problem, match="used before"):
        async with database.write() as db:
            await enrol(db, clock, code.replace("-", ""), "pc-1")


async def test_whoever_is_forgotten_has_no_device_and_no_code_left(database: Database, clock: FrozenClock) -> None:
    ada, bob = await add(database, clock), await add(database, clock, "bob")
    await paired(database, clock, await code_of(database, clock, ada))
    await paired(database, clock, await code_of(database, clock, bob), name="bobs")
    code = await code_of(database, clock, ada)
    async with database.write() as db:
        await forget_owner(db, clock, ada)
    async with database.read() as db:
        (device,), (other,) = await list_own_devices(db, ada), await list_own_devices(db, bob)
        assert (device.has_token, device.revoked_at, other.has_token) == (False, clock.now(), True)
    assert await refusal(database, clock, code) is HTTPStatus.UNAUTHORIZED


async def test_a_name_is_changed_unless_it_is_taken(database: Database, clock: FrozenClock) -> None:
    ada = await add(database, clock)
    await paired(database, clock, await code_of(database, clock, ada), name="one", mac_address=None)
    second = await paired(database, clock, await code_of(database, clock, ada), name="two", mac_address=None)
    async with database.write() as db:
        device = await get_own_device(db, ada, second.id)
        await rename(db, device, "three")
        with pytest.raises(Problem, match="already"):
            await rename(db, device, "ONE")
    async with database.read() as db:
        assert [one.name for one in await list_own_devices(db, ada)] == ["one", "three"]
