"""CloudDesk's contract: its example, every rule and every error text, on every database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from tests.clock import FrozenClock
from tests.people import People, client_of
from tests.sessions.doubles import Json, ScriptedAgent, agent_of, application, period, snapshot

from deskbay.accounts.models import User
from deskbay.accounts.new_passwords import KNOWN
from deskbay.app import create_app
from deskbay.database import Database
from deskbay.settings import Settings

JOHN = {"name": "John", "surname": "Doe", "email": "john.doe@example.com", "password": "qvz7mk"}
SESSION_KEYS = {
    "name",
    "description",
    "slugname",
    "is_active",
    "is_tracking",
    "created_at",
    "saved_at",
    "restored_at",
    "last_active_at",
}
NOT_FOUND = (404, {"detail": "Session with the given name was not found"})
NOTHING_ACTIVE = (404, {"detail": "No active sessions at the moment"})
TAKEN = (409, {"detail": "Session with the given name already exists"})


@pytest.fixture
async def app(database_url: str, database: Database, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[FastAPI]:
    """The server on each kind of database, which `database` empties afterwards."""
    await database.close()
    on_server = None if database_url.startswith("sqlite") else database_url
    app = create_app(Settings(data=tmp_path, database_url=on_server, access_token_minutes=60), clock)
    yield app
    await app.state.database.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """Nobody yet."""
    async with client_of(app) as client:
        yield client


@pytest.fixture
async def user(people: People) -> User:
    return await people.add("john")


@pytest.fixture
async def john(people: People, user: User) -> AsyncClient:
    """John's program, signed in."""
    return await people.program(user)


@pytest.fixture
async def signed_up(client: AsyncClient) -> AsyncClient:
    """John Doe's program: signed up, and signed in."""
    return await signed_in(client, JOHN)


@pytest.fixture
async def agent(app: FastAPI, john: AsyncClient, user: User) -> ScriptedAgent:
    """The agent on John's laptop, who consents to being tracked."""
    (await john.put("/api/v1/tracking", json={"consent": True})).raise_for_status()
    return await agent_of(app, user)


async def signed_in(client: AsyncClient, person: Json, **headers: str) -> AsyncClient:
    answer = await client.post("/auth/signup", json=person)
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {(await tokens(client, person, **headers))['access_token']}"
    return client


async def tokens(client: AsyncClient, person: Json, **headers: str) -> Json:
    form = {"username": person["email"], "password": person["password"]}
    answer = await client.post("/auth/token", data=form, headers=headers)
    assert answer.status_code == 200, answer.text
    given: Json = answer.json()
    return given


async def begin(client: AsyncClient, name: str | None = None, **more: object) -> Json:
    answer = await client.post("/session/", json={"name": name, **more})
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def apps(client: AsyncClient, path: str) -> dict[str, Json]:
    answer = await client.get(f"{path}/apps")
    assert answer.status_code == 200, answer.text
    return {one["name"]: one for one in answer.json()}


def told(answer: Response) -> tuple[int, object]:
    return answer.status_code, answer.json()


async def test_the_example(signed_up: AsyncClient) -> None:
    first = await begin(signed_up, "")
    assert len(first["name"].split("-")) == 3
    assert first["slugname"] == first["name"]
    clone = await signed_up.post("/active-session/clone", json={"name": "active session clone"})
    assert clone.status_code == 201
    assert clone.json()["slugname"] == "active-session-clone"
    assert (await signed_up.get(f"/session/{first['slugname']}/apps")).status_code == 200
    ended = await signed_up.post("/active-session/deactivate?save_usage=false")
    assert (ended.status_code, ended.json()["is_active"]) == (201, False)
    assert await apps(signed_up, "/session/active-session-clone") == {}


