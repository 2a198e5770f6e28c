"""Volumes over HTTP: made, shared, attached, grown and deleted by those who may. The keeper looks when it is told."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select, update
from tests.desktops.first_start import first_start
from tests.desktops.stores import StoringRuntime
from tests.people import People

from deskbay.accounts.groups.models import Group, Member
from deskbay.accounts.models import User
from deskbay.desktops.models import Desktop, State, Wanted
from deskbay.desktops.runtimes import Runtime
from deskbay.desktops.volume_keeper import VolumeKeeper
from deskbay.volumes.models import Attachment

ALL = "/api/v1/volumes"
ADAS = f"{ALL}/1"
SHARES = f"{ADAS}/shares"
IN_DESKTOP = f"{ADAS}/desktops/1"
WISH = {"name": "Thesis", "size_mb": 1024}
SEEN: list[tuple[str, str, object]] = [("GET", ADAS, None), ("PUT", IN_DESKTOP, {}), ("DELETE", IN_DESKTOP, None)]
MANAGED: list[tuple[str, str, object]] = [
    ("PATCH", ADAS, {"size_mb": 2048}),
    ("POST", f"{ADAS}/retry", None),
    ("GET", SHARES, None),
    ("PUT", SHARES, {"everyone": "write"}),
    ("DELETE", ADAS, None),
]
OF_ADMINISTRATORS: list[tuple[str, str, object]] = [
    ("GET", f"{ADAS}/templates", None),
    ("PUT", f"{ADAS}/templates", {"template_ids": [1]}),
]
EVERY = [("GET", ALL, None), ("POST", ALL, WISH), ("GET", f"{ALL}/places", None), *SEEN, *MANAGED, *OF_ADMINISTRATORS]


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": StoringRuntime()}


@pytest.fixture
def keeper(app: FastAPI) -> VolumeKeeper:
    return VolumeKeeper(app.state.database, app.state.clock, app.state.runtimes)


@pytest.fixture(autouse=True)
async def adas_volume(app: FastAPI, user_client: AsyncClient, keeper: VolumeKeeper) -> None:
    """Ada has the volume 1 and the desktop 1."""
    await first_start(app.state.database)
    (await user_client.post(ALL, json=WISH)).raise_for_status()
    await keeper.look()
    (await user_client.post("/api/v1/desktops", json={"template": "desktop"})).raise_for_status()


@pytest.fixture
async def eve(people: People) -> AsyncClient:
    return await people.program(await people.add("eve"))


async def put(app: FastAPI, **columns: object) -> None:
    """Have Ada's desktop be as the reconciler would make it."""
    async with app.state.database.write() as db:
        await db.execute(update(Desktop).where(Desktop.id == 1).values(**columns))


async def desktop(client: AsyncClient) -> dict[str, Any]:
    shown: dict[str, Any] = (await client.get("/api/v1/desktops/1")).json()
    return shown


async def names(client: AsyncClient, query: str = "") -> list[str]:
    return [volume["name"] for volume in (await client.get(ALL + query)).json()["items"]]


@pytest.mark.parametrize(("method", "path", "body"), EVERY)
async def test_anonymous_gets_401(client: AsyncClient, method: str, path: str, body: object) -> None:
    assert (await client.request(method, path, json=body)).status_code == 401


@pytest.mark.parametrize(("method", "path", "body"), SEEN + MANAGED)
async def test_a_volume_of_somebody_else_is_not_found(
    eve: AsyncClient, user_client: AsyncClient, method: str, path: str, body: object
) -> None:
    assert (await eve.request(method, path, json=body)).status_code == 404
    assert await names(eve) == []
    assert (await user_client.get(ADAS)).json()["size_mb"] == 1024


@pytest.mark.parametrize(("method", "path", "body"), MANAGED)
async def test_those_with_whom_it_is_shared_do_not_manage_it(
    eve: AsyncClient, user_client: AsyncClient, method: str, path: str, body: object
) -> None:
    await user_client.put(SHARES, json={"everyone": "write"})
    answer = await eve.request(method, path, json=body)
    assert (answer.status_code, answer.json()["type"]) == (403, "not-yours")
    assert (await user_client.get(ADAS)).json()["size_mb"] == 1024


