"""The hours of a team, for who may see reports on it: by whole weeks, without groups that are too small.

Each week is decided by itself, and is told once it is over: whatever ranges somebody compares, the difference is made
of weeks that may be told. So there is one zone, whose weeks these are, and nothing to narrow them by.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.activity.reports import Key, Question, by_period, contributors
from deskbay.activity.roll_ups import find_state
from deskbay.activity.small_groups import Cell, Told, tell
from deskbay.kit.intervals import Period, beginning, days, windows
from deskbay.kit.problems import Problem

MOST_WEEKS = 53
A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


def whole_weeks(question: Question, zone: ZoneInfo, now: datetime) -> Question:
    """Return the question of the weeks in a zone that are whole within its days, and over.

    Raises Problem 422 where there is none, or too many, or something narrows it.
    """
    if question.is_narrowed:
        what = "A report on your people can't be narrowed. Ask without device, room, event and application."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="team-narrowed")
    today = now.astimezone(zone).date()
    first = beginning(question.first + A_WEEK - A_DAY, Period.WEEK)
    last = beginning(min(question.last + A_DAY, today), Period.WEEK) - A_DAY
    if not A_WEEK <= last + A_DAY - first <= MOST_WEEKS * A_WEEK:
        what = f"Ask for 1 to {MOST_WEEKS} whole weeks, from a Monday to a Sunday that is over."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-whole-week")
    return replace(question, first=first, last=last, zone=zone)


async def told_by_week(db: AsyncSession, question: Question, asker_id: int, least: int) -> dict[date, Told]:
    """Return what is told of each week, by its Monday. Who asks knows their own hours: they count as nobody.

    Raises Problem 422 where it is not known any more whose hours they were.
    """
    await _refuse_forgotten(db, question)
    weeks = windows(question.first, question.last, Period.WEEK, question.zone)
    who = {week.period: await contributors(db, question, week.interval) for week in weeks}
    split = await by_period(db, question, Period.WEEK, {key for keys in who.values() for key in keys})
    return {week: tell(_cells(keys, split.of_keys, week, asker_id), least) for week, keys in who.items()}


def _cells(
    who: Mapping[Key, set[int]], spent: Mapping[Key, Mapping[date, timedelta]], week: date, asker_id: int
) -> dict[Key, Cell]:
    others = {key: frozenset(people - {asker_id}) for key, people in who.items()}
    return {key: Cell(spent[key].get(week, timedelta()), people) for key, people in others.items()}


async def _refuse_forgotten(db: AsyncSession, question: Question) -> None:
    state = await find_state(db)
    if state is None or state.kept_from is None:
        return
    if question.interval.start < days(state.kept_from, state.kept_from, ZoneInfo(state.zone)).start:
        what = f"Who did what is kept from {state.kept_from} on. Begin with the Monday after."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="forgotten")
