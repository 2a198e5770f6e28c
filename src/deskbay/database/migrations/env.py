"""What Alembic runs; `migrate` hands it the connection."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import BigInteger, Enum

from deskbay.database.base import Base, UtcDateTime


def write_type(kind: str, item: object, written: AutogenContext) -> str | Literal[False]:
    """Write our column types into a new migration so that it does not change when the code does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        written.imports.add("from deskbay.database.base import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, BigInteger):
        written.imports.add("from deskbay.database.base import BigKey")
        return "BigKey"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String({item.length})"
    return False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=write_type)
with context.begin_transaction():
    context.run_migrations()
