"""The session manager's contract: its examples and each of its rules, on every database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import select
from tests.clock import FrozenClock
from tests.people import ORIGIN

from deskbay.activity.models import SignIn
from deskbay.app import create_app
from deskbay.database import Database
from deskbay.settings import Settings

BASE = "/api/session-manager"
CREATED = {"message": "Created"}
PC = "academie-mac-pink0001"


class Lab:
    """Scripts on lab computers that call the server, with people and computers registered."""

    def __init__(self, client: AsyncClient, clock: FrozenClock, database: Database) -> None:
        self.client = client
        self.clock = clock
        self.database = database

    async def register(self, *logins: str) -> None:
        users = await self.client.post(f"{BASE}/users", json=[{"Name": login} for login in logins])
        computers = await self.client.post(f"{BASE}/computers", json=[{"Name": PC}, {"name": "pc2"}])
        assert (users.json(), computers.json()) == (CREATED, CREATED)

    async def start(self, *, login: str = "user_1", at: str = "", promise: int = 60, **more: object) -> Response:
        body = {"id": str(uuid4()), "comp_name": PC, "ip_addr": "10.0.0.1", "login": login, "next_ping_sec": promise}
        return await self.client.post(f"{BASE}/session", json={**body, "date_time": at, **more})

    async def begin(self, **more: object) -> str:
        uuid = str(uuid4())
        response = await self.start(id=uuid, **more)  # type: ignore[arg-type]
        assert response.json() == CREATED
        return uuid

    async def ping(
        self, session: str, at: str = "", *, event: str = "", promise: int = 60, login: str = "user_1"
    ) -> Response:
        body = {"session_id": session, "session_type": event, "login": login, "next_ping_sec": promise}
        return await self.client.post(f"{BASE}/activity", json={**body, "date_time": at})

    async def sit(self, at: str, seconds: int) -> None:
        """Sit there from a time on: a ping each hour, and the last promises what is left."""
        start = datetime.fromisoformat(at)
        session = await self.begin(at=at, promise=min(3600, seconds))
        for begun in range(3600, seconds, 3600):
            later = (start + timedelta(seconds=begun)).isoformat()
            answer = await self.ping(session, later, promise=min(3600, seconds - begun))
            assert answer.json() == CREATED

    async def clock_offset(self, session: str) -> int | None:
        """Return by how many milliseconds the clock of a session's computer is ahead, as it is stored."""
        async with self.database.read() as db:
            offset: int | None = await db.scalar(select(SignIn.clock_offset_ms).where(SignIn.uuid == UUID(session)))
            return offset

    async def dashboard(self) -> list[dict[str, str]]:
        response = await self.client.get(f"{BASE}/dashboard")
        assert response.json()["message"] == "Success"
        shown: list[dict[str, str]] = response.json()["data"]
        return shown

    async def hours(self, group_by: str = "date", **query: str) -> dict[str, object]:
        parameters = {"session_type": "", "login": "user_1", "group_by": group_by, **query}
        response = await self.client.get(f"{BASE}/activity", params=parameters)
        assert (response.status_code, response.json()["message"]) == (200, "Success")
        data: dict[str, object] = response.json()["data"]
        return data