async def test_the_example_with_applications(john: AsyncClient, agent: ScriptedAgent, clock: FrozenClock) -> None:
    async with agent.listening():
        first = await begin(john)
        run = (await agent.hear("policy"))["run"]
        clock.advance(minutes=5)
        agent.open = snapshot(application("firefox"))
        await agent.reported(period("open", "09:00:00", "09:05:00", "firefox", run=run), seen=agent.open)
        await john.post("/active-session/clone", json={"name": "active session clone"})
        run = (await agent.hear("policy"))["run"]
        clock.advance(minutes=5)
        await agent.reported(period("open", "09:05:00", "09:10:00", "firefox", run=run))
        source = (await apps(john, f"/session/{first['slugname']}"))["Firefox"]
        assert source["usage_periods"] == [{"started_at": "2026-01-05T09:00:00Z", "ended_at": "2026-01-05T09:05:00Z"}]
        assert (source["total_seconds"], source["cmdline"], source["exe"]) == (300, ["firefox"], "/usr/bin/firefox")
        await john.post("/active-session/deactivate?save_usage=false")
        copied = (await apps(john, "/session/active-session-clone"))["Firefox"]
    assert (copied["usage_periods"], copied["total_seconds"], copied["is_active"]) == ([], 0, True)


async def test_signing_up_tells_who_was_made(client: AsyncClient) -> None:
    answer = await client.post("/auth/signup", json=JOHN)
    assert answer.status_code == 200
    person = answer.json()
    assert isinstance(person.pop("id"), int)
    assert person == {"name": "John", "surname": "Doe", "email": "john.doe@example.com"}


async def test_an_email_is_taken_once(client: AsyncClient) -> None:
    await client.post("/auth/signup", json=JOHN)
    again = await client.post("/auth/signup", json={**JOHN, "email": "John.Doe@Example.com"})
    assert told(again) == (422, {"detail": "User with this email already exists"})


async def test_two_emails_with_the_same_beginning_are_two_people(client: AsyncClient) -> None:
    first = await client.post("/auth/signup", json=JOHN)
    second = await client.post("/auth/signup", json={**JOHN, "email": "john.doe@example.org"})
    assert (second.status_code, second.json()["id"] > first.json()["id"]) == (200, True)


