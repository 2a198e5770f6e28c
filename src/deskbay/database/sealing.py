"""Every secret in the database, sealed anew: columns whose names begin with `sealed_` hold them."""

from collections.abc import Iterator

from sqlalchemy import Column, Table, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.database.base import Base
from deskbay.kit.vault import Vault

PREFIX = "sealed_"


def sealed_columns() -> Iterator[tuple[Table, Column[str]]]:
    """Yield the columns of secrets, of every table that is known."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name.startswith(PREFIX):
                yield table, column


async def reseal_all(db: AsyncSession, vault: Vault) -> int:
    """Seal every secret with the vault's newest key, and return how many there are. Raises WrongKey."""
    number = 0
    for table, column in sealed_columns():
        keys = list(table.primary_key.columns)
        rows = await db.execute(select(column, *keys).where(column.is_not(None)).with_for_update())
        for sealed, *values in rows.all():
            this = [key == value for key, value in zip(keys, values, strict=True)]
            await db.execute(update(table).where(*this).values({column: vault.reseal(sealed)}))
            number += 1
    return number