@pytest.fixture
async def lab(database_url: str, database: Database, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[Lab]:
    """The server on each kind of database, which `database` empties afterwards."""
    await database.close()
    on_server = None if database_url.startswith("sqlite") else database_url
    app = create_app(Settings(data=tmp_path, database_url=on_server), clock)
    async with AsyncClient(transport=ASGITransport(app), base_url=ORIGIN) as client:
        lab = Lab(client, clock, app.state.database)
        await lab.register("user_1", "user_2")
        yield lab
    await app.state.database.close()


async def test_a_session_is_on_the_dashboard_until_its_promise_is_over(lab: Lab) -> None:
    assert await lab.dashboard() == []
    session = await lab.begin(promise=60)
    assert await lab.dashboard() == [
        {
            "id": session,
            "comp_name": PC,
            "ip_addr": "10.0.0.1",
            "login": "user_1",
            "start_date_time": "2026-01-05T09:00:00Z",
            "end_date_time": "2026-01-05T09:01:00Z",
        }
    ]
    lab.clock.advance(seconds=60)
    assert len(await lab.dashboard()) == 1
    lab.clock.advance(seconds=1)
    assert await lab.dashboard() == []


async def test_names_may_be_as_long_as_this(lab: Lab) -> None:
    for path, longest in (("users", 50), ("computers", 30)):
        answer = await lab.client.post(f"{BASE}/{path}", json=[{"nAmE": "n" * longest}])
        assert (answer.status_code, answer.json()) == (201, CREATED)


async def test_users_and_computers_that_exist_are_left_alone(lab: Lab) -> None:
    await lab.register("user_1", "USER_2", "user_3")
    assert (await lab.start(login="user_3")).json() == CREATED


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("users", [{"Name": "u" * 51}]),
        ("users", [{"Name": ""}]),
        ("users", [{"Name": "a\u0000b"}]),
        ("users", {"Name": "user_1"}),
        ("computers", [{"Name": "c" * 31}]),
        ("computers", [{}]),
    ],
)
async def test_names_that_can_not_be_are_refused(lab: Lab, path: str, body: object) -> None:
    response = await lab.client.post(f"{BASE}/{path}", json=body)
    assert response.status_code == 400
    assert response.json()["message"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": ""}, "id is empty"),
        ({"id": "12"}, "id is not a UUID"),
        ({"comp_name": ""}, "comp_name is empty"),
        ({"login": ""}, "login is empty"),
        ({"next_ping_sec": 0}, "next ping duration less or eq 0"),
        ({"next_ping_sec": -5}, "next ping duration less or eq 0"),
        ({"login": "nobody"}, "unknown foreign key error"),
        ({"comp_name": "nowhere"}, "unknown foreign key error"),
        ({"date_time": "2026-01-06T09:00:01Z"}, "the date is more than a day in the future"),
        ({"date_time": "5.1.2026"}, "a date must be like 2006-01-02T15:04:05Z, 2006-01-02 15:04:05 or 2006-01-02"),
    ],
)
async def test_a_session_that_can_not_be(lab: Lab, change: dict[str, object], message: str) -> None:
    body = {"id": str(uuid4()), "comp_name": PC, "ip_addr": "", "login": "user_1", "next_ping_sec": 60, "date_time": ""}
    response = await lab.client.post(f"{BASE}/session", json={**body, **change})
    assert (response.status_code, response.json()["message"]) == (400, message)
    assert await lab.dashboard() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"session_id": ""}, "session_id is empty"),
        ({"login": ""}, "login is empty"),
        ({"next_ping_sec": 0}, "next ping duration less or eq 0"),
        ({"session_id": str(uuid4())}, "not found"),
        ({"login": "user_2"}, "not found"),
        ({"date_time": "2026-01-06T09:00:01Z"}, "the date is more than a day in the future"),
    ],
)
async def test_a_ping_that_can_not_be(lab: Lab, change: dict[str, object], message: str) -> None:
    session = await lab.begin()
    body = {"session_id": session, "session_type": "", "login": "user_1", "next_ping_sec": 60, "date_time": ""}
    response = await lab.client.post(f"{BASE}/activity", json={**body, **change})
    assert (response.status_code, response.json()["message"]) == (400, message)


async def test_what_is_unknown_is_told_in_these_words(lab: Lab) -> None:
    for change in ({"login": "nobody"}, {"comp_name": "nowhere"}):
        answer = await lab.start(**change)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()) == (400, {"message": "unknown foreign key error"})
    answer = await lab.ping(str(uuid4()))
    assert (answer.status_code, answer.json()) == (400, {"message": "not found", "data": []})


async def test_what_is_no_json_gets_the_envelope(lab: Lab) -> None:
    for path in ("session", "activity", "users"):
        response = await lab.client.post(f"{BASE}/{path}", content=b"{")
        assert response.status_code == 400
        assert set(response.json()) == {"message", "data"}


async def test_an_id_is_good_for_one_session(lab: Lab) -> None:
    session = await lab.begin(at="2026-01-01 10:00:00")
    response = await lab.start(id=session, login="user_2")
    assert (response.status_code, response.json()) == (400, {"message": "duplicate key error", "data": None})


async def test_nobody_signs_in_twice_and_ten_seconds_of_grace_are_kept(lab: Lab) -> None:
    session = await lab.begin(promise=60)
    lab.clock.advance(seconds=69)
    response = await lab.start(comp_name="pc2")
    there = {
        "id": session,
        "comp_name": PC,
        "ip_addr": "10.0.0.1",
        "login": "user_1",
        "start_date_time": "2026-01-05T09:00:00Z",
        "end_date_time": "2026-01-05T09:01:00Z",
    }
    assert (response.status_code, response.json()) == (401, {"message": "access denied", "data": [there]})
    lab.clock.advance(seconds=1)
    assert (await lab.start(comp_name="pc2")).status_code == 201


async def test_of_many_scripts_at_the_same_instant_exactly_one_wins(lab: Lab) -> None:
    answers = await asyncio.gather(*(lab.start(comp_name=name) for name in (PC, "pc2") * 4))
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 7
    assert len(await lab.dashboard()) == 1


