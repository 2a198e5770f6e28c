"""What is kept of second steps and passkeys, on each kind of database: good once, whoever is quicker."""

import asyncio

import pytest
from tests.accounts.passkeys.authenticator import Device, text_of
from tests.accounts.second_step.phone import Phone
from tests.clock import FrozenClock

from deskbay.accounts import service as accounts
from deskbay.accounts.models import User
from deskbay.accounts.passkeys import service as passkeys
from deskbay.accounts.passkeys.schemas import NewPasskeyIn, UsedCredential
from deskbay.accounts.passkeys.service import Site
from deskbay.accounts.removal import remove_user
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.second_step import service as second_step
from deskbay.database import Database
from deskbay.kit.problems import Problem
from deskbay.kit.vault import Vault, new_key

SITE = Site("localhost", "http://localhost:8000")


@pytest.fixture
def vault() -> Vault:
    return Vault([new_key()])


@pytest.fixture
async def ada(database: Database, clock: FrozenClock) -> User:
    async with database.write() as db:
        return await accounts.create_user(db, clock, NewUser(username="ada"))


async def test_a_code_is_good_for_one_of_many_at_once(
    database: Database, clock: FrozenClock, vault: Vault, ada: User
) -> None:
    async with database.write() as db:
        phone = Phone((await second_step.begin_set_up(db, clock, vault, ada)).secret, clock)
        recovery = await second_step.confirm(db, clock, vault, ada, phone.code())
    clock.advance(seconds=30)

    async def use(code: str) -> bool:
        async with database.write() as db:
            return await second_step.use_code(db, clock, vault, ada, code)

    for code in (phone.code(), recovery[0]):
        assert sorted(await asyncio.gather(*(use(code) for _ in range(4)))) == [False, False, False, True]
    async with database.write() as db:
        assert await second_step.count_recovery_codes(db, ada) == 9
        await remove_user(db, clock, await db.get_one(User, ada.id))
        assert await second_step.confirmed_authenticator(db, ada) is None


async def test_a_sign_in_waits_and_is_finished_once(database: Database, clock: FrozenClock, ada: User) -> None:
    async with database.write() as db:
        secret = await second_step.await_step(db, clock, ada)
    async with database.read() as db:
        assert (await second_step.find_pending(db, clock, secret)).id == ada.id

    async def finish() -> str:
        try:
            async with database.write() as db:
                await second_step.end_pending(db, secret)
        except Problem as problem:
            return problem.kind
        return "in"

    assert sorted(await asyncio.gather(finish(), finish())) == ["in", "sign-in-lost"]


async def test_a_passkey_is_kept_found_and_counted(database: Database, clock: FrozenClock, ada: User) -> None:
    device = Device()
    async with database.write() as db:
        options = await passkeys.options_to_add(db, clock, SITE, ada)
        new = NewPasskeyIn.model_validate({"name": "Laptop", "credential": device.make(options)})
        challenge = await passkeys.take_challenge(db, clock, new.credential.response.client_data, ada)
        await passkeys.add_passkey(db, clock, SITE, ada, new, challenge)
    async with database.write() as db:
        used = UsedCredential.model_validate(device.use(await passkeys.options_to_sign_in(db, clock, SITE)))
        challenge = await passkeys.take_challenge(db, clock, used.response.client_data, None)
        assert (await passkeys.use_passkey(db, clock, SITE, used, challenge)).id == ada.id
    async with database.write() as db:
        (kept,) = await passkeys.list_passkeys(db, ada)
        assert (kept.credential_id, kept.signatures) == (text_of(device.credential_id), 1)
        await passkeys.remove_passkeys(db, ada)
        assert await passkeys.list_passkeys(db, ada) == []
