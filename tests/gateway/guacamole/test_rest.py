"""Asking Guacamole, and what is made of its answers."""

from collections.abc import AsyncIterator

import pytest
from tests.guacamole import SimulatedGuacamole
from tests.guacamole_rest import ADMINISTRATOR, DATA_SOURCE

from deskbay.gateway.guacamole.rest import Refused, Rest, Trouble, WrongPassword
from deskbay.gateway.guacamole.tickets import Connection
from deskbay.settings import Settings

WAY = Connection("vnc", {"hostname": "10.0.0.5", "port": "5900", "password": "pw"})


@pytest.fixture
async def rest(settings: Settings) -> AsyncIterator[Rest]:
    assert settings.guacamole_url
    rest = Rest(settings.guacamole_url, *ADMINISTRATOR)
    yield rest
    await rest.close()


async def test_it_signs_in_once(rest: Rest, simulated: SimulatedGuacamole) -> None:
    assert await rest.data_source() == DATA_SOURCE
    assert set(await rest.accounts()) == {ADMINISTRATOR[0]}
    assert await rest.active() == {}
    assert simulated.rest.sign_ins == 1


async def test_a_session_that_is_over_is_followed_by_one_new_one(rest: Rest, simulated: SimulatedGuacamole) -> None:
    await rest.data_source()
    simulated.rest.tokens.clear()
    await rest.add_group("all_users")
    assert (simulated.rest.sign_ins, set(simulated.rest.groups)) == (2, {"all_users"})
    simulated.rest.status = 403
    with pytest.raises(Trouble, match="permission to administer"):
        await rest.groups()
    assert simulated.rest.sign_ins == 3


async def test_a_wrong_password_is_told_apart(settings: Settings, simulated: SimulatedGuacamole) -> None:
    assert settings.guacamole_url
    rest = Rest(settings.guacamole_url, "guacadmin", "wrong")
    with pytest.raises(WrongPassword) as wrong:
        await rest.accounts()
    await rest.close()
    assert "wrong" not in str(wrong.value)
    assert simulated.rest.requests == 1


async def test_a_connection_is_made_changed_and_deleted(rest: Rest, simulated: SimulatedGuacamole) -> None:
    identifier = await rest.add_connection("desk", WAY)
    assert await rest.parameters(identifier) == WAY.parameters
    simulated.rest.connections[identifier].attributes = {"weight": "3", "max-connections": None}
    (found,) = (await rest.connections()).values()
    await rest.change_connection(found, "table", Connection("ssh", {"hostname": "10.0.0.6", "port": "22"}))
    changed = simulated.rest.connections[identifier]
    assert (changed.name, changed.protocol, changed.attributes) == ("table", "ssh", found.attributes)
    await rest.delete_connection(identifier)
    await rest.delete_connection(identifier)
    assert await rest.connections() == {}


async def test_what_it_refuses_is_told_in_its_words(rest: Rest, simulated: SimulatedGuacamole) -> None:
    await rest.add_connection("desk", WAY)
    with pytest.raises(Refused, match='The connection "desk" already exists'):
        await rest.add_connection("desk", WAY)
    with pytest.raises(Refused, match="Unexpected"):
        await rest.add_connection("desk", Connection("telnet", {}))
    with pytest.raises(Refused, match="attributes that are not known"):
        await rest.add_account("ada", {"deskbay": "ours"})
    long = "x" * 300
    simulated.rest.refused_names.add(long)
    with pytest.raises(Refused) as refused:
        await rest.add_connection(long, Connection("vnc", {"of our own": "1"}))
    assert len(str(refused.value)) <= 200


async def test_what_is_gone_meanwhile_is_refused_and_no_trouble(rest: Rest) -> None:
    with pytest.raises(Refused):
        await rest.parameters("7")
    with pytest.raises(Refused):
        await rest.permissions("users", "nobody")
    with pytest.raises(Refused):
        await rest.change_account("nobody", {"disabled": ""})
    with pytest.raises(Refused):
        await rest.end("7")


async def test_members_and_permissions(rest: Rest, simulated: SimulatedGuacamole) -> None:
    await rest.add_account("a.b-c_D", {})
    await rest.add_account("bob", {})
    await rest.add_group("all_users")
    identifier = await rest.add_connection("desk", WAY)
    changes = simulated.rest.changes
    await rest.change_members("all_users", add=[], remove=[])
    assert simulated.rest.changes == changes
    await rest.change_members("all_users", add=["a.b-c_D", "bob"], remove=[])
    await rest.change_members("all_users", add=[], remove=["bob"])
    assert await rest.members("all_users") == {"a.b-c_D"}
    await rest.change_permissions("users", "a.b-c_D", add=[(identifier, "READ"), (identifier, "UPDATE")], remove=[])
    await rest.change_permissions("users", "a.b-c_D", add=[], remove=[(identifier, "UPDATE")])
    assert (await rest.permissions("users", "a.b-c_D")).connections == {identifier: {"READ"}}
    simulated.rest.rights["userGroups", "all_users"].system.add("ADMINISTER")
    assert (await rest.permissions("userGroups", "all_users")).system == {"ADMINISTER"}
    await rest.delete_account("a.b-c_D")
    assert "a.b-c_D" not in await rest.accounts()


async def test_who_uses_a_connection_is_cut_off(rest: Rest, simulated: SimulatedGuacamole) -> None:
    identifier = await rest.add_connection("desk", WAY)
    active = simulated.rest.use(identifier, "ada")
    (found,) = (await rest.active()).values()
    assert (found.identifier, found.connection, found.username) == (active, identifier, "ada")
    await rest.end(active)
    assert simulated.rest.active == {}


async def test_attributes_that_are_null_are_none(rest: Rest, simulated: SimulatedGuacamole) -> None:
    simulated.rest.users["ada"] = {"disabled": None}
    assert (await rest.accounts())["ada"].attributes["disabled"] is None


async def test_nobody_there_is_trouble() -> None:
    rest = Rest("http://127.0.0.1:9/guacamole", "guacadmin", "secret words")
    with pytest.raises(Trouble, match="gives no answer") as trouble:
        await rest.accounts()
    await rest.close()
    assert "secret words" not in str(trouble.value)
