"""Every secret in the database is sealed anew, on each kind of database."""

import pytest

from deskbay.database import Database
from deskbay.database.sealing import reseal_all, sealed_columns
from deskbay.desktops.models import RuntimeRow
from deskbay.kit.vault import Vault, WrongKey, new_key

OLD, NEW = new_key(), new_key()


def a_runtime(slug: str, sealed: str | None) -> RuntimeRow:
    return RuntimeRow(slug=slug, kind="docker", sealed_settings=sealed)


def test_columns_of_secrets_are_found_by_their_names() -> None:
    found = {(table.name, column.name) for table, column in sealed_columns()}
    assert ("runtimes", "sealed_settings") in found
    assert all(column.name.startswith("sealed_") for _, column in sealed_columns())


async def test_each_opens_with_the_new_key_alone(database: Database) -> None:
    rows = [a_runtime(name, Vault([OLD]).seal(name)) for name in ("a", "b")]
    async with database.write() as db:
        db.add_all([*rows, a_runtime("none", None)])
    async with database.write() as db:
        assert await reseal_all(db, Vault([NEW, OLD])) == 2
    async with database.read() as db:
        found = [await db.get_one(RuntimeRow, row.id) for row in rows]
    assert [Vault([NEW]).open(row.sealed_settings or "") for row in found] == ["a", "b"]


async def test_one_that_does_not_open_leaves_all_as_they_were(database: Database) -> None:
    sealed = Vault([OLD]).seal("a")
    async with database.write() as db:
        db.add_all([row := a_runtime("a", sealed), a_runtime("b", Vault([new_key()]).seal("b"))])
    with pytest.raises(WrongKey):
        async with database.write() as db:
            await reseal_all(db, Vault([NEW, OLD]))
    async with database.read() as db:
        assert (await db.get_one(RuntimeRow, row.id)).sealed_settings == sealed