async def test_pings_move_the_end_forward(lab: Lab) -> None:
    session = await lab.begin(promise=60)
    lab.clock.advance(seconds=50)
    assert (await lab.ping(session, promise=60)).json() == CREATED
    assert [one["end_date_time"] for one in await lab.dashboard()] == ["2026-01-05T09:01:50Z"]


async def test_the_same_ping_again_changes_nothing_and_an_older_one_is_refused(lab: Lab) -> None:
    session = await lab.begin(at="2026-01-05 08:00:00")
    for _ in range(2):
        assert (await lab.ping(session, "2026-01-05 08:01:00")).json() == CREATED
    assert (await lab.ping(session, "2026-01-05 08:02:00", event="lesson")).json() == CREATED
    before = await lab.hours()
    assert (await lab.ping(session, "2026-01-05 08:01:00")).json() == CREATED
    older = await lab.ping(session, "2026-01-05 08:00:30")
    assert (older.status_code, older.json()["message"]) == (400, "end_date_time must be greater than previous value")
    assert await lab.hours() == before


async def test_an_event_counts_for_the_session_and_for_itself(lab: Lab) -> None:
    session = await lab.begin(at="2026-01-05 08:00:00", promise=600)
    await lab.ping(session, "2026-01-05 08:10:00", event="lesson", promise=600)
    await lab.ping(session, "2026-01-05 08:20:00", promise=600)
    assert (await lab.hours())["total_hours"] == 0.5
    assert (await lab.hours(session_type="lesson"))["total_hours"] == 0.17
    assert (await lab.hours(session_type="other"))["user_activity"] == []


@pytest.mark.parametrize(
    ("promise", "late", "hours"),
    [(60, 30, 150 / 3600), (60, 31, 120 / 3600), (600, 300, 1500 / 3600), (600, 301, 1200 / 3600), (4, 10, 18 / 3600)],
)
async def test_a_gap_beyond_the_tolerance_is_not_counted(lab: Lab, promise: int, late: int, hours: float) -> None:
    session = await lab.begin(at="2026-01-05 08:00:00", promise=promise)
    seconds = promise + late
    at = f"2026-01-05 08:{seconds // 60:02}:{seconds % 60:02}"
    assert (await lab.ping(session, at, promise=promise)).json() == CREATED
    day = {"date": "2026-01-05T00:00:00Z", "hours": round(hours, 6)}
    assert (await lab.hours())["user_activity"] == [day]


async def test_a_computer_that_slept_for_three_hours_has_not_worked_for_three_hours(lab: Lab) -> None:
    session = await lab.begin(at="2026-01-05 05:00:00", promise=1800)
    await lab.ping(session, "2026-01-05 08:30:00", promise=1800)
    assert (await lab.hours())["total_hours"] == 1.0


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-01-05T08:30:00Z", "2026-01-05T08:30:00Z"),
        ("2026-01-05T11:30:00+03:00", "2026-01-05T08:30:00Z"),
        ("2026-01-05T08:30:00", "2026-01-05T08:30:00Z"),
        ("2026-01-05 08:30:00", "2026-01-05T08:30:00Z"),
        ("2026-01-05", "2026-01-05T00:00:00Z"),
        ("", "2026-01-05T09:00:00Z"),
    ],
)
async def test_times_may_be_written_so(lab: Lab, written: str, shown: str) -> None:
    await lab.begin(at=written, promise=24 * 3600)
    assert [one["start_date_time"] for one in await lab.dashboard()] == [shown]


async def test_how_far_a_clock_is_off_is_stored(lab: Lab) -> None:
    session = await lab.begin(at="2026-01-05T08:58:30Z", promise=600)
    assert await lab.clock_offset(session) == -90_000
    await lab.ping(session, "2026-01-05T09:00:02.500Z", promise=600)
    assert await lab.clock_offset(session) == 2500


async def test_a_day_ahead_is_taken(lab: Lab) -> None:
    assert (await lab.start(at="2026-01-06T09:00:00Z")).json() == CREATED


async def test_an_interval_over_midnight_counts_on_both_days(lab: Lab) -> None:
    await lab.begin(at="2026-01-03 23:00:00", promise=7200)
    found = await lab.hours(from_date="2026-01-01", to_date="2026-01-05")
    assert found == {
        "id": "user_1",
        "login": "user_1",
        "total_hours": 2.0,
        "user_activity": [
            {"date": "2026-01-03T00:00:00Z", "hours": 1.0},
            {"date": "2026-01-04T00:00:00Z", "hours": 1.0},
        ],
    }


