"""Reports on a team: whole weeks that are over, and nothing of too few people, however somebody asks."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from random import Random
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.activity.test_report_routes import CSV, HOUR, HOURS, sat
from tests.activity.test_reports import Lab
from tests.activity.test_routes import Json, enrolled
from tests.clock import FrozenClock
from tests.people import People

from deskbay.accounts.models import User
from deskbay.activity import roll_ups
from deskbay.activity.keeper import forget
from deskbay.activity.models import Activity, Kind
from deskbay.activity.reports import KINDS, By, Key, Question, contributors
from deskbay.activity.stretches import microseconds
from deskbay.activity.teams import told_by_week, whole_weeks
from deskbay.database import Database
from deskbay.kit.intervals import Interval, days
from deskbay.kit.problems import Problem

WEEK = {"from": "2025-12-29", "to": "2026-01-04"}
TWO_WEEKS = {"from": "2025-12-22", "to": "2026-01-04"}
CHILDREN = ("ada", "bob", "eve", "kim", "lou", "max")
BERLIN = ZoneInfo("Europe/Berlin")


def by_hand(known: list[Activity], question: Question, within: Interval) -> dict[Key, set[int]]:
    starts, ends = microseconds(within.start), microseconds(within.end)
    found: dict[Key, set[int]] = {}
    for one in known:
        if one.kind is question.kind and one.starts < ends and one.ends > starts:
            keys: dict[By, Key] = {By.USER: one.user_id, By.DEVICE: one.device_id, By.ROOM: None, By.TEMPLATE: None}
            found.setdefault(keys.get(question.by, one.name), set()).add(one.user_id)
    return found


class TestContributors:
    async def test_they_are_those_whose_intervals_are_there(self, database: Database, clock: FrozenClock) -> None:
        lab = await Lab(database, clock).open()
        await lab.report(Random(7), 80)  # noqa: S311 - the same each time
        week = days(date(2025, 11, 3), date(2025, 11, 9), BERLIN)
        known = await lab.intervals()
        for by in By:
            question = Question(by, date(2025, 10, 20), date(2025, 12, 10), BERLIN, KINDS.get(by, Kind.PRESENCE))
            async with database.read() as db:
                assert await contributors(db, question, week) == by_hand(known, question, week) != {}

    async def test_what_is_forgotten_is_refused_in_a_sentence(self, database: Database, clock: FrozenClock) -> None:
        lab = await Lab(database, clock).open()
        await lab.report(Random(7), 20)  # noqa: S311
        await lab.roll_up("UTC")
        async with database.write() as db:
            await roll_ups.begin(db, "UTC", clock.now())
            await forget(db, date(2025, 11, 5))
        question = Question(By.DEVICE, date(2025, 11, 3), date(2025, 11, 9), ZoneInfo("UTC"))
        async with database.read() as db:
            with pytest.raises(Problem, match=r"from 2025-11-05 on\. Begin with the Monday after"):
                await told_by_week(db, question, 1, 5)


class TestWeeks:
    @pytest.mark.parametrize(
        ("first", "last", "weeks"),
        [
            (date(2025, 12, 29), date(2026, 1, 4), (date(2025, 12, 29), date(2026, 1, 4))),
            (date(2025, 12, 27), date(2026, 1, 7), (date(2025, 12, 29), date(2026, 1, 4))),  # cut to whole weeks
            (date(2025, 12, 22), date(2026, 12, 31), (date(2025, 12, 22), date(2026, 1, 4))),  # the rest is to come
            (date(2025, 12, 30), date(2026, 1, 4), None),
            (date(2026, 1, 5), date(2026, 1, 11), None),  # not over yet
            (date(2024, 1, 1), date(2026, 1, 4), None),  # too many
            (date(2026, 1, 4), date(2025, 12, 29), None),
        ],
    )
    def test_they_are_whole_and_over(self, first: date, last: date, weeks: tuple[date, date] | None) -> None:
        question = Question(By.DEVICE, first, last, ZoneInfo("UTC"), name="")
        now = datetime(2026, 1, 9, 9, tzinfo=UTC)
        if weeks is None:
            with pytest.raises(Problem, match="1 to 53 whole weeks"):
                whole_weeks(question, BERLIN, now)
        else:
            found = whole_weeks(question, BERLIN, now)
            assert ((found.first, found.last), found.zone) == (weeks, BERLIN)

    def test_a_week_is_over_when_it_is_in_its_own_zone(self) -> None:
        question = Question(By.DEVICE, date(2025, 12, 29), date(2026, 1, 4), ZoneInfo("UTC"))
        last_minute = datetime(2026, 1, 4, 22, 59, tzinfo=UTC)  # 23:59 in Berlin
        with pytest.raises(Problem):
            whole_weeks(question, BERLIN, last_minute)
        assert whole_weeks(question, BERLIN, last_minute + timedelta(minutes=1)).first == date(2025, 12, 29)


@pytest.fixture
async def tim(people: People) -> User:
    return await people.add("tim")


@pytest.fixture
async def program(app: FastAPI, administrator_client: AsyncClient, people: People, tim: User) -> AsyncClient:
    """Tim's, who looks after six. They sat in the week before last: all at pc-1, Ada and Bob at pc-2, too."""
    children = [await people.add(name) for name in CHILDREN]
    await people.look_after(tim, *children)
    shared, few = [await enrolled(app, administrator_client, name) for name in ("pc-1", "pc-2")]
    for hour, name in enumerate(CHILDREN, start=8):
        await sat(shared, name, f"2025-12-30T{hour:02}:00:00Z", 1)
    for hour, name in enumerate(("ada", "bob"), start=15):
        await sat(few, name, f"2025-12-30T{hour}:00:00Z", 1)
    return await people.program(tim)