@pytest.mark.parametrize(("method", "path", "body"), SEEN + MANAGED)
async def test_what_is_not_there_gets_404(
    administrator_client: AsyncClient, method: str, path: str, body: object
) -> None:
    answer = await administrator_client.request(method, path.replace("volumes/1", "volumes/99"), json=body)
    assert (answer.status_code, answer.json()["type"]) == (404, "unknown-volume")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"name": "", "size_mb": 1024}, 422, "body.name"),
        ({"name": "a\nb", "size_mb": 1024}, 422, "body.name"),
        ({"name": "Big", "size_mb": 0}, 422, "body.size_mb"),
        ({"name": "Big", "size_mb": 10, "owner_id": 3}, 422, "body.owner_id"),
        ({**WISH}, 409, "There is a volume “Thesis” of ada’s already"),
        ({"name": "Big", "size_mb": 100 * 1024}, 409, "100 GiB in all: 101376 MiB are left"),
        ({"name": "Far", "size_mb": 64, "runtime": "moon"}, 422, "no runtime “moon” that has room for volumes"),
    ],
)
async def test_what_can_not_be_made_says_why(
    user_client: AsyncClient, body: dict[str, object], status: int, words: str
) -> None:
    answer = await user_client.post(ALL, json=body)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    assert await names(user_client) == ["Thesis"]


async def test_it_is_made_once_for_each_idempotency_key(user_client: AsyncClient, keeper: VolumeKeeper) -> None:
    key = {"Idempotency-Key": "once"}
    first = (await user_client.post(ALL, json={"name": "Data", "size_mb": 64}, headers=key)).json()
    again = (await user_client.post(ALL, json={"name": "Data", "size_mb": 64}, headers=key)).json()
    assert (first["id"], first["state"], first["used_mb"]) == (again["id"], "pending", None)
    for _ in range(2):
        await keeper.look()
    made = (await user_client.get(f"{ALL}/{first['id']}")).json()
    assert (made["state"], made["used_mb"], made["is_size_enforced"], made["runtime"]) == ("ready", 0, True, "local")
    assert await names(user_client) == ["Data", "Thesis"]


async def test_it_is_renamed_and_grows_but_never_shrinks(user_client: AsyncClient, keeper: VolumeKeeper) -> None:
    changed = (await user_client.patch(ADAS, json={"name": "Diss", "size_mb": 2048})).json()
    assert (changed["name"], changed["size_mb"], changed["state"]) == ("Diss", 2048, "pending")
    await keeper.look()
    assert (await user_client.get(ADAS)).json()["state"] == "ready"
    smaller = await user_client.patch(ADAS, json={"size_mb": 1024})
    assert (smaller.status_code, smaller.json()["type"]) == (422, "smaller")
    larger = await user_client.patch(ADAS, json={"size_mb": 200 * 1024})
    assert (larger.status_code, larger.json()["type"]) == (409, "limit-reached")
    assert (await user_client.get(ADAS)).json()["size_mb"] == 2048


async def test_places_tell_what_is_left(user_client: AsyncClient, administrator_client: AsyncClient) -> None:
    left = (await user_client.get(f"{ALL}/places")).json()
    assert left == {"items": [{"runtime": "local", "is_size_enforced": True}], "free_mb": 99 * 1024}
    await administrator_client.put("/api/v1/runtimes/1", json={"is_drained": True})
    assert (await user_client.get(f"{ALL}/places")).json()["items"] == []
    assert (await user_client.post(ALL, json={"name": "No", "size_mb": 64})).json()["type"] == "no-place"


async def test_administrators_see_and_manage_everyones(eve: AsyncClient, administrator_client: AsyncClient) -> None:
    assert await names(administrator_client) == []
    assert await names(administrator_client, "?all=true") == ["Thesis"]
    assert (await eve.get(f"{ALL}?all=true")).status_code == 403
    shown = (await administrator_client.patch(ADAS, json={"size_mb": 2048})).json()
    assert (shown["owner"]["username"], shown["may_manage"], shown["access"]) == ("ada", True, "write")


async def test_it_is_attached_to_a_stopped_desktop_and_detached(app: FastAPI, user_client: AsyncClient) -> None:
    await put(app, wanted=Wanted.STOPPED, state=State.STOPPED)
    attached = (await user_client.put(IN_DESKTOP)).json()
    assert [(use["name"], use["is_read_only"]) for use in attached["desktops"]] == [("Desktop", False)]
    shown = await desktop(user_client)
    assert shown["volumes"] == [{"id": 1, "name": "Thesis", "path": "/storage", "is_read_only": False}]
    assert (shown["state"], shown["reason"]) == ("stopped", None)
    assert (await user_client.delete(IN_DESKTOP)).json()["desktops"] == []
    assert (await user_client.delete(IN_DESKTOP)).status_code == 200
    assert (await desktop(user_client))["volumes"] == []