async def test_months_come_newest_first_and_years_may_be_late(lab: Lab) -> None:
    await lab.begin(at="2023-08-31 23:30:00", promise=3600)
    lab.clock.advance(minutes=1)
    await lab.begin(at="2023-09-10", promise=1200)
    found = await lab.hours("month", from_date="2023-01-01", to_date="2023-12-31")
    assert found == {
        "id": "user_1",
        "login": "user_1",
        "total_hours": 1.33,
        "user_activity": [
            {"year": "2023", "month_num": "9", "hours": 0.833333},
            {"year": "2023", "month_num": "8", "hours": 0.5},
        ],
    }
    assert (await lab.hours("month", to_date="2023-08-31"))["total_hours"] == 0.5
    assert (await lab.hours("month", from_date="2023-09-01"))["total_hours"] == 0.83


async def test_the_hours_of_months_in_the_example(lab: Lab) -> None:
    await lab.sit("2023-08-03T06:00:00Z", 346 * 3600 + 48)
    await lab.sit("2023-09-04T08:00:00Z", 90 * 3600 + 37 * 60)
    query = {
        "session_type": "",
        "login": "user_1",
        "from_date": "2023-01-01",
        "to_date": "2023-12-31",
        "group_by": "month",
    }
    response = await lab.client.get(f"{BASE}/activity", params=query)
    september = {"year": "2023", "month_num": "9", "hours": 90.616667}
    august = {"year": "2023", "month_num": "8", "hours": 346.013333}
    data = {"id": "user_1", "login": "user_1", "total_hours": 436.63, "user_activity": [september, august]}
    assert (response.status_code, response.json()) == (200, {"message": "Success", "data": data})


async def test_the_hours_of_days_in_the_example(lab: Lab) -> None:
    await lab.sit("2022-12-31T23:59:59.9976Z", 13 * 3600 + 16 * 60)  # 2.4 ms of it are in the day before
    await lab.sit("2023-01-02T06:00:00Z", 12 * 3600)
    await lab.sit("2023-01-03T06:00:00Z", 12 * 3600 + 21 * 60)
    query = {
        "session_type": "",
        "login": "user_1",
        "from_date": "2023-01-01",
        "to_date": "2023-01-03",
        "group_by": "date",
    }
    response = await lab.client.get(f"{BASE}/activity", params=query)
    days = [
        {"date": "2023-01-01T00:00:00Z", "hours": 13.266666},
        {"date": "2023-01-02T00:00:00Z", "hours": 12.0},
        {"date": "2023-01-03T00:00:00Z", "hours": 12.35},
    ]
    data = {"id": "user_1", "login": "user_1", "total_hours": 37.62, "user_activity": days}
    assert (response.status_code, response.json()) == (200, {"message": "Success", "data": data})


async def test_a_range_is_of_whole_days_and_both_its_ends_belong_to_it(lab: Lab) -> None:
    for day in range(1, 5):
        await lab.begin(at=f"2026-01-0{day} 23:00:00", promise=1800)
    found = await lab.hours(from_date="2026-01-02T22:00:00Z", to_date="2026-01-03")
    assert found["user_activity"] == [
        {"date": "2026-01-02T00:00:00Z", "hours": 0.5},
        {"date": "2026-01-03T00:00:00Z", "hours": 0.5},
    ]


async def test_several_sessions_of_a_day_are_one_row(lab: Lab) -> None:
    for hour in ("05", "06", "07"):
        await lab.begin(at=f"2026-01-05 {hour}:00:00", promise=600)
    for group_by in ("date", "month"):
        rows = (await lab.hours(group_by))["user_activity"]
        assert isinstance(rows, list)
        assert [row["hours"] for row in rows] == [0.5]


async def test_without_dates_it_is_today_and_nothing_is_nothing(lab: Lab) -> None:
    await lab.begin(at="2026-01-04 10:00:00", promise=600)
    nothing = {"id": "user_1", "login": "user_1", "total_hours": 0, "user_activity": []}
    assert await lab.hours() == nothing
    assert (await lab.hours(login="nobody"))["user_activity"] == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"group_by": "year"}, "group by must be 'month' or 'date'"),
        ({"login": ""}, "login is empty"),
        ({"from_date": "2026-02-01", "to_date": "2026-01-01"}, "from_date is after to_date"),
        ({"from_date": "tomorrow"}, "a date must be like 2006-01-02T15:04:05Z, 2006-01-02 15:04:05 or 2006-01-02"),
    ],
)
async def test_a_question_that_can_not_be(lab: Lab, query: dict[str, str], message: str) -> None:
    parameters = {"login": "user_1", "group_by": "date", **query}
    response = await lab.client.get(f"{BASE}/activity", params=parameters)
    assert (response.status_code, response.json()["message"]) == (400, message)
