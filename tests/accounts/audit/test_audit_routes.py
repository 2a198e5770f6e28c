"""The audit over HTTP: what is in it, who may see it, and what people see of what concerns them."""

import json
import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx import ASGITransport, AsyncClient
from sqlalchemy import select
from tests.clock import FrozenClock
from tests.people import People

from deskbay.accounts.audit.keeper import AuditKeeper
from deskbay.accounts.audit.schemas import AuditEntryOut, AuditList, ObjectOut
from deskbay.accounts.models import Role, User
from deskbay.database.audit import chain
from deskbay.database.audit.circumstances import Actor, ActorKind, Circumstances, act_as, under
from deskbay.database.audit.happenings import Happening
from deskbay.database.audit.looks import looked, note
from deskbay.database.audit.models import Action, AuditEntry
from deskbay.settings import Settings


async def fail() -> None:
    raise RuntimeError


async def entries_of(client: AsyncClient, **question: str | int) -> list[AuditEntryOut]:
    answer = await client.get("/api/v1/audit", params=question)
    answer.raise_for_status()
    return AuditList.model_validate(answer.json()).items


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


class TestWhoMaySeeIt:
    @pytest.mark.parametrize("path", ["audit", "audit/export", "history"])
    async def test_nobody_without_signing_in(self, client: AsyncClient, path: str) -> None:
        assert (await client.get(f"/api/v1/{path}")).status_code == 401

    @pytest.mark.parametrize("path", ["audit", "audit/export"])
    async def test_administrators_only(self, user_client: AsyncClient, path: str) -> None:
        assert (await user_client.get(f"/api/v1/{path}")).status_code == 403

    def test_no_route_changes_it(self, app: FastAPI) -> None:
        paths = {path: set(ways) for path, ways in app.openapi()["paths"].items() if "audit" in path}
        assert paths == {"/api/v1/audit": {"get"}, "/api/v1/audit/export": {"get"}}


class TestEntries:
    async def test_an_administrators_change_is_told_in_whole(
        self, administrator_client: AsyncClient, ada: User
    ) -> None:
        answer = await administrator_client.post(
            f"/api/v1/users/{ada.id}/disable", headers={"X-Request-ID": "from-the-proxy"}
        )
        assert answer.headers["X-Request-ID"] == "from-the-proxy"
        (entry,) = await entries_of(administrator_client, object_kind="users", action="changed")
        assert (entry.actor.kind, entry.actor.name, entry.actor.token) == (ActorKind.PERSON, "grace", None)
        assert entry.object == ObjectOut(kind="users", id=str(ada.id), name="ada")
        assert (entry.before, set(entry.after or {})) == ({"disabled_at": None}, {"disabled_at"})
        assert (entry.owner_id, entry.request_id, entry.address) == (ada.id, "from-the-proxy", "127.0.0.1")
        assert len(entry.digest) == 64

    @pytest.mark.parametrize("given", ["", "short", "a" * 65, "with space in it", "ümläutümläut"])
    async def test_a_request_gets_a_name_where_it_has_no_good_one(self, client: AsyncClient, given: str) -> None:
        answer = await client.get("/api/v1/about", headers=[(b"X-Request-ID", given.encode())])
        assert answer.headers["X-Request-ID"] != given
        assert len(answer.headers["X-Request-ID"]) == 32

    async def test_one_that_fails_has_a_name_too(self, app: FastAPI) -> None:
        app.router.routes.insert(0, APIRoute("/api/v1/fails", fail))
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            answer = await client.get("/api/v1/fails")
        assert (answer.status_code, len(answer.headers["X-Request-ID"])) == (500, 32)

    async def test_what_a_token_does_is_told_as_its_persons(
        self, administrator_client: AsyncClient, client: AsyncClient, ada: User
    ) -> None:
        wish = {"name": "Robot", "scopes": ["people:write"]}
        made = (await administrator_client.post("/api/v1/tokens", json=wish)).json()
        client.headers["Authorization"] = f"Bearer {made['token']}"
        (await client.post(f"/api/v1/users/{ada.id}/disable")).raise_for_status()
        (entry,) = await entries_of(administrator_client, actor_kind="token")
        assert (entry.actor.name, entry.actor.token) == ("grace", "Robot")
        assert made["token"] not in str(await entries_of(administrator_client))

    async def test_what_was_refused_leaves_no_change(
        self, user_client: AsyncClient, administrator_client: AsyncClient
    ) -> None:
        assert (await user_client.post("/api/v1/users/1/disable")).status_code == 403
        assert await entries_of(administrator_client, object_kind="users", action="changed") == []

    async def test_signing_in_is_told_as_the_persons_own(
        self, client: AsyncClient, administrator_client: AsyncClient, ada: User
    ) -> None:
        given = {"username": "ada", "password": "correct horse battery"}
        (await client.post("/api/v1/auth/token", json=given)).raise_for_status()
        (entry,) = await entries_of(administrator_client, object_kind="logins", owner_id=ada.id)
        assert (entry.actor.id, entry.action) == (ada.id, "created")
        assert "correct horse" not in str(entry)


