"""Hours of whole years, and hours in the order in which reports read them"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEYS = {
    "user_hours": ["period", "starts_on", "kind", "name", "user_id"],
    "device_hours": ["period", "starts_on", "device_id"],
}


def upgrade() -> None:
    op.create_index("ix_user_hours_user_id_period_starts_on", "user_hours", ["user_id", "period", "starts_on"])
    op.drop_index("ix_user_hours_user_id", "user_hours")
    for table, key in KEYS.items():
        _order(table, key)
        for year in _whole_years():
            _add_up(table, key, year)


def _order(table: str, key: list[str]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        # What is added up is in the index, so that reports need nothing else.
        columns = ", ".join(key)
        op.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT pk_{table},"
            f" ADD CONSTRAINT pk_{table} PRIMARY KEY ({columns}) INCLUDE (microseconds)"
        )
        return
    with op.batch_alter_table(table) as hours:
        hours.drop_constraint(f"pk_{table}", type_="primary")
        hours.create_primary_key(f"pk_{table}", key)


def _whole_years() -> list[int]:
    """Return the years in which something is rolled up and that are rolled up to their end."""
    bind = op.get_bind()
    rolled_up_to = bind.execute(sa.text("SELECT rolled_up_to FROM roll_up_state")).scalar()
    first = bind.execute(sa.text("SELECT min(starts_on) FROM user_hours")).scalar()
    return list(range(_day(first).year, _day(rolled_up_to).year)) if first and rolled_up_to else []


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value  # SQLite has no dates


def _add_up(table: str, key: list[str], year: int) -> None:
    others = ", ".join(name for name in key if name not in {"period", "starts_on"})
    op.execute(
        sa.text(
            f"INSERT INTO {table} (period, starts_on, {others}, microseconds)"  # noqa: S608 - names of ours
            f" SELECT 'year', :first, {others}, sum(microseconds) FROM {table}"
            f" WHERE period = 'month' AND starts_on BETWEEN :first AND :last GROUP BY {others}"
        ).bindparams(sa.bindparam("first", date(year, 1, 1), sa.Date), sa.bindparam("last", date(year, 12, 1), sa.Date))
    )
