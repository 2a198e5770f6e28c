"""How long it is kept what became of desktops."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlalchemy.orm import aliased

from deskbay.database.base import Base
from deskbay.database.retention import Rule, of_days
from deskbay.desktops.models import BudgetWarning, Change, Desktop, Step
from deskbay.settings import Settings

LONGEST_BUDGET = timedelta(days=31)


def rules(settings: Settings) -> Iterator[Rule]:
    """Yield what of desktops is forgotten when; those that were deleted go last, once nothing is about them."""
    kept = of_days(settings.history_days)
    yield Rule(Change, kept, _is_past)
    yield Rule(Step, kept, _is_of_a_launch_before)
    yield Rule(BudgetWarning, kept, lambda before: BudgetWarning.period_start < before - LONGEST_BUDGET)
    yield Rule(Desktop, kept, lambda before: and_(Desktop.deleted_at < before, _is_about_nothing()))


def _is_past(before: datetime) -> ColumnElement[bool]:
    """Return the condition of changes that are old, but for the state in which a desktop was then.

    From that one on its hours are counted.
    """
    newer = aliased(Change)
    followed = exists().where(newer.desktop_id == Change.desktop_id, newer.id > Change.id, newer.at < before)
    gone = exists().where(Desktop.id == Change.desktop_id, Desktop.deleted_at < before)
    return and_(Change.at < before, or_(followed, gone))


def _is_of_a_launch_before(before: datetime) -> ColumnElement[bool]:
    present = exists().where(Desktop.id == Step.desktop_id, Desktop.launch == Step.launch, Desktop.deleted_at.is_(None))
    return and_(Step.at < before, ~present)


def _is_about_nothing() -> ColumnElement[bool]:
    """Return the condition of desktops that no other table names, but for what goes along with them."""
    pointing = (
        ~exists().where(key.parent == Desktop.id)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is Desktop.__table__ and key.ondelete is None
    )
    return and_(true(), *pointing)