async def test_a_running_desktop_is_started_again_around_it(app: FastAPI, user_client: AsyncClient) -> None:
    await put(app, state=State.RUNNING)
    await user_client.put(IN_DESKTOP)
    shown = await desktop(user_client)
    assert (shown["wanted"], shown["state"]) == ("running", "stopping")
    assert shown["reason"] == "It is started again with “Thesis” at /storage."
    await put(app, state=State.RUNNING)
    await user_client.put(IN_DESKTOP)
    assert (await desktop(user_client))["state"] == "running"  # it has it already
    await user_client.delete(IN_DESKTOP)
    assert (await desktop(user_client))["reason"] == "It is started again without “Thesis”."
    history = (await user_client.get("/api/v1/desktops/1/history")).json()["items"]
    assert [(one["state"], one["actor"]["username"]) for one in history[:2]] == [("stopping", "ada")] * 2


async def test_a_desktop_has_one_at_a_time(user_client: AsyncClient, keeper: VolumeKeeper) -> None:
    other = (await user_client.post(ALL, json={"name": "Data", "size_mb": 64})).json()["id"]
    early = await user_client.put(f"{ALL}/{other}/desktops/1")
    assert (early.status_code, early.json()["type"]) == (409, "volume-not-ready")
    await keeper.look()
    await user_client.put(IN_DESKTOP)
    second = await user_client.put(f"{ALL}/{other}/desktops/1")
    assert (second.status_code, second.json()["type"]) == (409, "has-another-volume")
    assert "“Thesis” at /storage. Detach that first." in second.json()["detail"]


async def test_a_desktop_of_somebody_else_is_not_found(user_client: AsyncClient, eve: AsyncClient) -> None:
    await user_client.put(SHARES, json={"everyone": "write"})
    assert (await eve.put(IN_DESKTOP)).status_code == 404
    assert (await eve.delete(IN_DESKTOP)).status_code == 404
    assert (await user_client.put(f"{ADAS}/desktops/99")).status_code == 404


async def test_a_desktop_has_one_from_its_launch(user_client: AsyncClient, eve: AsyncClient) -> None:
    wish = {"template": "desktop", "volume_id": 1}
    launched = (await user_client.post("/api/v1/desktops", json=wish)).json()
    assert [volume["name"] for volume in launched["volumes"]] == ["Thesis"]
    assert (await eve.post("/api/v1/desktops", json=wish)).status_code == 404
    assert (await eve.get("/api/v1/desktops")).json()["items"] == []


async def test_it_is_not_had_where_it_does_not_lie(
    user_client: AsyncClient, administrator_client: AsyncClient, keeper: VolumeKeeper
) -> None:
    await administrator_client.post("/api/v1/runtimes", json={"slug": "second", "kind": "local"})
    elsewhere = {"name": "Far", "size_mb": 64, "runtime": "second"}
    far = (await user_client.post(ALL, json=elsewhere)).json()["id"]
    await keeper.look()
    answer = await user_client.put(f"{ALL}/{far}/desktops/1")
    assert (answer.status_code, answer.json()["type"]) == (409, "other-runtime")
    launched = await user_client.post("/api/v1/desktops", json={"template": "desktop", "volume_id": far})
    assert launched.status_code == 201
    assert (await administrator_client.delete("/api/v1/runtimes/2")).json()["type"] == "runtime-in-use"
    await administrator_client.put("/api/v1/runtimes/2", json={"is_drained": True})
    refused = await user_client.post("/api/v1/desktops", json={"template": "desktop", "volume_id": far})
    assert (refused.status_code, refused.json()["type"]) == (409, "other-runtime")


async def test_it_is_not_deleted_while_a_desktop_has_it(user_client: AsyncClient, keeper: VolumeKeeper) -> None:
    await user_client.put(IN_DESKTOP)
    answer = await user_client.delete(ADAS)
    assert (answer.status_code, answer.json()["type"]) == (409, "volume-in-use")
    assert answer.json()["detail"] == "1 desktop has “Thesis”. Detach it there first, then delete it."
    await user_client.delete(IN_DESKTOP)
    assert (await user_client.delete(ADAS)).status_code == 204
    assert (await user_client.get(ADAS)).json()["state"] == "deleting"
    assert (await user_client.put(IN_DESKTOP)).status_code == 404
    await keeper.look()
    assert (await user_client.get(ADAS)).status_code == 404
    assert (await user_client.post(ALL, json=WISH)).status_code == 201  # the name is free again


