"""Reports over HTTP: the address is the report."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from io import StringIO
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.activity.looks import may_see, people_seen
from deskbay.activity.models import Kind
from deskbay.activity.reports import KINDS, By, Key, Question, Split, by_period, rank
from deskbay.activity.roll_ups import find_state
from deskbay.activity.routes import Reader
from deskbay.activity.schemas import Label, Report, Row
from deskbay.activity.shares import open_time
from deskbay.activity.small_groups import Told, added_up
from deskbay.activity.teams import told_by_week, whole_weeks
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.devices.models import Device, Room
from deskbay.devices.schemas import ZoneName
from deskbay.kit.clock import Clock, ClockOfApp
from deskbay.kit.intervals import Period, windows
from deskbay.kit.keys import Id
from deskbay.kit.problems import Problem, documented
from deskbay.settings import Settings, SettingsOfApp

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])
LONGEST_DAYS = 3700
MOST_PERIODS = 400
NAMELESS = {By.ROOM: "no room", By.TEMPLATE: "no template"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ReportQuery(BaseModel):
    """What is asked."""

    model_config = ConfigDict(extra="forbid")

    by: By = By.USER
    period: Annotated[Period | None, Field(description="Also split by this")] = None
    first: Annotated[date, Field(alias="from", description="First day")]
    last: Annotated[date, Field(alias="to", description="Last day")]
    zone: ZoneName = "UTC"
    user_id: Id | None = None
    device_id: Id | None = None
    room_id: Id | None = None
    event: Annotated[Label | None, Field(description="Only the hours of this event")] = None
    application: Annotated[Label | None, Field(description="Only the hours of this application")] = None
    compare_from: Annotated[date | None, Field(description="First day of a second range")] = None
    compare_to: date | None = None
    limit: Annotated[int, Field(ge=1, le=1000, description="So many rows with the most hours")] = 100

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        # What is done and what it is done with are apart: nothing tells of both at once.
        of_event, of_application = self.event or self.by is By.EVENT, self.application or self.by is By.APPLICATION
        if of_event and of_application:
            raise ValueError("Ask for events or for applications: the hours of one say nothing of the other.")
        return self

    @model_validator(mode="after")
    def _whole_comparison(self) -> Self:
        if (self.compare_from is None) is not (self.compare_to is None):
            raise ValueError("Name both days of the second range: compare_from and compare_to.")
        return self

    @property
    def question(self) -> Question:
        kind, name = KINDS.get(self.by, Kind.PRESENCE), self.event or self.application
        if self.event or self.application:
            kind = Kind.EVENT if self.event else Kind.APPLICATION
        return Question(
            self.by,
            self.first,
            self.last,
            ZoneInfo(self.zone),
            kind,
            name or (None if self.by in KINDS else ""),
            self.user_id,
            self.device_id,
            self.room_id,
        )

    def compared(self, question: Question) -> Question | None:
        if self.compare_from is None or self.compare_to is None:
            return None
        return replace(question, first=self.compare_from, last=self.compare_to)


@dataclass(frozen=True, slots=True)
class Compared:
    """The hours within the second range: of the keys of the first, and of all together."""

    of_keys: dict[Key, timedelta]
    total: timedelta


Asked = Annotated[ReportQuery, Query()]
ANSWERS = documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


async def _answered(  # noqa: PLR0917 - each is a part of the request
    asked: Asked,
    db: Transaction,
    caller: Reader,
    clock: ClockOfApp,
    database: DatabaseOfApp,
    settings: SettingsOfApp,
) -> Report:
    await may_see(db, database, caller, asked.user_id)
    people = await people_seen(db, caller) if asked.user_id is None else None
    question = replace(asked.question, people=people)
    if people is not None and settings.smallest_group_shown > 1:
        return await _team_report(db, clock.now(), settings, asked, question, caller.user.id)
    return await _report(db, clock, asked, question)


Answered = Annotated[Report, Depends(_answered)]


@router.get("/hours", responses=ANSWERS)
async def report_hours(report: Answered) -> Report:
    """Add up hours. People and events count as a union, applications as a sum, computers as a union of their people."""
    return report


@router.get("/hours.csv", responses=ANSWERS, response_class=Response)
async def export_hours(report: Answered) -> Response:
    """Return the same report as CSV: one line for each row, hours with four decimals."""
    headers = {"Content-Disposition": f'attachment; filename="hours-{report.first}-{report.last}.csv"'}
    return Response(_csv(report), media_type="text/csv; charset=utf-8", headers=headers)


async def _team_report(  # noqa: PLR0917 - who asks what, when and where
    db: AsyncSession, now: datetime, settings: Settings, asked: ReportQuery, question: Question, asker_id: int
) -> Report:
    """Return what who may see the reports of a team is told: see `deskbay.activity.teams`."""
    weeks, before = _in_weeks(settings, now, question), asked.compared(question)
    tell = partial(told_by_week, db, asker_id=asker_id, least=settings.smallest_group_shown)
    told = await tell(weeks)
    spent = added_up(told.values())
    keys = list(spent)[: asked.limit]
    compared = _compared_weeks(await tell(_in_weeks(settings, now, before)), keys) if before else None
    shares = await open_time(db, now, weeks, keys)
    labels = await _labels(db, asked.by, keys)
    parts = {key: {week: one.rows[key] for week, one in told.items() if key in one.rows} for key in keys}
    report = Report(
        by=asked.by,
        period=asked.period and Period.WEEK,
        first=weeks.first,
        last=weeks.last,
        zone=str(weeks.zone),
        total_seconds=sum(one.total.total_seconds() for one in told.values()),
        compared_total_seconds=compared.total.total_seconds() if compared else None,
        open_seconds=sum((one.total_seconds() for one in shares.values()), 0.0) if shares else None,
        keys=len(spent),
        totals={week: one.total.total_seconds() for week, one in told.items()} if asked.period else {},
        rows=[_row(key, spent[key], labels, shares, compared, parts[key] if asked.period else {}) for key in keys],
        rest=None,
        smallest_group=settings.smallest_group_shown,
    )
    return report.model_copy(update={"rest": _rest(report)})


def _in_weeks(settings: Settings, now: datetime, question: Question) -> Question:
    return whole_weeks(question, ZoneInfo(settings.time_zone), now)


def _compared_weeks(told: Mapping[date, Told], keys: list[Key]) -> Compared:
    spent = added_up(told.values())
    whole = sum((one.total for one in told.values()), timedelta())
    return Compared({key: spent.get(key, timedelta()) for key in keys}, whole)


async def _report(db: AsyncSession, clock: Clock, asked: ReportQuery, question: Question) -> Report:
    before = asked.compared(question)
    for one in (question, before):
        if one is not None:
            await _refuse_wrong_range(db, one, asked.period)
    ranking = await rank(db, question, asked.limit)
    keys = list(ranking.top)
    split = await by_period(db, question, asked.period, keys) if asked.period else Split.empty([])
    periods = windows(question.first, question.last, asked.period, question.zone) if asked.period else ()
    compared = await _compared(db, before, keys)
    shares = await open_time(db, clock.now(), question, keys)
    labels = await _labels(db, asked.by, keys)
    report = Report(
        by=asked.by,
        period=asked.period,
        first=asked.first,
        last=asked.last,
        zone=asked.zone,
        total_seconds=ranking.total.total_seconds(),
        compared_total_seconds=compared.total.total_seconds() if compared else None,
        open_seconds=sum((one.total_seconds() for one in shares.values()), 0.0) if shares else None,
        keys=ranking.keys,
        totals={each.period: split.totals[each.period].total_seconds() for each in periods},
        rows=[
            _row(key, spent, labels, shares, compared, split.of_keys.get(key, {})) for key, spent in ranking.top.items()
        ],
        rest=None,
    )
    return report.model_copy(update={"rest": _rest(report)})


def _rest(report: Report) -> Row | None:
    """Return what the rows leave of the totals: others of this range, or of the one that it is compared with."""
    whole = report.compared_total_seconds
    rest = Row(
        key=None,
        label="(the rest)",
        seconds=_left(report.total_seconds, [row.seconds for row in report.rows]),
        share=None,
        compared_seconds=None if whole is None else _left(whole, [row.compared_seconds or 0 for row in report.rows]),
        periods={
            day: _left(total, [row.periods.get(day, 0) for row in report.rows]) for day, total in report.totals.items()
        },
    )
    return rest if rest.seconds or rest.compared_seconds else None


def _left(whole: float, parts: Iterable[float]) -> float:
    return round(whole - sum(parts), 6)  # hours are whole microseconds


async def _refuse_wrong_range(db: AsyncSession, question: Question, period: Period | None) -> None:
    length = (question.last - question.first).days + 1
    if not 1 <= length <= LONGEST_DAYS or (period is Period.DAY and length > MOST_PERIODS):
        what = f"Ask for 1 to {LONGEST_DAYS} days, by day for {MOST_PERIODS} at the most; from may not be after to."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="wrong-range")
    state = await find_state(db) if question.needs_intervals else None
    if state and state.kept_from and question.first < state.kept_from:
        what = f"Who was where is kept from {state.kept_from} on. Begin there, or ask for people or rooms alone."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="forgotten")


async def _compared(db: AsyncSession, before: Question | None, keys: list[Key]) -> Compared | None:
    if before is None:
        return None
    split = await by_period(db, before, Period.YEAR, keys)
    of_keys = {key: sum(years.values(), timedelta()) for key, years in split.of_keys.items()}
    return Compared(of_keys, sum(split.totals.values(), timedelta()))


def _row(  # noqa: PLR0917 - what is known of a key
    key: Key,
    spent: timedelta,
    labels: Mapping[Key, str],
    open_times: Mapping[Key, timedelta],
    compared: Compared | None,
    parts: Mapping[date, timedelta],
) -> Row:
    opened = open_times.get(key)
    return Row(
        key=key,
        label=labels.get(key, "–"),
        seconds=spent.total_seconds(),
        share=spent / opened if opened else None,
        compared_seconds=compared.of_keys[key].total_seconds() if compared else None,
        periods={day: length.total_seconds() for day, length in sorted(parts.items())},
    )


async def _labels(db: AsyncSession, by: By, keys: list[Key]) -> dict[Key, str]:
    named = {By.USER: (User.id, User.username), By.DEVICE: (Device.id, Device.name), By.ROOM: (Room.id, Room.name)}
    nameless: dict[Key, str] = {None: NAMELESS.get(by, "–")}
    if by not in named:
        return nameless | {key: str(key) for key in keys if key is not None}
    key_of, name_of = named[by]
    rows = await db.execute(select(key_of, name_of).where(key_of.in_([key for key in keys if key is not None])))
    return nameless | {key: name for key, name in rows.all()}  # noqa: C416 - the key's type is wider


def _csv(report: Report) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([report.by, "hours", "share", "compared hours", *(day.isoformat() for day in report.totals)])
    for row in [*report.rows, *([report.rest] if report.rest else []), _total(report)]:
        share = "" if row.share is None else f"{row.share:.4f}"
        split = [_hours(row.periods.get(day, 0.0)) for day in report.totals]
        writer.writerow([_cell(row.label), _hours(row.seconds), share, _hours(row.compared_seconds), *split])
    return text.getvalue()


def _total(report: Report) -> Row:
    return Row(
        key=None,
        label="(total)",
        seconds=report.total_seconds,
        share=None,
        compared_seconds=report.compared_total_seconds,
        periods=report.totals,
    )


def _hours(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 3600:.4f}"


def _cell(text: str) -> str:
    # A spreadsheet must not take a name for a formula.
    return f"'{text}" if text.startswith(FORMULA) else text