class TestFilters:
    async def test_each_narrows_it(self, administrator_client: AsyncClient, ada: User, app: FastAPI) -> None:
        (await administrator_client.post(f"/api/v1/users/{ada.id}/disable")).raise_for_status()
        app.state.clock.advance(minutes=1)
        (await administrator_client.post(f"/api/v1/users/{ada.id}/enable")).raise_for_status()
        of_ada = {"object_kind": "users", "object_id": str(ada.id)}
        enabled, disabled, created = await entries_of(administrator_client, **of_ada)
        assert [enabled.action, disabled.action, created.action] == ["changed", "changed", "created"]
        at = enabled.at.isoformat()
        assert await entries_of(administrator_client, **of_ada, **{"from": at}) == [enabled]
        assert await entries_of(administrator_client, **of_ada, to=at) == [disabled, created]
        assert await entries_of(administrator_client, **of_ada, action="created") == [created]
        assert await entries_of(administrator_client, **of_ada, actor_kind="system") == [created]
        assert await entries_of(administrator_client, **of_ada, actor="GRA") == [enabled, disabled]
        assert await entries_of(administrator_client, **of_ada, actor="%") == []
        grace = enabled.actor.id or 0
        assert await entries_of(administrator_client, **of_ada, actor_id=grace) == [enabled, disabled]
        assert await entries_of(administrator_client, request_id=str(enabled.request_id)) == [enabled]

    async def test_pages_follow_each_other(self, administrator_client: AsyncClient, people: People) -> None:
        for name in ("a-one", "a-two", "a-three"):
            await people.add(name)
        seen: list[int] = []
        cursor: dict[str, int] = {}
        while True:
            page = (await administrator_client.get("/api/v1/audit", params={"limit": 2, **cursor})).json()
            seen += [entry["id"] for entry in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert seen == sorted(seen, reverse=True)
        assert seen[-1] == 1

    @pytest.mark.parametrize(
        "question",
        ["action=dropped", "actor_kind=ghost", "from=2026-01-05", "actor_id=0", "actor_id=x", "limit=0", "cursor=0"],
    )
    async def test_bad_ones_are_refused(self, administrator_client: AsyncClient, question: str) -> None:
        for path in ("audit", "audit/export"):
            if path == "audit" or question.partition("=")[0] not in {"limit", "cursor"}:
                assert (await administrator_client.get(f"/api/v1/{path}?{question}")).status_code == 422


class TestExport:
    async def test_it_is_a_line_of_json_for_each_that_can_be_checked(
        self, administrator_client: AsyncClient, people: People, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("deskbay.accounts.audit.service.BATCH", 2)
        for name in ("a-one", "a-two", "a-three"):
            await people.add(name)
        answer = await administrator_client.get("/api/v1/audit/export")
        assert answer.headers["content-type"] == "application/x-ndjson"
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert [line["id"] for line in lines] == list(range(1, len(lines) + 1))
        assert lines[-1]["action"] == "downloaded"

    async def test_it_takes_the_same_filters(self, administrator_client: AsyncClient, ada: User) -> None:
        answer = await administrator_client.get("/api/v1/audit/export", params={"object_kind": "users"})
        told = [json.loads(line)["object"] for line in answer.text.splitlines()]
        assert {one["kind"] for one in told} == {"users"}
        assert str(ada.id) in {one["id"] for one in told}


class TestLooks:
    @pytest.fixture
    def grace(self) -> Actor:
        return Actor(ActorKind.PERSON, 77)

    async def numbers(self, app: FastAPI, action: Action) -> int:
        async with app.state.database.read() as db:
            return len(list(await db.scalars(select(AuditEntry.id).where(AuditEntry.action == action))))

    async def look(self, app: FastAPI, actor: Actor, owner_id: int | None, action: Action = Action.LOOKED) -> None:
        with under(Circumstances(actor=actor)):
            await looked(app.state.database, action, "desktops", 5, owner_id=owner_id)

    async def test_ones_own_is_nobodys_business(self, app: FastAPI, grace: Actor) -> None:
        await self.look(app, grace, owner_id=77)
        assert await self.numbers(app, Action.LOOKED) == 0

    async def test_the_same_look_again_is_one_for_a_while(self, app: FastAPI, clock: FrozenClock, grace: Actor) -> None:
        for _ in range(3):
            await self.look(app, grace, owner_id=1)
        assert await self.numbers(app, Action.LOOKED) == 1
        clock.advance(minutes=11)
        await self.look(app, grace, owner_id=1)
        assert await self.numbers(app, Action.LOOKED) == 2

    async def test_another_person_or_another_doing_is_another(self, app: FastAPI, grace: Actor) -> None:
        await self.look(app, grace, owner_id=1)
        await self.look(app, Actor(ActorKind.PERSON, 78), owner_id=1)
        await self.look(app, grace, owner_id=1, action=Action.ENTERED)
        assert (await self.numbers(app, Action.LOOKED), await self.numbers(app, Action.ENTERED)) == (2, 1)

    @pytest.mark.parametrize(
        "path",
        [
            "activity?user_id={}&from=2026-01-01&to=2026-01-02",
            "sign-ins?user_id={}",
            "reports/hours?user_id={}&from=2026-01-01&to=2026-01-02",
            "reports/hours.csv?user_id={}&from=2026-01-01&to=2026-01-02",
        ],
    )
    async def test_looks_at_what_another_did_are_told(
        self, app: FastAPI, administrator_client: AsyncClient, ada: User, path: str
    ) -> None:
        (await administrator_client.get(f"/api/v1/{path.format(ada.id)}")).raise_for_status()
        assert await self.numbers(app, Action.LOOKED) == 1
        (entry,) = await entries_of(administrator_client, action="looked")
        assert (entry.object, entry.owner_id) == (ObjectOut(kind="activity", id=str(ada.id), name="ada"), ada.id)


class TestFailures:
    async def test_administrators_see_who_was_tried_from_where(
        self, client: AsyncClient, administrator_client: AsyncClient, ada: User
    ) -> None:
        for name in ("ada", "nobody-here"):
            await client.post("/api/v1/auth/token", json={"username": name, "password": "wrong horse"})
        unknown, known = await entries_of(administrator_client, action="refused", actor_kind="nobody")
        assert (known.object.name, known.owner_id, known.address) == ("ada", ada.id, "127.0.0.1")
        assert (unknown.object, unknown.owner_id) == (ObjectOut(kind="users", id=None, name=None), None)
        assert "nobody-here" not in unknown.model_dump_json()

    async def test_ones_own_password_that_was_wrong_is_told_of_oneself(
        self, people: People, administrator_client: AsyncClient, ada: User
    ) -> None:
        mine = await people.program(ada)
        answer = await mine.patch("/api/v1/profile", json={"email": "other@example.org", "password": "wrong horse"})
        assert answer.status_code == 403
        (entry,) = await entries_of(administrator_client, action="refused")
        assert (entry.actor.name, entry.after) == ("ada", {"attempt": "password", "why": "wrong-password"})


class TestHistory:
    async def test_it_tells_what_others_did_with_ones_things(
        self, people: People, administrator_client: AsyncClient, ada: User
    ) -> None:
        mine = await people.program(ada)
        (await administrator_client.post(f"/api/v1/users/{ada.id}/disable")).raise_for_status()
        (await administrator_client.post(f"/api/v1/users/{ada.id}/enable")).raise_for_status()
        mine = await people.program(ada)
        items = (await mine.get("/api/v1/history")).json()["items"]
        assert [(one["actor"]["name"], one["object"]["kind"]) for one in items if one["object"]["kind"] == "users"] == [
            ("grace", "users"),
            ("grace", "users"),
        ]
        assert "address" not in items[0]

    async def test_it_tells_who_tried_ones_account_and_failed(
        self, people: People, client: AsyncClient, ada: User
    ) -> None:
        mine = await people.program(ada)
        wrong = await client.post("/api/v1/auth/token", json={"username": "Ada", "password": "wrong horse"})
        assert wrong.status_code == 401
        (entry,) = (await mine.get("/api/v1/history")).json()["items"]
        assert (entry["actor"], entry["action"]) == (
            {"kind": "nobody", "id": None, "name": None, "token": None},
            "refused",
        )
        assert entry["object"] == {"kind": "users", "id": str(ada.id), "name": "ada"}
        assert entry["after"] == {"attempt": "sign-in", "why": "wrong-credentials"}

    async def test_it_tells_nothing_of_others(
        self, people: People, administrator_client: AsyncClient, ada: User
    ) -> None:
        (await administrator_client.post(f"/api/v1/users/{ada.id}/disable")).raise_for_status()
        bob = await people.program(await people.add("bob"))
        assert (await bob.get("/api/v1/history")).json() == {"items": [], "next_cursor": None}

    async def test_it_tells_nothing_of_what_one_did_oneself(self, people: People, ada: User) -> None:
        mine = await people.program(ada)
        (await mine.patch("/api/v1/profile", json={"full_name": "Ada L."})).raise_for_status()
        assert (await mine.get("/api/v1/history")).json()["items"] == []

    async def test_it_tells_what_deskbay_itself_did_to_ones_desktops(
        self, app: FastAPI, user_client: AsyncClient
    ) -> None:
        ada = (await user_client.get("/api/v1/auth/me")).json()["id"]
        async with app.state.database.write() as db:
            note(db, Happening(Action.CHANGED, "desktops", "1", ada, {"wanted": "running"}, {"wanted": "stopped"}))
            note(db, Happening(Action.DELETED, "logins", "1", ada))
        (entry,) = (await user_client.get("/api/v1/history")).json()["items"]
        assert (entry["actor"]["kind"], entry["object"]["kind"]) == ("system", "desktops")


async def test_removed_people_have_no_name_any_more(app: FastAPI, administrator_client: AsyncClient, ada: User) -> None:
    (await administrator_client.post(f"/api/v1/users/{ada.id}/disable")).raise_for_status()
    async with app.state.database.write() as db:
        user = await db.get_one(User, ada.id)
        user.username, user.email, user.removed_at = f"removed-{user.uuid}", None, app.state.clock.now()
    told = await entries_of(administrator_client, object_kind="users", object_id=str(ada.id))
    assert {entry.object.name for entry in told} == {None}
    assert "ada" not in re.findall(r"\w+", str(told))


class TestKeeper:
    async def test_what_is_too_old_goes_and_that_is_told(
        self, app: FastAPI, clock: FrozenClock, people: People
    ) -> None:
        await people.add("ada", Role.USER)
        clock.advance(days=40)
        settings = Settings(data=app.state.settings.data, audit_days=31)
        await AuditKeeper(app.state.database, clock, settings).look()
        async with app.state.database.read() as db:
            (entry,) = list(await db.scalars(select(AuditEntry)))
            assert (await chain.verify(db)).broken_id is None
        assert (entry.action, entry.object_kind, entry.before) == ("deleted", "audit_entries", '{"up_to":1}')

    async def test_without_the_setting_all_is_kept(self, app: FastAPI, clock: FrozenClock, people: People) -> None:
        await people.add("ada")
        clock.advance(days=4000)
        await AuditKeeper(app.state.database, clock, app.state.settings).look()
        async with app.state.database.read() as db:
            assert len(list(await db.scalars(select(AuditEntry)))) == 1

    async def test_a_look_again_finds_nothing(self, app: FastAPI, clock: FrozenClock) -> None:
        keeper = AuditKeeper(app.state.database, clock, Settings(data=app.state.settings.data, audit_days=31))
        with under(Circumstances()):
            act_as(Actor(ActorKind.PERSON, 1))
            await looked(app.state.database, Action.LOOKED, "desktops", 1, owner_id=2)
        clock.advance(days=32)
        await keeper.look()
        await keeper.look()
        async with app.state.database.read() as db:
            assert [entry.at for entry in await db.scalars(select(AuditEntry))] == [clock.now() + timedelta()]
