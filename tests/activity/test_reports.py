"""Roll-ups, reports and intervals agree to the microsecond, whatever came and in whatever order."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Select, select
from tests.clock import FrozenClock

from deskbay.accounts.api_tokens.schemas import TokenIn
from deskbay.accounts.api_tokens.service import create_token
from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.models import ApiToken, Identity, Role, User
from deskbay.accounts.oidc.service import add_identity
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Scope
from deskbay.activity import keeper, roll_ups
from deskbay.activity.models import Activity, Kind, SignIn, UserHours
from deskbay.activity.pings import Outcome, Ping, store_pings
from deskbay.activity.reports import By, Key, Question, by_period, rank
from deskbay.activity.sign_ins import AlreadySignedIn, NewSignIn, start_sign_in
from deskbay.activity.stretches import microseconds, moment
from deskbay.database import Database
from deskbay.devices.models import Device
from deskbay.devices.service import new_device
from deskbay.kit.intervals import Interval, Period, clip, merge, summed, windows

FIRST, LAST = date(2025, 10, 20), date(2025, 12, 10)


def a_person(name: str) -> User:
    return User(uuid=uuid4(), username=name, role=Role.USER, created_at=datetime(2025, 10, 19, tzinfo=UTC))


class Lab:
    """Three people at two computers, and pings from here and there in some weeks of autumn."""

    def __init__(self, database: Database, clock: FrozenClock) -> None:
        self.database = database
        self.clock = clock
        self.sign_ins: list[UUID] = []

    async def open(self) -> "Lab":
        clock = FrozenClock(datetime(2025, 10, 19, tzinfo=UTC))
        async with self.database.write() as db:
            devices = [new_device(clock, name) for name in ("pc-1", "pc-2")]
            people = [a_person(name) for name in ("ada", "bob", "eve")]
            db.add_all([*devices, *people])
            await db.flush()
            for number in range(6):
                new = NewSignIn(uuid4(), clock.now(), 60, None, 0)
                await start_sign_in(db, clock, people[number % 3], devices[number % 2], new)
                self.sign_ins.append(new.uuid)
                clock.advance(hours=1)
        return self

    async def report(self, random: Random, count: int) -> None:
        pings = [self._ping(random) for _ in range(count)]
        async with self.database.write() as db:
            assert set(await store_pings(db, pings, self.clock.now())) == {Outcome.STORED}

    def _ping(self, random: Random) -> Ping:
        at = datetime(2025, 10, 20, tzinfo=UTC) + timedelta(seconds=random.randrange(50 * 24 * 3600))
        return Ping(
            random.choice(self.sign_ins),
            microseconds(at),
            random.choice([30, 600, 7200, 90_000]),
            latest=microseconds(self.clock.now()),
            event=random.choice(["", "lesson"]),
            application=random.choice(["", "Writer", "Browser"]),
        )

    async def roll_up(self, zone: str) -> None:
        async with self.database.write() as db:
            await roll_ups.begin(db, zone, self.clock.now())
        while await self._next_day():
            pass

    async def _next_day(self) -> bool:
        async with self.database.write() as db:
            return await roll_ups.roll_up_next_day(db, self.clock.now())

    async def intervals(self) -> list[Activity]:
        async with self.database.read() as db:
            return list(await db.scalars(select(Activity)))


@pytest.fixture
async def lab(database: Database, clock: FrozenClock) -> Lab:
    return await Lab(database, clock).open()


def by_hand(rows: list[Activity], question: Question, period: Period) -> dict[tuple[int | str | None, date], timedelta]:
    """Compute the same from the intervals with the pure functions."""
    lines: dict[tuple[int | str | None, tuple[object, ...]], list[Interval]] = defaultdict(list)
    for row in rows:
        if row.kind is question.kind and question.name in {None, row.name} and question.user_id in {None, row.user_id}:
            keys: dict[By, int | str | None] = {By.USER: row.user_id, By.DEVICE: row.device_id}
            key = keys.get(question.by, row.name)
            apart = () if question.by is By.DEVICE else (row.user_id, row.name)
            lines[key, apart].append(Interval(moment(row.starts), moment(row.ends)))
    joined = list if question.kind is Kind.APPLICATION else merge
    found: dict[tuple[int | str | None, date], timedelta] = defaultdict(timedelta)
    for window in windows(question.first, question.last, period, question.zone):
        for (key, _), line in lines.items():
            found[key, window.period] += summed(joined(clip(line, window.interval)))
    return {key: spent for key, spent in found.items() if spent}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
async def test_roll_ups_and_intervals_agree(lab: Lab, zone: str, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - the same each time
    await lab.report(random, 150)
    await lab.roll_up(zone)
    await lab.report(random, 50)  # late, into days that are rolled up
    rows = await lab.intervals()
    someone = rows[0].user_id
    for by, kind, name, user_id in (
        (By.USER, Kind.PRESENCE, "", None),
        (By.USER, Kind.PRESENCE, "", someone),
        (By.USER, Kind.EVENT, "lesson", None),
        (By.USER, Kind.EVENT, "lesson", someone),
        (By.USER, Kind.APPLICATION, "Writer", someone),
        (By.DEVICE, Kind.PRESENCE, "", None),
        (By.EVENT, Kind.EVENT, None, None),
        (By.APPLICATION, Kind.APPLICATION, None, someone),
        (By.APPLICATION, Kind.APPLICATION, None, None),
    ):
        for asked in (zone, "Asia/Kathmandu"):
            question = Question(by, FIRST, LAST, ZoneInfo(asked), kind, name, user_id)
            await agree(lab, rows, question, random.choice(list(Period)))


async def agree(lab: Lab, rows: list[Activity], question: Question, period: Period) -> None:
    """See that the report tells what these intervals do, and that its sums are right."""
    wanted = by_hand(rows, question, period)
    async with lab.database.read() as db:
        ranking = await rank(db, question, 100)
        split = await by_period(db, question, period, list(ranking.top))
        of_some = await by_period(db, question, period, list(ranking.top)[::2])
    assert cells(split.of_keys) == wanted
    assert ranking.total == sum(wanted.values(), timedelta()) == sum(split.totals.values(), timedelta())
    assert cells(of_some.of_keys) == {cell: spent for cell, spent in wanted.items() if cell[0] in of_some.of_keys}
    assert of_some.totals == split.totals
    assert list(ranking.top.values()) == sorted(ranking.top.values(), reverse=True)


def cells(parts: Mapping[Key, Mapping[date, timedelta]]) -> dict[tuple[Key, date], timedelta]:
    return {(key, day): spent for key, days in parts.items() for day, spent in days.items() if spent}


async def looks_after(lab: Lab, name: str, *others: str) -> Select[int]:
    """Let a person look after others, and select whose activity they may see."""
    async with lab.database.write() as db:
        people = {user.username: user for user in await db.scalars(select(User))}
        group = Group(name="Class 7b", slug="class-7b", created_at=lab.clock.now())
        db.add(group)
        await db.flush()
        db.add(Member(group_id=group.id, user_id=people[name].id, is_administrator=True))
        db.add_all(Member(group_id=group.id, user_id=people[other].id) for other in others)
        await db.flush()
        return select(User.id).where(await Rights(people[name]).within_reach(db, Scope.ACTIVITY_READ, User.id))


async def test_of_who_looks_after_people_only_their_hours_count(lab: Lab) -> None:
    random = Random(4)  # noqa: S311
    await lab.report(random, 100)
    await lab.roll_up("UTC")
    await lab.report(random, 30)
    people = await looks_after(lab, "eve", "ada")
    async with lab.database.read() as db:
        seen = set(await db.scalars(people))
    rows = [row for row in await lab.intervals() if row.user_id in seen]
    assert len(seen) == 2
    for by, kind, name in (
        (By.USER, Kind.PRESENCE, ""),
        (By.DEVICE, Kind.PRESENCE, ""),
        (By.EVENT, Kind.EVENT, None),
        (By.APPLICATION, Kind.APPLICATION, None),
    ):
        question = Question(by, FIRST, LAST, ZoneInfo("UTC"), kind, name, people=people)
        await agree(lab, rows, question, Period.WEEK)


async def test_months_and_years_are_rolled_up_and_another_zone_rolls_all_up_anew(lab: Lab) -> None:
    await lab.report(Random(1), 100)  # noqa: S311
    sums = []
    for zone in ("UTC", "America/New_York", "UTC"):
        await lab.roll_up(zone)
        async with lab.database.read() as db:
            months = await db.scalars(select(UserHours.starts_on).where(UserHours.period == Period.MONTH))
            years = await db.scalars(select(UserHours.starts_on).where(UserHours.period == Period.YEAR))
            ranking = await rank(db, Question(By.USER, FIRST, LAST, ZoneInfo("UTC"), name=""), 10)
            assert set(months) == {date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)}
            assert set(years) == {date(2025, 1, 1)}
        sums.append(ranking)
    assert sums[0] == sums[1] == sums[2]


async def test_whole_years_agree_with_their_days(lab: Lab) -> None:
    random = Random(5)  # noqa: S311
    await lab.report(random, 60)
    await lab.roll_up("UTC")
    await lab.report(random, 40)
    year = Question(By.USER, date(2025, 1, 1), date(2025, 12, 31), ZoneInfo("UTC"), name="")
    async with lab.database.read() as db:
        whole = await rank(db, year, 10)
        days = (await by_period(db, year, Period.DAY, [])).totals
    assert (
        whole.total
        == sum(days.values(), timedelta())
        == sum(by_hand(await lab.intervals(), year, Period.DAY).values(), timedelta())
    )


async def test_forgetting_keeps_the_totals_of_whole_days(lab: Lab) -> None:
    await lab.report(Random(2), 100)  # noqa: S311
    await lab.roll_up("UTC")
    question = Question(By.USER, FIRST, LAST, ZoneInfo("UTC"), name="")
    async with lab.database.read() as db:
        before = await rank(db, question, 10)
    async with lab.database.write() as db:
        await keeper.forget(db, date(2025, 12, 1))
    async with lab.database.write() as db:
        assert await keeper.drop_forgotten_months(db)
    assert min(row.day for row in await lab.intervals()) >= date(2025, 12, 1)
    async with lab.database.read() as db:
        assert await rank(db, question, 10) == before


async def test_an_erased_person_has_no_name_and_the_totals_stay(lab: Lab) -> None:
    await lab.report(Random(3), 60)  # noqa: S311
    await lab.roll_up("UTC")
    question = Question(By.USER, FIRST, LAST, ZoneInfo("UTC"), name="")
    async with lab.database.write() as db:
        before = await rank(db, question, 10)
        person = (await db.scalars(select(User).where(User.username == "ada"))).one()
        await add_identity(db, lab.clock, person, "https://login.example.org", "ada-1")
        await create_token(db, lab.clock, person, person, TokenIn(name="Backups", scopes={Scope.DESKTOPS_READ}))
        await keeper.erase(db, lab.clock, person)
    async with lab.database.read() as db:
        assert await rank(db, question, 10) == before
        for table in (SignIn, Identity, ApiToken):
            assert not (await db.scalars(select(table.id).where(table.user_id == person.id))).all()
        erased = await db.get_one(User, person.id)
    assert (erased.username, erased.email) == (f"removed-{person.uuid}", None)


async def test_who_sits_elsewhere_is_refused(lab: Lab) -> None:
    async with lab.database.write() as db:
        person = (await db.scalars(select(User).where(User.username == "eve"))).one()
        device = (await db.scalars(select(Device))).first()
        assert device
        for refused in (False, True):
            new = NewSignIn(uuid4(), lab.clock.now(), 60, None, 0)
            if refused:
                with pytest.raises(AlreadySignedIn, match="at pc-1"):
                    await start_sign_in(db, lab.clock, person, device, new)
            else:
                await start_sign_in(db, lab.clock, person, device, new)