@pytest.mark.parametrize(("method", "path", "body"), OF_ADMINISTRATORS)
async def test_only_administrators_give_it_to_templates(
    user_client: AsyncClient, eve: AsyncClient, method: str, path: str, body: object
) -> None:
    for person in (user_client, eve):
        answer = await person.request(method, path, json=body)
        assert (answer.status_code, answer.json()["type"]) == (403, "right-missing")


async def test_every_desktop_of_a_template_has_what_is_given_to_it(
    user_client: AsyncClient, administrator_client: AsyncClient
) -> None:
    given = await administrator_client.put(f"{ADAS}/templates", json={"template_ids": [1, 2], "is_read_only": False})
    shown = {"template_ids": [1, 2], "is_read_only": False, "path": "/shared/thesis"}
    assert (given.status_code, given.json()) == (200, shown)
    assert (await administrator_client.get(f"{ADAS}/templates")).json() == shown
    (has,) = (await desktop(user_client))["volumes"]
    assert has == {"id": 1, "name": "Thesis", "path": "/shared/thesis", "is_read_only": False}
    for wish, kind in (([1, 99], "unknown-template"), ([], None)):
        answer = await administrator_client.put(f"{ADAS}/templates", json={"template_ids": wish})
        assert answer.json().get("type") == kind
    assert (await desktop(user_client))["volumes"] == []


async def test_a_template_is_given_only_what_all_its_desktops_can_have(
    user_client: AsyncClient, administrator_client: AsyncClient
) -> None:
    await administrator_client.post("/api/v1/runtimes", json={"slug": "second", "kind": "local"})
    far = {"name": "Far", "size_mb": 64, "runtime": "second"}
    for wish in (far, {"name": "thesis!", "size_mb": 64}):
        await user_client.post(ALL, json=wish)
    await administrator_client.put(f"{ADAS}/templates", json={"template_ids": [1]})
    refused = [
        (await administrator_client.put(f"{ALL}/{key}/templates", json={"template_ids": [1]})).json()["type"]
        for key in (2, 3)
    ]
    assert refused == ["other-runtime", "path-taken"]


async def test_it_is_not_deleted_while_a_template_gives_it(
    user_client: AsyncClient, administrator_client: AsyncClient
) -> None:
    await administrator_client.put(f"{ADAS}/templates", json={"template_ids": [1]})
    assert "Take it out of the template first." in (await user_client.delete(ADAS)).json()["detail"]
    (given,) = (await desktop(user_client))["volumes"]
    assert given == {"id": 1, "name": "Thesis", "path": "/shared/thesis", "is_read_only": True}


async def test_shared_by_name_and_group_it_is_used_as_far_as_it_is_shared(
    app: FastAPI, user_client: AsyncClient, eve: AsyncClient
) -> None:
    async with app.state.database.write() as db:
        db.add(group := Group(name="Course", slug="course", created_at=app.state.clock.now()))
        await db.flush()
        db.add(Member(group_id=group.id, user_id=2))
    nobody: dict[str, object] = {"everyone": None, "users": [], "groups": []}
    assert (await user_client.get(SHARES)).json() == nobody
    shared = await user_client.put(SHARES, json={"users": [{"username": "Eve"}]})
    assert shared.json()["users"] == [{"user": {"id": 2, "username": "eve"}, "access": "read"}]
    assert (await eve.get(ADAS)).json()["access"] == "read"
    by_both = {"users": [{"username": "eve"}], "groups": [{"group_id": group.id, "access": "write"}]}
    await user_client.put(SHARES, json=by_both)
    seen = (await eve.get(ADAS)).json()
    assert (seen["access"], seen["may_manage"], seen["is_shared"]) == ("write", False, True)
    assert await names(eve) == ["Thesis"]
    await user_client.put(SHARES, json={})
    assert (await user_client.get(SHARES)).json() == nobody
    assert await names(eve) == []


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"users": [{"username": "nobody"}]}, "There is no user “nobody”"),
        ({"groups": [{"group_id": 99}]}, "There is no group 99"),
        ({"everyone": "all"}, "body.everyone"),
        ({"people": []}, "body.people"),
    ],
)
async def test_what_can_not_be_shared_so_stays_as_it_was(
    user_client: AsyncClient, wish: dict[str, object], words: str
) -> None:
    await user_client.put(SHARES, json={"everyone": "read"})
    answer = await user_client.put(SHARES, json=wish)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert (await user_client.get(SHARES)).json()["everyone"] == "read"


