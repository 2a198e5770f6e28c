"""Many rows in one statement, whatever the number: so PostgreSQL prepares each statement once.

Statements are built once, too: to build one takes longer than to run it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeVar

from sqlalchemy import ColumnElement, Table, Update, any_, bindparam, func, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

Value = TypeVar("Value")
Row = Mapping[str, object]


def is_postgresql(db: AsyncSession) -> bool:
    return db.get_bind().dialect.name == "postgresql"


def among(*, postgresql: bool, column: InstrumentedAttribute[Value], parameter: str) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values that a parameter will list."""
    if postgresql:
        return column == any_(bindparam(parameter, type_=ARRAY(column.type)))
    return column.in_(bindparam(parameter, expanding=True))


async def update_rows(db: AsyncSession, table: Table, keys: Sequence[str], rows: Sequence[Row]) -> None:
    """Change the rows that have the keys. All rows name the same columns."""
    if not rows:
        return
    connection = await db.connection()
    names = list(rows[0])
    if is_postgresql(db):
        arrays = {f"new_{name}": [row[name] for row in rows] for name in names}
        await connection.execute(_update_from_arrays(table, tuple(keys), tuple(names)), arrays)
    else:
        parameters = [{f"new_{name}": row[name] for name in names} for row in rows]
        await connection.execute(_update_each(table, tuple(keys), tuple(names)), parameters)


@cache
def _update_each(table: Table, keys: tuple[str, ...], names: tuple[str, ...]) -> Update:
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    found = (table.c[key] == new[key] for key in keys)
    return update(table).where(*found).values({name: new[name] for name in names if name not in keys})


@cache
def _update_from_arrays(table: Table, keys: tuple[str, ...], names: tuple[str, ...]) -> Update:
    arrays = (bindparam(f"new_{name}", type_=ARRAY(table.c[name].type)) for name in names)
    new = func.unnest(*arrays).table_valued(*names, name="new").render_derived()
    found = (table.c[key] == new.c[key] for key in keys)
    return update(table).where(*found).values({name: new.c[name] for name in names if name not in keys})
