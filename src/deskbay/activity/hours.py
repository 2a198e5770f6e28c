"""Hours within a window of time, computed from the intervals by the database, exact to the microsecond."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, ColumnElement, Select, SQLColumnExpression, Subquery, case, cast, func, select

from deskbay.activity.models import Activity, Kind
from deskbay.activity.stretches import day_of, microseconds
from deskbay.kit.intervals import Interval

SUMMED = (Kind.APPLICATION, Kind.OPEN_APPLICATION)


def user_hours(window: Interval, *conditions: ColumnElement[bool]) -> Select[int, Kind, str, int]:
    """Select what each person did, and for how long: user_id, kind, name, microseconds.

    Presence and events are united: two devices at once count once. Applications are added up.
    """
    # Within one sign-in nothing overlaps: to keep sign-ins apart is to add up.
    apart = case((Activity.kind.in_(SUMMED), Activity.sign_in_id), else_=0).label("apart")
    rows = _rows(window, (Activity.user_id, Activity.kind, Activity.name, apart), conditions)
    keys = (rows.c.user_id, rows.c.kind, rows.c.name)
    return select(*keys, _united(rows)).group_by(*keys)


def device_hours(window: Interval, *conditions: ColumnElement[bool]) -> Select[int, int]:
    """Select how long anyone was at each device: device_id, microseconds. Two people at once count once."""
    rows = _rows(window, (Activity.device_id,), conditions)
    return select(rows.c.device_id, _united(rows)).group_by(rows.c.device_id)


def _rows(
    window: Interval,
    keys: Sequence[SQLColumnExpression[int] | SQLColumnExpression[Kind] | SQLColumnExpression[str]],
    conditions: Sequence[ColumnElement[bool]],
) -> Subquery:
    """Return intervals cut to the window, each with the latest end of those before it that have the same keys."""
    first, last = microseconds(window.start), microseconds(window.end)
    cut = (
        select(
            *keys,
            case((Activity.starts < first, first), else_=Activity.starts).label("starts"),
            case((Activity.ends > last, last), else_=Activity.ends).label("ends"),
        )
        .where(Activity.day.between(day_of(first), day_of(last - 1)), Activity.starts < last, Activity.ends > first)
        .where(*conditions)
        .subquery()
    )
    own = list(cut.c)[: len(keys)]
    before = func.max(cut.c.ends).over(partition_by=own, order_by=(cut.c.starts, cut.c.ends), rows=(None, -1))
    return select(cut, before.label("before")).subquery()


def _united(rows: Subquery) -> ColumnElement[int]:
    """Return the length of the union.

    |========|                 the first counts whole,
        |========|             the second from where those before it end:
             |===|
    """
    fresh = case(
        (rows.c.before.is_(None) | (rows.c.before <= rows.c.starts), rows.c.ends - rows.c.starts),
        (rows.c.before < rows.c.ends, rows.c.ends - rows.c.before),
        else_=0,
    )
    return cast(func.sum(fresh), BigInteger).label("microseconds")