async def test_names_of_several_words_come_back_as_they_were(client: AsyncClient) -> None:
    person = {**JOHN, "name": "Mary Ann", "surname": "van Gogh"}
    await signed_in(client, person)
    shown = (await client.get("/auth/me")).json()
    assert (shown["name"], shown["surname"]) == ("Mary Ann", "van Gogh")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x" * 21},
        {"name": ""},
        {"surname": "x" * 21},
        {"email": "nobody"},
        {"password": "pa55"},
        {"surname": "\ud800"},
    ],
)
async def test_what_can_not_be_taken_is_listed_as_fastapi_does(client: AsyncClient, wrong: Json) -> None:
    answer = await client.post(
        "/auth/signup", content=dumped({**JOHN, **wrong}), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/json"
    ((field, _),) = wrong.items()
    assert [one["loc"] for one in answer.json()["detail"]] == [["body", field]]
    assert {"type", "msg"} <= set(answer.json()["detail"][0])
    assert "pa55" not in answer.text


async def test_a_password_that_is_known_from_break_ins_is_not_taken(client: AsyncClient) -> None:
    answer = await client.post("/auth/signup", json={**JOHN, "password": "dragon1"})
    assert told(answer) == (422, {"detail": KNOWN})


def dumped(body: Json) -> bytes:
    from json import dumps

    return dumps(body).encode()


async def test_a_password_of_six_letters_signs_in_at_the_page_too(signed_up: AsyncClient) -> None:
    given = {"username": JOHN["email"], "password": JOHN["password"]}
    assert (await signed_up.post("/api/v1/auth/token", json=given)).status_code == 200


@pytest.mark.parametrize("wrong", [{"password": "wrong password"}, {"username": "nobody@example.com"}])
async def test_a_wrong_password_or_email(signed_up: AsyncClient, wrong: dict[str, str]) -> None:
    answer = await signed_up.post(
        "/auth/token", data={"username": JOHN["email"], "password": JOHN["password"], **wrong}
    )
    assert told(answer) == (401, {"detail": "Invalid email or password"})
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_tokens_are_of_the_form_that_clients_know(client: AsyncClient) -> None:
    await client.post("/auth/signup", json=JOHN)
    given = await tokens(client, JOHN)
    assert set(given) == {"access_token", "refresh_token", "token_type"}
    assert given["token_type"] == "bearer"


async def test_a_refresh_token_rotates_and_a_spent_one_revokes_its_family(signed_up: AsyncClient) -> None:
    first = (await tokens(signed_up, JOHN))["refresh_token"]
    second = await signed_up.post("/auth/refresh", headers={"X-Refresh-Token": first})
    assert (second.status_code, set(second.json())) == (200, {"access_token", "refresh_token", "token_type"})
    spent = await signed_up.post("/auth/refresh", headers={"X-Refresh-Token": first})
    assert told(spent) == (401, {"detail": "Invalid refresh token"})
    newest = {"X-Refresh-Token": second.json()["refresh_token"]}
    assert told(await signed_up.post("/auth/refresh", headers=newest)) == (401, {"detail": "Invalid refresh token"})
    revoked = {"Authorization": f"Bearer {second.json()['access_token']}"}
    answer = await signed_up.get("/auth/me", headers=revoked)
    assert told(answer) == (401, {"detail": "Could not validate credentials"})


async def test_a_refresh_token_that_is_too_old(signed_up: AsyncClient, clock: FrozenClock) -> None:
    given = (await tokens(signed_up, JOHN))["refresh_token"]
    clock.advance(days=31)
    answer = await signed_up.post("/auth/refresh", headers={"X-Refresh-Token": given})
    assert told(answer) == (401, {"detail": "Expired refresh token"})


@pytest.mark.parametrize("headers", [{}, {"X-Refresh-Token": "nonsense"}])
async def test_what_is_no_refresh_token(client: AsyncClient, headers: dict[str, str]) -> None:
    assert told(await client.post("/auth/refresh", headers=headers)) == (401, {"detail": "Invalid refresh token"})


ROUTES = [
    ("GET", "/auth/me"),
    ("GET", "/device/"),
    ("DELETE", "/device/"),
    ("GET", "/device/apps"),
    ("GET", "/session/"),
    ("DELETE", "/session/"),
    ("POST", "/session/"),
    ("GET", "/session/x"),
    ("DELETE", "/session/x"),
    ("GET", "/session/x/apps"),
    ("POST", "/session/x/clone"),
    ("POST", "/session/x/activate"),
    ("POST", "/session/x/restore"),
    ("GET", "/active-session/"),
    ("DELETE", "/active-session/"),
    ("GET", "/active-session/apps"),
    ("POST", "/active-session/clone"),
    ("POST", "/active-session/save"),
    ("POST", "/active-session/enable-tracking"),
    ("POST", "/active-session/disable-tracking"),
    ("POST", "/active-session/deactivate"),
    ("POST", "/active-session/restore"),
]


async def test_tokens_are_asked_for_everywhere(client: AsyncClient) -> None:
    for method, path in ROUTES:
        body: Json | None = {} if method == "POST" else None
        nobody = await client.request(method, path, json=body)
        assert told(nobody) == (401, {"detail": "Not authenticated"}), path
        assert nobody.headers["www-authenticate"] == "Bearer"
        bad = await client.request(method, path, json=body, headers={"Authorization": "Bearer nonsense"})
        assert told(bad) == (401, {"detail": "Could not validate credentials"}), path


async def test_an_old_token(john: AsyncClient, clock: FrozenClock) -> None:
    clock.advance(minutes=60)
    assert told(await john.get("/auth/me")) == (401, {"detail": "Expired token"})


async def test_a_page_of_the_browser_is_nobody_here(signed_up: AsyncClient) -> None:
    given = await tokens(signed_up, JOHN)
    del signed_up.headers["Authorization"]
    signed_up.cookies.set("deskbay_access", given["access_token"])
    assert told(await signed_up.get("/auth/me")) == (401, {"detail": "Not authenticated"})


async def test_roots_answer_with_and_without_the_slash(john: AsyncClient) -> None:
    for slash in ("/", ""):
        assert (await john.get(f"/device{slash}")).status_code == 200
        assert (await john.post(f"/session{slash}", json={})).status_code == 201
        assert (await john.get(f"/session{slash}")).status_code == 200
        assert (await john.get(f"/active-session{slash}")).status_code == 200
        assert (await john.delete(f"/active-session{slash}")).status_code == 204
        assert (await john.delete(f"/session{slash}")).status_code == 204
        assert (await john.delete(f"/device{slash}")).status_code == 204


async def test_who_has_no_device_gets_one(john: AsyncClient) -> None:
    made = (await john.get("/device/")).json()
    assert set(made) == {
        "id",
        "mac_address",
        "os_name",
        "os_release",
        "os_release_ver",
        "architecture",
        "created_at",
    }
    assert isinstance(made["id"], str)
    assert (await john.get("/device/")).json() == made


async def test_ten_calls_at_once_make_one_device(john: AsyncClient) -> None:
    answers = await asyncio.gather(*(john.get("/device/") for _ in range(10)))
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_the_device_seen_last_is_meant(
    app: FastAPI, john: AsyncClient, user: User, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    clock.advance(minutes=1)
    desk = await agent_of(app, user, "desk")
    assert (await john.get("/device/")).json()["id"] == await uuid_of(app, desk.device_id)
    clock.advance(minutes=1)
    await agent.reported(period("presence", "09:00:00", "09:02:00"))
    assert (await john.get("/device/")).json()["id"] == await uuid_of(app, agent.device_id)


async def uuid_of(app: FastAPI, device_id: int) -> str:
    from deskbay.devices.models import Device

    async with app.state.database.read() as db:
        return str((await db.get_one(Device, device_id)).uuid)


async def test_a_fingerprint_is_a_device_of_its_own(john: AsyncClient) -> None:
    here, there = {"X-Device-Fingerprint": "here"}, {"X-Device-Fingerprint": "there"}
    first, second = [(await john.get("/device/", headers=one)).json()["id"] for one in (here, there)]
    assert first != second
    assert (await john.get("/device/", headers=here)).json()["id"] == first
    assert (await john.post("/session/", json={"name": "Work"}, headers=here)).status_code == 201
    assert (await john.post("/session/", json={"name": "Work"}, headers=there)).status_code == 201
    assert len((await john.get("/session/", headers=here)).json()) == 1


async def test_a_paired_device_is_known_by_its_id(app: FastAPI, john: AsyncClient, agent: ScriptedAgent) -> None:
    other = (await john.get("/device/", headers={"X-Device-Fingerprint": "here"})).json()["id"]
    paired = await uuid_of(app, agent.device_id)
    assert (await john.get("/device/", headers={"X-Device-Fingerprint": paired})).json()["id"] == paired != other


async def test_a_token_is_bound_to_the_device_that_it_was_given_to(client: AsyncClient) -> None:
    bound = await signed_in(client, JOHN, **{"X-Device-Fingerprint": "here"})
    here = (await bound.get("/device/")).json()["id"]
    assert (await bound.get("/device/", headers={"X-Device-Fingerprint": "there"})).json()["id"] == here
    free = await tokens(client, JOHN)
    there = {"Authorization": f"Bearer {free['access_token']}", "X-Device-Fingerprint": "there"}
    assert (await client.get("/device/", headers=there)).json()["id"] != here


async def test_another_persons_device_and_sessions_are_out_of_reach(
    app: FastAPI, john: AsyncClient, agent: ScriptedAgent
) -> None:
    await begin(john, "Work")
    async with client_of(app) as stranger:
        jane = await signed_in(stranger, {**JOHN, "email": "jane@example.com"})
        theirs = {"X-Device-Fingerprint": await uuid_of(app, agent.device_id)}
        assert (await jane.get("/device/", headers=theirs)).json()["id"] != theirs["X-Device-Fingerprint"]
        assert told(await jane.get("/session/work", headers=theirs)) == NOT_FOUND
        assert (await jane.get("/session/", headers=theirs)).json() == []
        assert told(await jane.get("/active-session/", headers=theirs)) == NOTHING_ACTIVE


async def test_giving_a_device_up_takes_its_sessions_and_applications(
    app: FastAPI, john: AsyncClient, agent: ScriptedAgent
) -> None:
    await begin(john, "Work")
    await agent.reported(seen=snapshot(application("xterm")))
    before = await uuid_of(app, agent.device_id)
    assert [one["name"] for one in (await john.get("/device/apps")).json()] == ["Xterm"]
    assert (await john.delete("/device/")).status_code == 204
    assert (await john.get("/device/")).json()["id"] != before
    assert (await john.get("/device/apps")).json() == []
    assert (await john.get("/session/")).json() == []
    assert (await agent.report()).status_code in {200, 401}
    assert (await john.get("/device/apps")).json() == []


async def test_applications_of_the_device_begin_with_the_open_ones(john: AsyncClient, agent: ScriptedAgent) -> None:
    await begin(john, "Work")
    await agent.reported(seen=snapshot(application("xterm"), application("mousepad")))
    await agent.reported(seen=snapshot(application("mousepad")))
    shown = (await john.get("/device/apps")).json()
    assert [(one["name"], one["is_active"]) for one in shown] == [("Mousepad", True), ("Xterm", False)]


async def test_a_session_has_what_clients_know(john: AsyncClient) -> None:
    made = await begin(john, "Thesis", description="Chapter 2")
    assert set(made) == SESSION_KEYS
    assert made == {
        "name": "Thesis",
        "description": "Chapter 2",
        "slugname": "thesis",
        "is_active": True,
        "is_tracking": True,
        "created_at": "2026-01-05T09:00:00Z",
        "saved_at": None,
        "restored_at": None,
        "last_active_at": None,
    }
    assert (await john.get("/session/thesis")).json() == made
    assert (await john.get("/session/")).json() == [made]
    assert (await john.get("/active-session/")).json() == made


@pytest.mark.parametrize("blank", [None, "", "   "])
async def test_a_blank_name_is_three_words(john: AsyncClient, blank: str | None) -> None:
    made = await begin(john, blank)
    assert len(made["name"].split("-")) == 3
    assert made["slugname"] == made["name"]


@pytest.mark.parametrize("body", [{"name": "x" * 101}, {"name": "a\u0000b"}, {"activate": "perhaps"}, {"name": 7}])
async def test_sessions_that_can_not_be_made(john: AsyncClient, body: Json) -> None:
    answer = await john.post("/session/", json=body)
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], list)
    assert (await john.get("/session/")).json() == []


