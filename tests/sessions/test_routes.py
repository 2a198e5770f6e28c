"""Sessions over HTTP, from the first application to the restore, with an agent that a test plays."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from httpx import AsyncClient, Response
from sqlalchemy import event
from tests.clock import FrozenClock
from tests.people import People
from tests.sessions.conftest import SESSIONS
from tests.sessions.doubles import Json, ScriptedAgent, agent_of, application, period, snapshot

from deskbay.accounts.models import Role, User
from deskbay.desktops.routes import _as_sent
from deskbay.sessions import messenger
from deskbay.sessions.keeper import SessionKeeper


async def test_a_session_from_its_first_application_to_its_restore(
    ada_client: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    async with agent.listening():
        made = (await ada_client.post(SESSIONS, json={"name": "Thesis"})).json()
        assert (made["is_active"], made["is_tracking"], made["device"]["name"]) == (True, True, "laptop")
        run = (await agent.hear("policy"))["run"]
        assert run is not None

        clock.advance(minutes=10)
        open_now = snapshot(application("mousepad", "/home/ada/thesis.txt"), application("xterm"))
        used = [
            period("presence", "09:00:00", "09:10:00"),
            period("open", "09:00:00", "09:10:00", "mousepad", run=run),
            period("foreground", "09:00:00", "09:04:00", "mousepad", run=run),
        ]
        assert await agent.reported(*used, seen=open_now) == ["stored"] * 3
        agent.open = open_now

        saved = (await ada_client.post(f"{SESSIONS}/{made['id']}/save")).json()
        assert [one["name"] for one in saved["applications"]] == ["Mousepad", "Xterm"]
        assert saved["total_seconds"] == 240
        (await ada_client.post(f"{SESSIONS}/{made['id']}/deactivate", json={})).raise_for_status()
        agent.open = snapshot()

        asked = await ada_client.post(f"{SESSIONS}/{made['id']}/restore", json={})
        assert asked.status_code == 202, asked.text
        wish = await agent.hear("restore")
        assert [one["command"] for one in wish["applications"]] == [["mousepad", "/home/ada/thesis.txt"], ["xterm"]]
        run = asked.json()["run"]
        await agent.progress(run, {"key": "mousepad-100", "state": "placed"})
        await agent.progress(run, {"key": "xterm-100", "state": "not-found", "reason": "no xterm"}, finished=True)
        done = (await ada_client.get(f"/api/v1/restores/{run}")).json()
        assert done["state"] == "finished"
        assert [one["state"] for one in done["applications"]] == ["placed", "not-found"]
        shown = (await ada_client.get(f"{SESSIONS}/{made['id']}")).json()
        assert (shown["is_active"], shown["restored_at"]) == (True, "2026-01-05T09:10:00Z")


ROUTES = [
    ("GET", SESSIONS),
    ("POST", SESSIONS),
    ("POST", f"{SESSIONS}/import"),
    ("GET", f"{SESSIONS}/1"),
    ("PATCH", f"{SESSIONS}/1"),
    ("DELETE", f"{SESSIONS}/1"),
    ("DELETE", f"{SESSIONS}/1?for_good=true"),
    ("POST", f"{SESSIONS}/1/undelete"),
    ("POST", f"{SESSIONS}/1/activate"),
    ("POST", f"{SESSIONS}/1/deactivate"),
    ("POST", f"{SESSIONS}/1/save"),
    ("PUT", f"{SESSIONS}/1/tracking"),
    ("POST", f"{SESSIONS}/1/clone"),
    ("GET", f"{SESSIONS}/1/applications"),
    ("GET", f"{SESSIONS}/1/saves"),
    ("GET", f"{SESSIONS}/1/saves/1"),
    ("POST", f"{SESSIONS}/1/saves/1/return"),
    ("GET", f"{SESSIONS}/1/compare?from=1&to=1"),
    ("GET", f"{SESSIONS}/1/export"),
    ("GET", f"{SESSIONS}/1/restores"),
    ("POST", f"{SESSIONS}/1/restore"),
]
BODIES: dict[str, Json] = {
    f"{SESSIONS}/import": {"name": "Work", "saves": []},
    f"{SESSIONS}/1/tracking": {"enabled": True},
}


async def ask(client: AsyncClient, method: str, path: str) -> Response:
    return await client.request(method, path, json=None if method == "GET" else BODIES.get(path, {}))


async def test_nobody_gets_401(client: AsyncClient) -> None:
    for method, path in [*ROUTES, ("POST", f"{SESSIONS}/1/copies"), ("GET", f"/api/v1/restores/{uuid4()}")]:
        answer = await ask(client, method, path)
        assert (answer.status_code, answer.json()["type"]) == (401, "not-signed-in"), path


async def test_another_persons_session_is_not_there(people: People, ada_client: AsyncClient) -> None:
    await begin(ada_client, "Work")
    bob = await people.program(await people.add("bob"))
    assert (await bob.get(SESSIONS)).json()["items"] == []
    for method, path in ROUTES:
        if path.startswith(f"{SESSIONS}/1"):
            answer = await ask(bob, method, path)
            assert (answer.status_code, answer.json()["type"]) == (404, "no-session"), path
    assert (await ada_client.get(f"{SESSIONS}/1")).json()["is_active"] is True


async def test_a_page_of_another_site_changes_nothing(people: People, ada: User) -> None:
    page = await people.page(ada)
    await begin(page, "Work")
    page.headers["Origin"] = "https://evil.example.org"
    for method, path in ROUTES:
        if method != "GET":
            assert (await ask(page, method, path)).status_code == 403, path


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (SESSIONS, {"name": "x" * 101}),
        (SESSIONS, {"name": "a\nb"}),
        (SESSIONS, {"colour": "red"}),
        (f"{SESSIONS}/1/clone", {"activate": "perhaps"}),
        (f"{SESSIONS}/1/deactivate", {"save_usage": 7}),
        (f"{SESSIONS}/import", {"name": "Work"}),
        (f"{SESSIONS}/import", {"name": "Work", "format": 2, "saves": []}),
        (f"{SESSIONS}/0/save", {}),
        (f"{SESSIONS}/{2**63}/save", {}),
    ],
)
async def test_bad_input_is_told(ada_client: AsyncClient, path: str, body: Json) -> None:
    await begin(ada_client, "First")
    answer = await ada_client.post(path, json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid-request")
    assert len((await ada_client.get(SESSIONS)).json()["items"]) == 1


async def begin(client: AsyncClient, name: str | None = None, **more: object) -> Json:
    answer = await client.post(SESSIONS, json={"name": name, **more})
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def test_sessions_come_by_pages_newest_first(ada_client: AsyncClient) -> None:
    for number in range(5):
        await begin(ada_client, f"Work {number}")
    first = (await ada_client.get(SESSIONS, params={"limit": 3})).json()
    rest = (await ada_client.get(SESSIONS, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    names = [one["name"] for one in (*first["items"], *rest["items"])]
    assert names == [f"Work {number}" for number in range(4, -1, -1)]
    assert rest["next_cursor"] is None


COUNTED: ContextVar[list[str] | None] = ContextVar("counted", default=None)


@contextmanager
def counted_queries(app: FastAPI) -> Iterator[list[str]]:
    """The statements of what is asked within: not those of what the server does meanwhile by itself."""
    queries: list[str] = []

    def note(*told: object) -> None:
        if COUNTED.get() is queries:
            queries.append(str(told[2]))

    engine = app.state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    token = COUNTED.set(queries)
    yield queries
    COUNTED.reset(token)
    event.remove(engine, "before_cursor_execute", note)


async def test_the_list_takes_no_more_queries_for_more_sessions(
    app: FastAPI, ada_client: AsyncClient, agent: ScriptedAgent
) -> None:
    counts = []
    async with agent.listening():
        for name in ("gimp", "mousepad", "xterm"):
            made = await begin(ada_client, name)
            agent.open = snapshot(application(name), application("pcmanfm"))
            await ada_client.post(f"{SESSIONS}/{made['id']}/save")
            with counted_queries(app) as queries:
                shown = (await ada_client.get(SESSIONS)).json()["items"]
            counts.append(len(queries))
    assert 0 < counts[0] == counts[1] == counts[2]
    assert [[one["name"] for one in each["applications"]] for each in shown] == [
        ["Xterm", "Pcmanfm"],
        ["Mousepad", "Pcmanfm"],
        ["Gimp", "Pcmanfm"],
    ]


async def test_a_device_of_somebody_else_is_not_there(app: FastAPI, people: People, ada_client: AsyncClient) -> None:
    other = await agent_of(app, await people.add("bob"), "bobs")
    async with other.listening():
        answer = await ada_client.post(SESSIONS, json={"device_id": other.device_id})
        made = await begin(ada_client, "Work")
        elsewhere = await ada_client.post(f"{SESSIONS}/{made['id']}/restore", json={"device_id": other.device_id})
    assert (answer.status_code, answer.json()["type"]) == (404, "no-device")
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (404, "no-device")
    assert other.heard["snapshot"].empty()


async def test_two_devices_have_an_active_session_each(app: FastAPI, ada: User, ada_client: AsyncClient) -> None:
    here, there = await agent_of(app, ada, "here"), await agent_of(app, ada, "there")
    for agent in (here, there):
        await begin(ada_client, "Work", device_id=agent.device_id)
    active = [one["device"]["name"] for one in (await ada_client.get(SESSIONS)).json()["items"] if one["is_active"]]
    assert active == ["there", "here"]
    on_here = (await ada_client.get(SESSIONS, params={"device_id": here.device_id})).json()["items"]
    assert [one["device"]["name"] for one in on_here] == ["here"]


async def test_a_session_is_renamed(ada_client: AsyncClient) -> None:
    made = await begin(ada_client, "Work")
    await begin(ada_client, "Other")
    renamed = await ada_client.patch(f"{SESSIONS}/{made['id']}", json={"name": "My thesis", "description": "2"})
    assert (renamed.json()["name"], renamed.json()["slug"], renamed.json()["description"]) == (
        "My thesis",
        "my-thesis",
        "2",
    )
    taken = await ada_client.patch(f"{SESSIONS}/{made['id']}", json={"name": "OTHER"})
    assert (taken.status_code, taken.json()["type"]) == (409, "name-taken")
    same = await ada_client.patch(f"{SESSIONS}/{made['id']}", json={"name": "my Thesis"})
    assert (same.status_code, same.json()["slug"]) == (200, "my-thesis")


async def test_the_trash_gives_back_until_30_days_are_over(
    app: FastAPI, ada: User, people: People, ada_client: AsyncClient, clock: FrozenClock
) -> None:
    made, kept = await begin(ada_client, "Work"), await begin(ada_client, "Other")
    keeper = SessionKeeper(app.state.database, clock, app.state.settings)
    for one in (made, kept):
        assert (await ada_client.delete(f"{SESSIONS}/{one['id']}")).status_code == 204
    assert (await ada_client.get(SESSIONS)).json()["items"] == []
    assert (await ada_client.post(f"{SESSIONS}/{made['id']}/activate")).json()["type"] == "in-trash"
    assert (await ada_client.post(f"{SESSIONS}/{made['id']}/save")).json()["type"] == "in-trash"
    assert (await ada_client.post(f"{SESSIONS}/{made['id']}/clone", json={})).json()["type"] == "in-trash"
    clock.advance(days=29)
    await keeper.look()
    later = await people.program(ada)
    back = await later.post(f"{SESSIONS}/{kept['id']}/undelete")
    assert (back.status_code, back.json()["deleted_at"], back.json()["slug"]) == (200, None, "other")
    clock.advance(days=1)
    await keeper.look()
    later = await people.program(ada)
    assert [one["name"] for one in (await later.get(SESSIONS)).json()["items"]] == ["Other"]
    assert (await later.get(SESSIONS, params={"deleted": "true"})).json()["items"] == []


async def test_what_is_taken_back_needs_a_free_name(ada_client: AsyncClient) -> None:
    made = await begin(ada_client, "Work")
    await ada_client.delete(f"{SESSIONS}/{made['id']}")
    await begin(ada_client, "Work")
    refused = await ada_client.post(f"{SESSIONS}/{made['id']}/undelete")
    assert (refused.status_code, refused.json()["type"]) == (409, "name-taken")
    await ada_client.patch(f"{SESSIONS}/{made['id']}", json={"name": "Work before"})
    assert (await ada_client.post(f"{SESSIONS}/{made['id']}/undelete")).status_code == 200


async def test_an_active_session_can_be_deleted_for_good(ada_client: AsyncClient, agent: ScriptedAgent) -> None:
    made = await begin(ada_client, "Work")
    assert (await ada_client.delete(f"{SESSIONS}/{made['id']}?for_good=true")).status_code == 204
    assert (await ada_client.get(f"{SESSIONS}/{made['id']}")).status_code == 404
    (policy,) = await agent.present()
    assert policy.data["run"] is None


async def test_a_save_that_equals_the_last_stores_nothing_new(
    ada_client: AsyncClient, agent: ScriptedAgent, clock: FrozenClock
) -> None:
    made = await begin(ada_client, "Work")
    path = f"{SESSIONS}/{made['id']}"
    async with agent.listening():
        for count, name in ((1, "gimp"), (1, "gimp"), (2, "xterm"), (3, "gimp")):
            clock.advance(minutes=1)
            agent.open = snapshot(application(name)) | {"taken_at": clock.now().isoformat()}
            saved = (await ada_client.post(f"{path}/save")).json()
            assert saved["saved_at"] == clock.now().isoformat().replace("+00:00", "Z")
            assert len((await ada_client.get(f"{path}/saves")).json()["items"]) == count


async def test_going_back_makes_the_earlier_save_the_newest(ada_client: AsyncClient, agent: ScriptedAgent) -> None:
    made = await begin(ada_client, "Work")
    path = f"{SESSIONS}/{made['id']}"
    async with agent.listening():
        for name in ("gimp", "xterm"):
            agent.open = snapshot(application(name))
            await ada_client.post(f"{path}/save")
    newest, first = (await ada_client.get(f"{path}/saves")).json()["items"]
    differing = (await ada_client.get(f"{path}/compare", params={"from": first["id"], "to": newest["id"]})).json()
    assert ([one["application"] for one in differing["came"]], differing["same"]) == (["xterm"], 0)
    assert (await ada_client.post(f"{path}/saves/{first['id']}/return")).status_code == 200
    back = (await ada_client.get(f"{path}/saves")).json()["items"][0]
    assert (back["reason"], len((await ada_client.get(f"{path}/saves")).json()["items"])) == ("returned", 3)
    detail = (await ada_client.get(f"{path}/saves/{back['id']}")).json()
    assert [one["application"] for one in detail["snapshot"]["applications"]] == ["gimp"]
    shown = (await ada_client.get(f"{path}/applications")).json()["items"]
    assert [(one["application"], one["is_open"]) for one in shown] == [("gimp", True), ("xterm", False)]
    assert (await ada_client.get(f"{path}/saves/999")).json()["type"] == "no-save"
    assert (await ada_client.get(f"{path}/compare", params={"from": first["id"], "to": 999})).status_code == 404


async def test_saving_works_without_tracking_and_without_consent(reader: AsyncClient, agent: ScriptedAgent) -> None:
    made = await begin(reader, "Work", enable_tracking=False)
    async with agent.listening():
        agent.open = snapshot(application("gimp"))
        saved = (await reader.post(f"{SESSIONS}/{made['id']}/save")).json()
    assert (len(saved["applications"]), saved["is_tracking"]) == (1, False)


async def test_nothing_can_be_saved_of_a_device_that_never_told(ada_client: AsyncClient) -> None:
    made = await begin(ada_client, "Work", activate=False)
    answer = await ada_client.post(f"{SESSIONS}/{made['id']}/save")
    assert (answer.status_code, answer.json()["type"]) == (409, "no-snapshot")


async def test_an_agent_that_does_not_answer_is_waited_for_a_little(
    ada_client: AsyncClient, agent: ScriptedAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messenger, "SNAPSHOT_SECONDS", 0.05)
    made = await begin(ada_client, "Work")
    await agent.reported(seen=snapshot(application("gimp")))
    async with agent.listening():
        agent.is_deaf = True
        saved = await ada_client.post(f"{SESSIONS}/{made['id']}/save")
    assert (saved.status_code, saved.json()["applications"]) == (200, [{"application": "gimp", "name": "Gimp"}])


async def test_clones_are_made_elsewhere_too(
    app: FastAPI, ada: User, ada_client: AsyncClient, agent: ScriptedAgent
) -> None:
    made = await begin(ada_client, "Work", device_id=agent.device_id)
    there = await agent_of(app, ada, "there")
    wish = {"name": "Work", "device_id": there.device_id}
    copy = (await ada_client.post(f"{SESSIONS}/{made['id']}/clone", json=wish)).json()
    assert (copy["device"]["name"], copy["is_active"]) == ("there", False)
    again = await ada_client.post(f"{SESSIONS}/{made['id']}/clone", json=wish)
    assert (again.status_code, again.json()["type"]) == (409, "name-taken")


async def test_a_lesson_is_handed_out_to_a_class(people: People, administrator_client: AsyncClient) -> None:
    lesson = await begin(administrator_client, "Lesson 1")
    bob, eve = await people.add("bob"), await people.add("eve")
    bobs = await people.program(bob)
    own = await begin(bobs, "Lesson 1")
    path = f"{SESSIONS}/{lesson['id']}/copies"
    made = (await administrator_client.post(path, json={"user_ids": [eve.id, bob.id]})).json()["items"]
    assert [one["name"] for one in made] == ["Lesson 1 2", "Lesson 1"]
    assert {one["name"]: one["is_active"] for one in (await bobs.get(SESSIONS)).json()["items"]} == {
        "Lesson 1 2": False,
        "Lesson 1": True,
    }
    assert own["is_active"] is True
    refused = await administrator_client.post(path, json={"user_ids": [bob.id, 999]})
    assert (refused.status_code, refused.json()["type"]) == (404, "no-user")
    assert len((await bobs.get(SESSIONS)).json()["items"]) == 2
    denied = await bobs.post(f"{SESSIONS}/{own['id']}/copies", json={"user_ids": [eve.id]})
    assert (denied.status_code, denied.json()["type"]) == (403, "right-missing")


async def test_a_lesson_is_handed_out_to_groups_once_for_each_person(
    people: People, administrator_client: AsyncClient
) -> None:
    lesson = await begin(administrator_client, "Lesson 1")
    path = f"{SESSIONS}/{lesson['id']}/copies"
    grace = (await administrator_client.get("/api/v1/auth/me")).json()["id"]
    bob, eve, zoe = [await people.add(name) for name in ("bob", "eve", "zoe")]
    for group_id, (name, ids) in enumerate([("7a", [bob.id]), ("7b", [bob.id, eve.id]), ("Course", [grace])], start=1):
        (await administrator_client.post("/api/v1/groups", json={"name": name})).raise_for_status()
        members = {"members": [{"user_id": user_id} for user_id in ids]}
        (await administrator_client.post(f"/api/v1/groups/{group_id}/members", json=members)).raise_for_status()
    nobody = await administrator_client.post(path, json={"group_ids": [3]})
    assert (nobody.status_code, nobody.json()["type"]) == (409, "empty-group")
    assert nobody.json()["detail"].startswith("There is nobody else in these groups")
    (await administrator_client.put("/api/v1/groups/3/nested/2")).raise_for_status()
    wish = {"group_ids": [1, 3], "user_ids": [eve.id, zoe.id], "name": "First lesson"}
    made = await administrator_client.post(path, json=wish)
    assert [one["name"] for one in made.json()["items"]] == ["First lesson"] * 3
    for person in (bob, eve, zoe):
        sessions = (await (await people.program(person)).get(SESSIONS)).json()["items"]
        assert [one["name"] for one in sessions] == ["First lesson"]


async def test_a_role_lets_hand_out_to_whom_one_looks_after(people: People) -> None:
    tim, ada, bob = [await people.add(name) for name in ("tim", "ada", "bob")]
    root = await people.add("root", Role.ADMINISTRATOR)
    group = await people.look_after(tim, ada, root)
    tims = await people.program(tim)
    path = f"{SESSIONS}/{(await begin(tims, 'Lesson 1'))['id']}/copies"
    assert (await tims.post(path, json={"user_ids": [ada.id]})).status_code == 403
    await people.give(tim, "sessions:write!group")
    made = await tims.post(path, json={"group_ids": [group.id]})
    assert (made.status_code, len(made.json()["items"])) == (201, 1), "only Ada: root administers the server"
    for other in (bob, root):
        refused = await tims.post(path, json={"user_ids": [ada.id, other.id]})
        assert (refused.status_code, refused.json()["type"]) == (404, "no-user")
    adas = (await (await people.program(ada)).get(SESSIONS)).json()["items"]
    assert [one["name"] for one in adas] == ["Lesson 1"]


async def test_no_role_leads_into_the_sessions_of_others(people: People, administrator_client: AsyncClient) -> None:
    ada, tim = await people.add("ada"), await people.add("tim")
    await people.look_after(tim, ada)
    await people.give(tim, "sessions:write!all")
    own = f"{SESSIONS}/{(await begin(await people.program(ada), 'Mine'))['id']}"
    for other in (await people.program(tim), administrator_client):
        assert (await other.get(SESSIONS)).json()["items"] == []
        assert [(await other.get(own)).status_code, (await other.delete(own)).status_code] == [404, 404]


@pytest.mark.parametrize(
    "wrong",
    [{}, {"user_ids": [], "group_ids": []}, {"group_ids": [99]}, {"group_ids": ["7b"]}, {"group_ids": [1] * 1001}],
)
async def test_copies_for_nobody_are_refused(administrator_client: AsyncClient, wrong: dict[str, object]) -> None:
    lesson = await begin(administrator_client, "Lesson 1")
    answer = await administrator_client.post(f"{SESSIONS}/{lesson['id']}/copies", json=wrong)
    assert answer.status_code == 422
    assert len((await administrator_client.get(SESSIONS)).json()["items"]) == 1


async def test_a_session_is_taken_along_as_a_file(
    people: People, ada_client: AsyncClient, agent: ScriptedAgent
) -> None:
    made = await begin(ada_client, "Work", description="Chapter 2")
    async with agent.listening():
        for name in ("gimp", "xterm"):
            agent.open = snapshot(application(name, "/home/ada/a b"))
            await ada_client.post(f"{SESSIONS}/{made['id']}/save")
    file = (await ada_client.get(f"{SESSIONS}/{made['id']}/export")).json()
    bob = await people.program(await people.add("bob"))
    taken = await bob.post(f"{SESSIONS}/import", json=file)
    assert (taken.status_code, taken.json()["name"], taken.json()["description"]) == (201, "Work", "Chapter 2")
    again = (await bob.get(f"{SESSIONS}/{taken.json()['id']}/export")).json()
    assert [one["snapshot"] for one in again["saves"]] == [one["snapshot"] for one in file["saves"]]
    assert (await bob.post(f"{SESSIONS}/import", json=file)).json()["type"] == "name-taken"


async def test_events_tell_of_sessions_and_restores(
    app: FastAPI, ada_client: AsyncClient, agent: ScriptedAgent
) -> None:
    with app.state.bus.subscribe() as events:
        made = await begin(ada_client, "Work")
        async with agent.listening():
            agent.open = snapshot(application("gimp"))
            await ada_client.post(f"{SESSIONS}/{made['id']}/save")
            await ada_client.post(f"{SESSIONS}/{made['id']}/restore", json={})
        await ada_client.delete(f"{SESSIONS}/{made['id']}")
        told: dict[str, list[Json]] = {}
        while {"session", "restore", "session-deleted"} - told.keys():
            event = await _as_sent(app.state.database, await anext(events))
            if event is not None and event.event is not None:
                told.setdefault(event.event, []).append(jsonable_encoder(event.data))
    assert told["session"][0]["name"] == "Work"
    assert told["restore"][0]["applications"][0]["application"] == "gimp"
    assert told["session-deleted"] == [{"id": made["id"]}]