async def test_who_may_only_read_has_it_read_only(user_client: AsyncClient, eve: AsyncClient) -> None:
    await user_client.put(SHARES, json={"everyone": "read"})
    eves = (await eve.post("/api/v1/desktops", json={"template": "desktop", "volume_id": 1})).json()
    assert eves["volumes"][0]["is_read_only"] is True
    uses = (await user_client.get(ADAS)).json()["desktops"]
    assert [(use["owner"]["username"], use["is_read_only"]) for use in uses] == [("eve", True)]
    await user_client.put(IN_DESKTOP)
    assert [use["owner"]["username"] for use in (await eve.get(ADAS)).json()["desktops"]] == ["eve"]


async def test_who_loses_it_has_it_no_more(app: FastAPI, user_client: AsyncClient, eve: AsyncClient) -> None:
    await user_client.put(SHARES, json={"everyone": "write"})
    eves = (await eve.post("/api/v1/desktops", json={"template": "desktop", "volume_id": 1})).json()["id"]
    async with app.state.database.write() as db:
        (await db.get_one(Desktop, eves)).state = State.RUNNING
    await user_client.put(SHARES, json={"everyone": "read"})
    shown = (await eve.get(f"/api/v1/desktops/{eves}")).json()
    assert (shown["volumes"][0]["is_read_only"], shown["state"]) == (True, "stopping")
    await user_client.put(SHARES, json={})
    shown = (await eve.get(f"/api/v1/desktops/{eves}")).json()
    assert (shown["volumes"], shown["state"]) == ([], "stopping")


@pytest.mark.usefixtures("eve")
async def test_a_desktop_that_is_handed_over_leaves_it_behind(
    app: FastAPI, user_client: AsyncClient, administrator_client: AsyncClient
) -> None:
    await user_client.put(IN_DESKTOP)
    await put(app, wanted=Wanted.STOPPED, state=State.STOPPED)
    given = await administrator_client.post("/api/v1/desktops/1/transfer", json={"user_id": 2})
    assert (given.status_code, given.json()["volumes"]) == (200, [])


class TestRoles:
    """Eve has a role, and looks after Ada where it is for groups."""

    async def eve_with(self, people: People, right: str) -> AsyncClient:
        eve = await people.add("eve")
        async with people.database.read() as db:
            ada = (await db.scalars(select(User).where(User.username == "ada"))).one()
        await people.look_after(eve, ada)
        await people.give(eve, right)
        return await people.program(eve)

    @pytest.mark.parametrize("right", ["volumes:write!group", "volumes:write!all"])
    async def test_who_may_change_them_manages_them(self, people: People, right: str) -> None:
        eve = await self.eve_with(people, right)
        assert (await names(eve), await names(eve, "?all=true")) == ([], ["Thesis"])
        shown = (await eve.patch(ADAS, json={"size_mb": 2048})).json()
        assert (shown["size_mb"], shown["may_manage"], shown["access"]) == (2048, True, "write")
        assert (await eve.put(SHARES, json={"everyone": "read"})).json()["everyone"] == "read"

    @pytest.mark.parametrize("right", ["volumes:read!group", "volumes:read!all"])
    async def test_who_may_see_them_changes_none(self, people: People, right: str) -> None:
        eve = await self.eve_with(people, right)
        assert await names(eve, "?all=true") == ["Thesis"]
        shown = (await eve.get(ADAS)).json()
        assert (shown["may_manage"], shown["access"]) == (False, "read")
        assert (await eve.get(SHARES)).json()["users"] == []
        refused = await eve.patch(ADAS, json={"size_mb": 2048})
        assert (refused.status_code, refused.json()["type"]) == (403, "not-yours")

    @pytest.mark.parametrize("right", ["volumes:write!group", "desktops:write!all"])
    async def test_what_a_template_gives_is_for_who_manages_all(self, people: People, right: str) -> None:
        eve = await self.eve_with(people, right)
        for method, path, body in OF_ADMINISTRATORS:
            assert (await eve.request(method, path, json=body)).status_code == 403

    async def test_a_right_to_volumes_reaches_no_desktop(self, app: FastAPI, people: People) -> None:
        bob = await people.add("bob")
        await people.give(bob, "volumes:write!all")
        assert (await (await people.program(bob)).put(IN_DESKTOP)).status_code == 404
        async with app.state.database.read() as db:
            assert not (await db.scalars(select(Attachment))).all()
