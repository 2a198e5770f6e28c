"""Reports over HTTP: whose hours one may see, their sums, and the same as CSV."""

import csv
from io import StringIO
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.activity.test_routes import PINGS, SIGN_INS, Json, enrolled, ping, signed_in
from tests.clock import FrozenClock
from tests.people import People

from deskbay.accounts.models import Role
from deskbay.accounts.service import find_user

HOURS, CSV = "/api/v1/reports/hours", "/api/v1/reports/hours.csv"
DAY = {"from": "2026-01-05", "to": "2026-01-05"}
TWO_DAYS = {"from": "2026-01-04", "to": "2026-01-05"}
HOUR = 3600


async def report(client: AsyncClient, **asked: str | int) -> Json:
    answer = await client.get(HOURS, params={**TWO_DAYS, **asked})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def row(label: str, seconds: float, **more: object) -> Json:
    return {"label": label, "seconds": seconds, "share": None, "compared_seconds": None, "periods": {}} | more


def without_keys(rows: object) -> list[Json]:
    assert isinstance(rows, list)
    return [{name: value for name, value in one.items() if name != "key"} for one in rows]


async def sat(device: AsyncClient, username: str, at: str, hours: int) -> None:
    sign_in = {"id": str(uuid4()), "username": username, "at": at, "next_ping_seconds": hours * HOUR}
    (await device.post(SIGN_INS, json=sign_in)).raise_for_status()


@pytest.fixture
async def lab(app: FastAPI, administrator_client: AsyncClient, people: People) -> None:
    """Sunday: Ada for three hours, Bob for two, Eve for one. Monday: Eve for one. Each at a computer of their own."""
    for name, hours in (("ada", 3), ("bob", 2), ("eve", 1)):
        await people.add(name)
        device = await enrolled(app, administrator_client, f"pc-{name}")
        await sat(device, name, "2026-01-04T10:00:00Z", hours)
    await sat(device, "eve", "2026-01-05T08:00:00Z", 1)


@pytest.mark.parametrize("path", [HOURS, CSV])
async def test_nobody_gets_401(client: AsyncClient, path: str) -> None:
    answer = await client.get(path, params=DAY)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", [HOURS, CSV])
async def test_a_user_may_not_see_the_hours_of_all(user_client: AsyncClient, path: str) -> None:
    answer = await user_client.get(path, params=DAY)
    assert answer.status_code == 403
    assert "your own" in answer.json()["detail"]


@pytest.mark.parametrize("path", [HOURS, CSV])
async def test_a_user_may_not_see_the_hours_of_another(user_client: AsyncClient, people: People, path: str) -> None:
    other = await people.add("bob")
    assert (await user_client.get(path, params=DAY | {"user_id": other.id})).status_code == 403


@pytest.mark.usefixtures("lab")
async def test_a_user_sees_their_own_hours_and_nobody_elses(people: People) -> None:
    async with people.database.read() as db:
        ada = await find_user(db, "ada")
    assert ada
    client = await people.program(ada)
    for by, label in (("user", "ada"), ("device", "pc-ada"), ("room", "no room"), ("template", "no template")):
        found = await report(client, by=by, user_id=ada.id)
        assert (without_keys(found["rows"]), found["total_seconds"]) == ([row(label, 3 * HOUR)], 3 * HOUR)
    assert (await client.get(CSV, params=TWO_DAYS | {"user_id": ada.id})).status_code == 200


async def test_applications_and_events_of_a_person(
    app: FastAPI, administrator_client: AsyncClient, people: People
) -> None:
    await people.add("ada")
    device = await enrolled(app, administrator_client)
    sign_in = await signed_in(device, promise=HOUR)
    await device.post(PINGS, json=ping(sign_in, event="lesson", application="Writer", next_ping_seconds=1800))
    for by, label in (("event", "lesson"), ("application", "Writer")):
        found = await report(administrator_client, by=by)
        assert without_keys(found["rows"]) == [row(label, 1800)]
        narrowed = await report(administrator_client, by="user", **{by: label})
        assert without_keys(narrowed["rows"]) == [row("ada", 1800)]


@pytest.mark.usefixtures("lab")
async def test_the_most_and_the_rest_are_the_whole(administrator_client: AsyncClient) -> None:
    found = await report(administrator_client, limit=1, period="day")
    assert (found["keys"], found["total_seconds"]) == (3, 7 * HOUR)
    assert found["totals"] == {"2026-01-04": 6 * HOUR, "2026-01-05": HOUR}
    assert without_keys(found["rows"]) == [row("ada", 3 * HOUR, periods={"2026-01-04": 3 * HOUR})]
    rest = row("(the rest)", 4 * HOUR, periods={"2026-01-04": 3 * HOUR, "2026-01-05": HOUR})
    assert without_keys([found["rest"]]) == [rest]


@pytest.mark.usefixtures("lab")
async def test_who_was_there_only_before_is_in_the_rest(administrator_client: AsyncClient) -> None:
    before = {"compare_from": "2026-01-04", "compare_to": "2026-01-04"}
    found = await report(administrator_client, **{"from": "2026-01-05"} | before)
    assert without_keys(found["rows"]) == [row("eve", HOUR, compared_seconds=HOUR)]
    assert without_keys([found["rest"]]) == [row("(the rest)", 0, compared_seconds=5 * HOUR)]
    assert (found["total_seconds"], found["compared_total_seconds"]) == (HOUR, 6 * HOUR)


