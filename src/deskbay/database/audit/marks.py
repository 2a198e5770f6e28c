"""What the audit leaves out, or tells without its content. Everything else is told."""

from enum import StrEnum

from sqlalchemy import Column
from sqlalchemy.orm import Mapper

KEY = "audit"
REASON = "not_audited"
"""The attribute of a model that is not audited: why, in a few words."""
OWNER = "audited_owner"
"""The attribute of a model that names the column which tells whose a row is, where it is neither of the usual ones."""
OWNERS = ("owner_id", "user_id")
SECRET_ENDS = ("digest", "_hash", "password", "secret")
SECRET_STARTS = ("sealed_",)


class Mark(StrEnum):
    """How the audit treats a column."""

    BUSY = "busy"
    MASKED = "masked"


BUSY = {KEY: Mark.BUSY}
"""For `mapped_column(info=…)`: it changes all the time by itself, and is not told."""
MASKED = {KEY: Mark.MASKED}
"""For `mapped_column(info=…)`: a secret or something personal. That it changed is told, and nothing of what it is."""


def is_audited(mapper: Mapper[object]) -> bool:
    return not hasattr(mapper.class_, REASON)


def is_busy(column: Column[object]) -> bool:
    return column.info.get(KEY) is Mark.BUSY


def is_masked(column: Column[object]) -> bool:
    """Tell whether a column is marked so, or is named as secrets are."""
    return (
        column.info.get(KEY) is Mark.MASKED
        or column.name.endswith(SECRET_ENDS)
        or column.name.startswith(SECRET_STARTS)
    )


def owner_column(mapper: Mapper[object]) -> str | None:
    """Return the attribute that tells whose a row is."""
    named = (getattr(mapper.class_, OWNER, None), *OWNERS)
    return next((name for name in named if name and name in mapper.column_attrs), None)