async def report(client: AsyncClient, **asked: str | int) -> Json:
    answer = await client.get(HOURS, params={**WEEK, "by": "device", **asked})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def hours(found: Json, name: str = "total_seconds") -> float:
    return float(str(found[name])) / HOUR


def rest(found: Json) -> float:
    assert isinstance(found["rest"], dict)
    return hours(found["rest"], "seconds")


def rows(found: Json) -> dict[str, float]:
    assert isinstance(found["rows"], list)
    return {one["label"]: hours(one, "seconds") for one in found["rows"]}


class TestReports:
    async def test_what_two_did_is_told_neither_by_itself_nor_by_subtraction(self, program: AsyncClient) -> None:
        found = await report(program)
        assert (rows(found), hours(found), rest(found)) == ({}, 8, 8)
        assert (found["smallest_group"], found["keys"]) == (5, 0)

    async def test_what_enough_did_is_told(
        self, app: FastAPI, administrator_client: AsyncClient, program: AsyncClient
    ) -> None:
        third = await enrolled(app, administrator_client, "pc-3")
        for hour, name in enumerate(("eve", "kim", "lou"), start=15):
            await sat(third, name, f"2025-12-30T{hour}:00:00Z", 1)
        found = await report(program, period="day")  # pc-2 and pc-3 are five people's together
        assert (rows(found), hours(found), rest(found)) == ({"pc-1": 6}, 11, 5)
        assert (found["period"], found["totals"]) == ("week", {"2025-12-29": 11 * HOUR})

    async def test_rows_of_persons_are_none(self, program: AsyncClient) -> None:
        found = await report(program, by="user")
        assert (found["rows"], hours(found)) == ([], 8)

    async def test_of_four_in_all_nothing_is_told(
        self, app: FastAPI, administrator_client: AsyncClient, program: AsyncClient, tim: User
    ) -> None:
        device = await enrolled(app, administrator_client, "pc-9")
        for hour, name in enumerate(("ada", "bob", "eve", "kim", tim.username), start=8):
            await sat(device, name, f"2025-12-23T{hour:02}:00:00Z", 1)  # with Tim, who counts as nobody
        found = await report(program, **{"from": "2025-12-22", "to": "2025-12-28"})
        assert (found["rows"], found["total_seconds"], found["rest"]) == ([], 0, None)

    async def test_two_ranges_differ_by_what_may_be_told(
        self, app: FastAPI, administrator_client: AsyncClient, program: AsyncClient
    ) -> None:
        device = await enrolled(app, administrator_client, "pc-9")
        await sat(device, "ada", "2025-12-23T08:00:00Z", 3)
        one, two = await report(program), await report(program, **TWO_WEEKS)
        assert two["total_seconds"] == one["total_seconds"]
        compared = await report(program, compare_from="2025-12-22", compare_to="2025-12-28")
        assert (hours(compared), compared["compared_total_seconds"]) == (8, 0)

    @pytest.mark.parametrize(
        ("asked", "kind"),
        [
            ({"device_id": 1}, "team-narrowed"),
            ({"room_id": 1}, "team-narrowed"),
            ({"by": "user", "event": "lesson"}, "team-narrowed"),
            ({"by": "application", "application": "Writer"}, "team-narrowed"),
            ({"to": "2025-12-30"}, "no-whole-week"),
            ({"from": "2026-01-05", "to": "2026-01-05"}, "no-whole-week"),
        ],
    )
    async def test_it_can_not_be_narrowed_until_somebody_is_left(
        self, program: AsyncClient, asked: dict[str, str | int], kind: str
    ) -> None:
        answer = await program.get(HOURS, params={**WEEK, "by": "device", **asked})
        assert (answer.status_code, answer.json()["type"]) == (422, kind)

    async def test_another_zone_cuts_no_hours_off(self, program: AsyncClient) -> None:
        found = await report(program, zone="Pacific/Auckland")
        assert (found["zone"], found["first"], hours(found)) == ("UTC", "2025-12-29", 8)

    async def test_what_is_saved_is_the_same(self, program: AsyncClient) -> None:
        answer = await program.get(CSV, params={**WEEK, "by": "device"})
        assert [line[:2] for line in csv.reader(StringIO(answer.text))] == [
            ["device", "hours"],
            ["(the rest)", "8.0000"],
            ["(total)", "8.0000"],
        ]

    async def test_one_person_is_asked_for_by_themselves_and_that_is_told(
        self, program: AsyncClient, administrator_client: AsyncClient
    ) -> None:
        ada = (await program.get("/api/v1/users", params={"search": "ada"})).json()["items"][0]["id"]
        found = await report(program, by="user", user_id=ada)
        assert (rows(found), found["smallest_group"]) == ({"ada": 2}, None)
        told = (await administrator_client.get("/api/v1/audit", params={"action": "looked"})).json()["items"]
        assert [(one["actor"]["name"], one["owner_id"]) for one in told] == [("tim", ada)]

    async def test_administrators_of_the_server_see_all(
        self, program: AsyncClient, administrator_client: AsyncClient
    ) -> None:
        assert rows(await report(program)) == {}
        found = await report(administrator_client)
        assert (rows(found), found["smallest_group"]) == ({"pc-1": 6, "pc-2": 2}, None)

    async def test_a_setting_says_how_many(self, app: FastAPI, program: AsyncClient) -> None:
        for least, wanted in ((2, {"pc-1": 6, "pc-2": 2}), (1, {"pc-1": 6, "pc-2": 2}), (7, {})):
            app.state.settings = app.state.settings.model_copy(update={"smallest_group_shown": least})
            assert rows(await report(program)) == wanted
