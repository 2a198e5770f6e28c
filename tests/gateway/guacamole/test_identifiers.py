"""Where the connections of desktops are."""

from base64 import urlsafe_b64decode

import pytest
from tests.gateway.guacamole.doubles import School
from tests.servers import Backend

from deskbay.gateway.guacamole.identifiers import client_page, identifiers_of, pages_of


@pytest.fixture
def backend() -> Backend:
    return Backend.SQLITE


@pytest.mark.parametrize("data_source", ["postgresql", "mysql", "sqlserver-shared"])
def test_a_page_names_the_connection_and_its_database(data_source: str) -> None:
    page = client_page("42", data_source)
    assert page.startswith("/client/")
    assert not set(page) & set("=+")
    named = page.removeprefix("/client/")
    assert urlsafe_b64decode(named + "=" * (-len(named) % 4)).decode() == f"42\0c\0{data_source}"


def test_the_page_of_an_example() -> None:
    assert client_page("1", "mysql") == "/client/MQBjAG15c3Fs"


async def test_they_are_found_by_their_desktops(school: School) -> None:
    desktop = await school.desktop()
    async with school.database.read() as db:
        assert await identifiers_of(db, [desktop.id]) == {}
    await school.look()
    async with school.database.read() as db:
        assert await identifiers_of(db, [desktop.id, 99]) == {desktop.id: "1"}


async def test_only_owners_whose_account_has_them_have_pages(school: School) -> None:
    desktop = await school.desktop()
    bob = await school.person("bob")
    assert await pages_of(school.database, school.stage.person) == {}
    await school.look()
    assert await pages_of(school.database, school.stage.person) == {desktop.id: client_page("1", "postgresql")}
    assert await pages_of(school.database, bob) == {}
    school.there.users["ada"] = {"guac-organization": "another's"}
    await school.review()
    assert await pages_of(school.database, school.stage.person) == {}