async def test_periods_without_hours_are_there(administrator_client: AsyncClient) -> None:
    found = await report(administrator_client, period="week", **{"from": "2026-01-01", "to": "2026-01-12"})
    assert found["totals"] == {"2025-12-29": 0, "2026-01-05": 0, "2026-01-12": 0}
    assert (found["rows"], found["rest"], found["keys"]) == ([], None, 0)


async def administrator_later(people: People, clock: FrozenClock, hours: int) -> AsyncClient:
    """Return the program of an administrator who signs in only after some hours."""
    clock.advance(hours=hours)
    return await people.program(await people.add("mona", Role.ADMINISTRATOR))


@pytest.fixture
async def open_lab(app: FastAPI, administrator_client: AsyncClient, people: People) -> None:
    """A room that is open on Mondays from 8 to 18, with one computer. Ada sits there from 9 for an hour."""
    await people.add("ada")
    room = (await administrator_client.post("/api/v1/rooms", json={"name": "Lab", "rows": 1, "columns": 1})).json()
    opening = {"week": [{"weekday": 0, "opens": 480, "closes": 1080}]}
    path = f"/api/v1/rooms/{room['id']}/opening-hours"
    assert (await administrator_client.put(path, json=opening)).json()["week"] == opening["week"]
    device = await enrolled(app, administrator_client, room_id=room["id"], row=1, column=1)
    await signed_in(device, promise=HOUR)


@pytest.mark.usefixtures("open_lab")
async def test_shares_of_the_opening_hours(people: People, clock: FrozenClock) -> None:
    administrator = await administrator_later(people, clock, hours=9)
    found = await report(administrator, by="room", period="day")
    assert (found["total_seconds"], found["open_seconds"]) == (HOUR, 10 * HOUR)
    assert without_keys(found["rows"]) == [row("Lab", HOUR, share=0.1, periods={"2026-01-05": HOUR})]
    exported = await administrator.get(CSV, params=TWO_DAYS | {"by": "room", "period": "day"})
    assert exported.headers["content-disposition"] == 'attachment; filename="hours-2026-01-04-2026-01-05.csv"'
    assert exported.text.splitlines() == [
        "room,hours,share,compared hours,2026-01-04,2026-01-05",
        "Lab,1.0000,0.1000,,0.0000,1.0000",
        "(total),1.0000,,,0.0000,1.0000",
    ]


@pytest.mark.usefixtures("open_lab")
@pytest.mark.parametrize(("hours_later", "opened"), [(1, 2), (9, 10), (12, 10), (7 * 24, 11)])
async def test_opening_hours_still_to_come_do_not_count(
    people: People, clock: FrozenClock, hours_later: int, opened: int
) -> None:
    administrator = await administrator_later(people, clock, hours_later)
    found = await report(administrator, by="device", to="2026-01-31")
    assert found["open_seconds"] == opened * HOUR
    assert without_keys(found["rows"]) == [row("pc-1", HOUR, share=1 / opened)]


@pytest.mark.usefixtures("open_lab")
async def test_days_still_to_come_have_no_opening_hours(administrator_client: AsyncClient) -> None:
    found = await report(administrator_client, by="room", **{"from": "2026-01-12", "to": "2026-01-12"})
    assert found["open_seconds"] is None


@pytest.mark.usefixtures("lab")
async def test_the_csv_has_the_same_numbers(administrator_client: AsyncClient) -> None:
    asked = {"limit": "2", "period": "day", "compare_from": "2026-01-04", "compare_to": "2026-01-04"}
    found = await report(administrator_client, **asked)
    exported = await administrator_client.get(CSV, params=TWO_DAYS | asked)
    head, *lines = csv.reader(StringIO(exported.text))
    assert head == ["user", "hours", "share", "compared hours", *found["totals"]]  # type: ignore[misc]
    assert lines == [
        ["ada", "3.0000", "", "3.0000", "3.0000", "0.0000"],
        ["bob", "2.0000", "", "2.0000", "2.0000", "0.0000"],
        ["(the rest)", "2.0000", "", "1.0000", "1.0000", "1.0000"],
        ["(total)", "7.0000", "", "6.0000", "6.0000", "1.0000"],
    ]


async def test_no_name_is_a_formula_in_a_spreadsheet(
    app: FastAPI, administrator_client: AsyncClient, people: People
) -> None:
    await people.add("ada")
    device = await enrolled(app, administrator_client)
    sign_in = await signed_in(device)
    await device.post(PINGS, json=ping(sign_in, application="=1+1"))
    exported = await administrator_client.get(CSV, params=TWO_DAYS | {"by": "application"})
    assert exported.text.splitlines()[1].startswith("'=1+1,")


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "2026-01-02", "to": "2026-01-01"},
        {"from": "1900-01-01"},
        {"from": "2024-01-01", "period": "day"},
        {"zone": "Moon/Base"},
        {"by": "weather"},
        {"from": "x"},
        {"by": "application", "event": "lesson"},
        {"by": "event", "application": "Writer"},
        {"event": "lesson", "application": "Writer"},
        {"compare_from": "2026-01-01"},
        {"compare_to": "2026-01-01"},
        {"compare_from": "2026-01-02", "compare_to": "2026-01-01"},
        {"limit": "0"},
        {"limit": "1001"},
    ],
)
async def test_a_report_that_can_not_be(administrator_client: AsyncClient, wrong: dict[str, str]) -> None:
    for path in (HOURS, CSV):
        answer = await administrator_client.get(path, params=TWO_DAYS | wrong)
        assert answer.status_code == 422
        assert answer.json()["detail"]