@pytest.mark.parametrize("name", ["Thesis", "thesis", " THESIS "])
async def test_a_name_is_taken_once_and_a_409_changes_nothing(john: AsyncClient, name: str, clock: FrozenClock) -> None:
    await begin(john, "Thesis", activate=False)
    active = await begin(john, "Work")
    clock.advance(minutes=1)
    assert told(await john.post("/session/", json={"name": name})) == TAKEN
    assert told(await john.post("/active-session/clone", json={"name": name})) == TAKEN
    assert told(await john.post("/session/work/clone", json={"name": name})) == TAKEN
    assert (await john.get("/active-session/")).json() == active
    assert len((await john.get("/session/")).json()) == 2


async def test_ten_of_the_same_name_at_once_make_one(john: AsyncClient) -> None:
    answers = await asyncio.gather(*(john.post("/session/", json={"name": "Work"}) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 9]
    assert len((await john.get("/session/")).json()) == 1


async def test_slugs_are_unique_where_names_differ(john: AsyncClient) -> None:
    slugs = [(await begin(john, name))["slugname"] for name in ("C++", "C#", "Café", "Cafe", "★", "日")]
    assert slugs == ["c", "c-2", "cafe", "cafe-2", "session", "ri"]


async def test_what_is_not_there(john: AsyncClient) -> None:
    for method, path in ROUTES:
        body: Json | None = {} if path.endswith("clone") else None
        if path.startswith("/session/x"):
            assert told(await john.request(method, path, json=body)) == NOT_FOUND, path
        if path.startswith("/active-session"):
            assert told(await john.request(method, path, json=body)) == NOTHING_ACTIVE, path


async def test_one_session_is_active_and_the_one_before_is_saved(
    john: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    async with agent.listening():
        await begin(john, "First")
        run = (await agent.hear("policy"))["run"]
        clock.advance(minutes=10)
        await agent.reported(
            period("open", "09:00:00", "09:10:00", "xterm", run=run), seen=snapshot(application("xterm"))
        )
        agent.open = snapshot(application("xterm"))
        await begin(john, "Second")
    first = (await john.get("/session/first")).json()
    assert (first["is_active"], first["is_tracking"]) == (False, True)
    assert first["saved_at"] == first["last_active_at"] == "2026-01-05T09:10:00Z"
    assert (await apps(john, "/session/first"))["Xterm"]["total_seconds"] == 600
    assert (await john.get("/active-session/")).json()["name"] == "Second"


async def test_without_activate_the_active_one_goes_on(john: AsyncClient) -> None:
    await begin(john, "First")
    assert (await begin(john, "Second", activate=False))["is_active"] is False
    assert (await john.get("/active-session/")).json()["name"] == "First"


async def test_concurrent_activations_leave_one_active(john: AsyncClient) -> None:
    names = [(await begin(john, f"Work {number}", activate=False))["slugname"] for number in range(8)]
    answers = await asyncio.gather(*(john.post(f"/session/{name}/activate") for name in names))
    assert {answer.status_code for answer in answers} == {200}
    active = [one["slugname"] for one in (await john.get("/session/")).json() if one["is_active"]]
    assert active == [(await john.get("/active-session/")).json()["slugname"]]


async def test_activating_the_active_one_changes_nothing(john: AsyncClient, clock: FrozenClock) -> None:
    made = await begin(john, "Work")
    clock.advance(minutes=1)
    assert told(await john.post("/session/work/activate")) == (200, made)


async def test_a_clone_has_the_applications_and_their_state_and_no_usage(
    john: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    async with agent.listening():
        await begin(john, "Work")
        run = (await agent.hear("policy"))["run"]
        clock.advance(minutes=10)
        await agent.reported(seen=snapshot(application("xterm"), application("mousepad")))
        used = [period("open", "09:00:00", "09:10:00", name, run=run) for name in ("xterm", "mousepad")]
        agent.open = snapshot(application("mousepad", "/home/john/a b.txt"))
        await agent.reported(*used, seen=agent.open)
        clone = await john.post("/session/work/clone", json={"name": "Copy", "activate": False})
        assert (clone.status_code, clone.json()["is_active"]) == (201, False)
    copied = await apps(john, "/session/copy")
    assert {name: one["is_active"] for name, one in copied.items()} == {"Mousepad": True, "Xterm": False}
    assert [one["usage_periods"] for one in copied.values()] == [[], []]
    assert copied["Mousepad"]["cmdline"] == ["mousepad", "/home/john/a b.txt"]
    assert (await john.get("/active-session/")).json()["name"] == "Work"


async def test_cloning_the_active_one_with_activate_saves_and_stops_it_first(
    john: AsyncClient, clock: FrozenClock
) -> None:
    await begin(john, "Work")
    clock.advance(minutes=3)
    clone = await john.post("/active-session/clone", json={"name": "Copy"})
    assert (clone.status_code, clone.json()["is_active"]) == (201, True)
    source = (await john.get("/session/work")).json()
    assert (source["is_active"], source["saved_at"]) == (False, "2026-01-05T09:03:00Z")


async def test_deactivating_without_usage_drops_only_what_came_since_the_save(
    john: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    async with agent.listening():
        await begin(john, "Work")
        run = (await agent.hear("policy"))["run"]
        clock.advance(minutes=10)
        used = period("open", "09:00:00", "09:10:00", "xterm", run=run)
        await agent.reported(used)
        assert (await john.post("/active-session/save")).json()["saved_at"] == "2026-01-05T09:10:00Z"
        clock.advance(minutes=10)
        await agent.reported(used | {"ends": "2026-01-05T09:20:00Z"})
        assert (await apps(john, "/active-session"))["Xterm"]["total_seconds"] == 1200
        await john.post("/active-session/deactivate?save_usage=false")
        await agent.reported(used | {"ends": "2026-01-05T09:20:00Z"})  # late, and again
    assert (await apps(john, "/session/work"))["Xterm"]["total_seconds"] == 600


async def test_tracking_off_and_on(john: AsyncClient, agent: ScriptedAgent, clock: FrozenClock) -> None:
    async with agent.listening():
        await begin(john, "Work")
        run = (await agent.hear("policy"))["run"]
        clock.advance(minutes=10)
        await agent.reported(period("open", "09:00:00", "09:10:00", "xterm", run=run))
        off = await john.post("/active-session/disable-tracking")
        assert (off.status_code, off.json()["is_tracking"], off.json()["is_active"]) == (201, False, True)
        assert (await agent.hear("policy"))["run"] is None
        clock.advance(minutes=10)
        await agent.reported(period("open", "09:10:00", "09:20:00", "xterm", run=run))
        assert (await apps(john, "/active-session"))["Xterm"]["total_seconds"] == 600
        on = await john.post("/active-session/enable-tracking")
        assert (on.status_code, on.json()["is_tracking"]) == (201, True)
        again = (await agent.hear("policy"))["run"]
        assert again not in {None, run}
        clock.advance(minutes=1)
        await agent.reported(period("open", "09:20:00", "09:21:00", "xterm", run=again))
        assert (await john.post("/active-session/disable-tracking?save_usage=false")).status_code == 201
    assert (await apps(john, "/session/work"))["Xterm"]["total_seconds"] == 600


async def test_periods_land_on_their_own_session_only(
    john: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    async with agent.listening():
        await begin(john, "First")
        first = (await agent.hear("policy"))["run"]
        clock.advance(minutes=10)
        await begin(john, "Second")
        clock.advance(minutes=10)
        late = period("open", "09:00:00", "09:20:00", "xterm", run=first)
        await agent.reported(late, period("open", "09:05:00", "09:06:00", "gimp", run=str(uuid4())))
    assert (await apps(john, "/session/first"))["Xterm"]["total_seconds"] == 600
    assert await apps(john, "/session/second") == {}


async def test_a_restore_starts_what_was_open_with_its_own_arguments(
    john: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    async with agent.listening():
        await begin(john, "Work")
        agent.open = snapshot(application("mousepad", "/home/ada/a b.txt"))
        await agent.reported(seen=agent.open)
        await begin(john, "Other")
        agent.open = snapshot()
        clock.advance(minutes=1)
        restored = await john.post("/session/work/restore")
        assert restored.status_code == 200
        assert restored.json()["restored_at"] == "2026-01-05T09:01:00Z"
        assert restored.json()["is_active"] is True
        (wished,) = (await agent.hear("restore"))["applications"]
    assert (wished["command"], wished["folder"]) == (["mousepad", "/home/ada/a b.txt"], "/home/ada")
    other = (await john.get("/session/other")).json()
    assert (other["is_active"], other["saved_at"]) == (False, "2026-01-05T09:01:00Z")


async def test_restoring_the_active_session(john: AsyncClient, agent: ScriptedAgent) -> None:
    async with agent.listening():
        await begin(john, "Work")
        agent.open = snapshot(application("mousepad"))
        assert (await john.post("/active-session/save")).status_code == 201
        agent.open = snapshot()  # it has crashed
        restored = await john.post("/active-session/restore")
        assert (restored.status_code, restored.json()["is_active"]) == (201, True)
        assert [one["application"] for one in (await agent.hear("restore"))["applications"]] == ["mousepad"]


async def test_a_restore_does_not_wait_for_a_device_that_is_away(john: AsyncClient, clock: FrozenClock) -> None:
    await begin(john, "Work")
    clock.advance(minutes=1)
    restored = await john.post("/session/work/restore")
    assert (restored.status_code, restored.json()["restored_at"]) == (200, "2026-01-05T09:01:00Z")


async def test_a_deleted_session_is_gone_and_its_name_is_free(john: AsyncClient) -> None:
    await begin(john, "Work")
    assert (await john.delete("/session/work")).status_code == 204
    assert told(await john.get("/session/work")) == NOT_FOUND
    assert told(await john.get("/active-session/")) == NOTHING_ACTIVE
    await begin(john, "Work")
    assert (await john.delete("/active-session/")).status_code == 204
    assert (await john.get("/session/")).json() == []


async def test_a_session_is_seen_through_the_other_door(john: AsyncClient) -> None:
    await begin(john, "Work")
    (shown,) = (await john.get("/api/v1/sessions")).json()["items"]
    assert (shown["name"], shown["slug"], shown["is_active"]) == ("Work", "work", True)


async def test_sign_up_may_be_closed(app: FastAPI, client: AsyncClient) -> None:
    app.state.settings = app.state.settings.model_copy(update={"sign_up_open": False})
    answer = await client.post("/auth/signup", json=JOHN)
    assert answer.status_code == 403
    assert "administrator" in answer.json()["detail"]


async def test_a_crash_of_the_server_loses_no_finished_second(
    app: FastAPI, john: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    async with agent.listening():
        await begin(john, "Work")
        run = (await agent.hear("policy"))["run"]
    clock.advance(minutes=10)
    await agent.reported(period("open", "09:00:00", "09:09:59.5", "xterm", run=run))
    settings: Settings = app.state.settings
    again = create_app(settings, clock)
    async with client_of(again) as other:
        other.headers.update(john.headers)
        shown = (await apps(other, "/active-session"))["Xterm"]
    await again.state.database.close()
    assert shown["total_seconds"] == 599
    length = timedelta(minutes=9, seconds=59.5)
    assert shown["usage_periods"] == [
        {"started_at": "2026-01-05T09:00:00Z", "ended_at": f"2026-01-05T09:0{length.seconds // 60}:59.500000Z"}
    ]
