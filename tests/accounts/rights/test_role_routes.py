"""Roles over HTTP: made, given, taken away, explained, and no way up."""

import pytest
from httpx import AsyncClient, Response
from tests.clock import FrozenClock
from tests.people import People

from deskbay.accounts.groups.service import EVERY_GROUP, REGROUPED
from deskbay.accounts.models import Role, User
from deskbay.accounts.schemas import NewUser
from deskbay.accounts.service import create_user

ROLES = "/api/v1/roles"
HELP_DESK = {"name": "Help desk", "description": "", "rights": ["people:write", "activity:read!group"]}
CHANGING = [
    ("POST", ROLES),
    ("PUT", f"{ROLES}/1"),
    ("DELETE", f"{ROLES}/1"),
    ("PUT", f"{ROLES}/1/people/1"),
    ("DELETE", f"{ROLES}/1/people/1"),
    ("PUT", f"{ROLES}/1/groups/1"),
    ("DELETE", f"{ROLES}/1/groups/1"),
]
READING = [("GET", ROLES), ("GET", "/api/v1/users/1/rights")]
OF_GROUP = "/api/v1/groups/{}/roles"


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


async def make(client: AsyncClient, **different: object) -> dict[str, object]:
    answer = await client.post(ROLES, json={**HELP_DESK, **different})
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


async def custom(client: AsyncClient) -> list[dict[str, object]]:
    return [role for role in (await client.get(ROLES)).json()["items"] if role["id"] is not None]


@pytest.fixture
async def ada(people: People) -> User:
    return await people.add("ada")


@pytest.fixture
async def helper(people: People) -> AsyncClient:
    """Hal's program; he may change all people, and is no administrator."""
    hal = await people.add("hal")
    await people.give(hal, "people:write")
    return await people.program(hal)


@pytest.mark.parametrize(("method", "path"), [*CHANGING, *READING])
async def test_anonymous_gets_401(client: AsyncClient, method: str, path: str) -> None:
    assert told(await client.request(method, path, json=HELP_DESK)) == (401, "not-signed-in")


async def test_users_may_nothing_of_it(user_client: AsyncClient) -> None:
    for method, path in (*CHANGING, *READING):
        assert told(await user_client.request(method, path, json=HELP_DESK)) == (403, "right-missing"), path


async def test_those_from_the_start_are_shown_and_have_no_id(administrator_client: AsyncClient) -> None:
    items = (await administrator_client.get(ROLES)).json()["items"]
    assert [(role["id"], role["name"]) for role in items] == [
        (None, "user"),
        (None, "group administrator"),
        (None, "administrator"),
        (None, "device"),
    ]
    assert items[1]["rights"]["desktops:write"] == "group"


async def test_one_is_made_changed_and_deleted(administrator_client: AsyncClient) -> None:
    made = await make(administrator_client, name=" Help desk ")
    rights = {"people:write": "all", "people:read": "all", "activity:read": "group"}
    whole = {"name": "Help desk", "description": "", "rights": rights, "people": [], "groups": []}
    assert made == {"id": made["id"], **whole}
    path = f"{ROLES}/{made['id']}"
    changed = await administrator_client.put(path, json={"name": "Watch", "rights": ["activity:read!all"]})
    assert changed.json() == {**made, "name": "Watch", "rights": {"activity:read": "all"}}
    assert await custom(administrator_client) == [changed.json()]
    assert (await administrator_client.delete(path)).status_code == 204
    assert await custom(administrator_client) == []
    assert told(await administrator_client.delete(path)) == (404, "no-role")


@pytest.mark.parametrize(
    "different",
    [
        {"name": " "},
        {"name": "x" * 65},
        {"name": "a\nb"},
        {"description": "x" * 501},
        {"rights": []},
        {"rights": ["desktops"]},
        {"rights": ["desktops:read!theirs"]},
        {"rights": ["profile:write"]},
        {"id": 1},
    ],
)
async def test_what_a_role_cannot_be(administrator_client: AsyncClient, different: dict[str, object]) -> None:
    answer = await administrator_client.post(ROLES, json={**HELP_DESK, **different})
    assert told(answer) == (422, "invalid-request")
    assert await custom(administrator_client) == []


async def test_a_name_is_there_once(administrator_client: AsyncClient) -> None:
    await make(administrator_client)
    other = await make(administrator_client, name="Watch")
    assert told(await administrator_client.post(ROLES, json={**HELP_DESK, "name": "help DESK"})) == (409, "taken")
    assert told(await administrator_client.put(f"{ROLES}/{other['id']}", json=HELP_DESK)) == (409, "taken")
    assert [role["name"] for role in await custom(administrator_client)] == ["Help desk", "Watch"]


async def test_who_is_not_there(administrator_client: AsyncClient) -> None:
    role = (await make(administrator_client))["id"]
    for path in (f"{ROLES}/{role}/people/99", f"{ROLES}/{role}/groups/99", f"{ROLES}/99/people/1"):
        for method in ("PUT", "DELETE"):
            assert (await administrator_client.request(method, path)).status_code == 404, path
    assert told(await administrator_client.get("/api/v1/users/99/rights")) == (404, "no-user")


async def test_it_holds_at_once_for_who_has_it_and_as_long(
    administrator_client: AsyncClient, people: People, ada: User
) -> None:
    program = await people.program(ada)
    path = f"{ROLES}/{(await make(administrator_client, rights=['server:read']))['id']}"
    assert (await program.get("/api/v1/audit")).status_code == 403
    for _ in range(2):
        assert (await administrator_client.put(f"{path}/people/{ada.id}")).status_code == 204
    assert (await program.get("/api/v1/audit")).status_code == 200
    assert (await program.get("/api/v1/auth/me")).json()["rights"]["server:read"] == "all"
    (role,) = await custom(administrator_client)
    assert role["people"] == [{"id": ada.id, "username": "ada"}]
    with people.database.bus.subscribe() as events:
        assert (await administrator_client.delete(f"{path}/people/{ada.id}")).status_code == 204
        heard = await anext(events)
    assert (heard.name, heard.subject) == (REGROUPED, EVERY_GROUP)
    assert (await program.get("/api/v1/audit")).status_code == 403


async def test_a_group_has_it_for_its_people(administrator_client: AsyncClient, people: People, ada: User) -> None:
    group = await people.look_after(await people.add("bob"), ada)
    path = f"{ROLES}/{(await make(administrator_client, rights=['server:read']))['id']}/groups/{group.id}"
    assert (await administrator_client.put(path)).status_code == 204
    items = (await administrator_client.get(f"/api/v1/users/{ada.id}/rights")).json()["items"]
    (right,) = (one for one in items if one["scope"] == "server:read")
    assert right["reach"] == "all"
    assert [(one["role"], one["group"] and one["group"]["name"], one["reach"]) for one in right["sources"]] == [
        ("user", None, "own"),
        ("Help desk", "Class 7b", "all"),
    ]
    assert (await administrator_client.delete(path)).status_code == 204
    assert (await custom(administrator_client))[0]["groups"] == []


async def test_who_looks_after_somebody_sees_what_they_may(people: People, ada: User) -> None:
    bob, grace = await people.add("bob"), await people.add("grace", Role.ADMINISTRATOR)
    await people.look_after(bob, ada, grace)
    program = await people.program(bob)
    assert (await program.get(f"/api/v1/users/{ada.id}/rights")).status_code == 200
    assert told(await program.get(f"/api/v1/users/{grace.id}/rights")) == (404, "no-user")


async def test_groups_that_one_does_not_see_are_not_told_with_rights(
    people: People, ada: User, administrator_client: AsyncClient
) -> None:
    joan = await people.add("joan")
    seen = await people.look_after(joan, ada)
    hidden = await people.look_after(await people.add("hedy"), ada, name="Chess club")
    role = await make(administrator_client, rights=["server:read"])
    for group in (seen, hidden):
        await administrator_client.put(f"{ROLES}/{role['id']}/groups/{group.id}")
    for client, names in (
        (await people.program(joan), ["Class 7b", None]),
        (administrator_client, ["Chess club", "Class 7b"]),
    ):
        items = (await client.get(f"/api/v1/users/{ada.id}/rights")).json()["items"]
        (right,) = (one for one in items if one["scope"] == "server:read")
        given = [one["group"] and one["group"]["name"] for one in right["sources"] if one["role"] == "Help desk"]
        assert sorted(given, key=str) == names


async def test_nobody_gives_what_they_lack(administrator_client: AsyncClient, helper: AsyncClient, ada: User) -> None:
    strong = await make(administrator_client, name="Strong", rights=["server:write"])
    path = f"{ROLES}/{strong['id']}"
    weak = await make(helper, name="Weak", rights=["people:read!group", "desktops:read!own"])
    for method, where, wish in (
        ("POST", ROLES, {"name": "Up", "rights": ["desktops:read!group"]}),
        ("PUT", f"{ROLES}/{weak['id']}", {"name": "Up", "rights": ["server:write!own"]}),
        ("PUT", path, {"name": "Strong", "rights": ["people:read"]}),
        ("DELETE", path, None),
        ("PUT", f"{path}/people/{ada.id}", None),
    ):
        answer = await helper.request(method, where, json=wish)
        assert told(answer) == (403, "right-missing"), where
        assert "can't give the right" in answer.json()["detail"]
    assert (await helper.put(f"{ROLES}/{weak['id']}/people/{ada.id}")).status_code == 204
    assert {role["name"]: len(list(role["people"])) for role in await custom(helper)} == {  # type: ignore[call-overload]
        "role of hal": 1,
        "Strong": 0,
        "Weak": 1,
    }


async def test_administrators_are_changed_by_administrators_alone(helper: AsyncClient, people: People) -> None:
    grace = await people.add("grace", Role.ADMINISTRATOR)
    role = (await make(helper, rights=["people:read"]))["id"]
    for method, path in (
        ("PUT", f"{ROLES}/{role}/people/{grace.id}"),
        ("DELETE", f"{ROLES}/{role}/people/{grace.id}"),
        ("POST", f"/api/v1/users/{grace.id}/disable"),
        ("POST", f"/api/v1/users/{grace.id}/enable"),
        ("POST", f"/api/v1/users/{grace.id}/reset-sign-in"),
    ):
        answer = await helper.request(method, path)
        assert told(answer) == (403, "right-missing"), path
        assert "Only administrators" in answer.json()["detail"]


async def test_a_token_is_no_way_up(helper: AsyncClient, administrator_client: AsyncClient, people: People) -> None:
    service = {"name": "Backups", "scopes": ["server:write"], "username": "backup"}
    tokens = "/api/v1/service-tokens"
    assert told(await helper.post(tokens, json={**service, "is_administrator": True})) == (403, "right-missing")
    made = await administrator_client.post(tokens, json={**service, "is_administrator": True})
    for scopes in (["server:write"], ["people:read!own"]):
        assert told(await helper.post(tokens, json={**service, "scopes": scopes})) == (403, "right-missing")
    path = f"/api/v1/tokens/{made.json()['id']}"
    assert told(await helper.delete(path)) == (403, "right-missing")
    strong = await administrator_client.post(tokens, json={**service, "username": "robot", "scopes": ["people:read"]})
    async with people.database.write() as db:
        robot = await db.get_one(User, strong.json()["user"]["id"])
    await people.give(robot, "server:write")
    assert told(await helper.post(tokens, json={**service, "username": "robot"})) == (403, "right-missing")
    wish = {**service, "username": "robot", "scopes": ["server:write!own"]}
    assert told(await helper.post(tokens, json=wish)) == (403, "right-missing")


async def test_what_was_somebody_s_own_before_takes_rights_to_everyones(
    helper: AsyncClient, people: People, clock: FrozenClock
) -> None:
    async with people.database.write() as db:
        await create_user(db, clock, NewUser(username="lab"))
    for username, scope, status in (
        ("lab", "activity:read!own", 403),
        ("lab", "people:read!own", 201),
        ("backup", "activity:read!own", 201),
    ):
        wish = {"name": "Backups", "scopes": [scope], "username": username}
        assert (await helper.post("/api/v1/service-tokens", json=wish)).status_code == status, (username, scope)


async def test_what_is_done_is_told_in_the_audit(administrator_client: AsyncClient, ada: User) -> None:
    role = (await make(administrator_client))["id"]
    await administrator_client.put(f"{ROLES}/{role}/people/{ada.id}")
    await administrator_client.delete(f"{ROLES}/{role}/people/{ada.id}")
    entries = (await administrator_client.get("/api/v1/audit")).json()["items"]
    done = [(entry["action"], entry["object"]["kind"]) for entry in entries if "role" in entry["object"]["kind"]]
    assert done == [("deleted", "role_bindings"), ("created", "role_bindings"), ("created", "roles")]


class TestOfAGroup:
    @staticmethod
    def told(answer: Response) -> list[tuple[str, str]]:
        return [(role["name"], role["group"]["name"]) for role in answer.json()["items"]]

    async def test_who_looks_after_it_sees_its_roles_and_those_from_above(
        self, people: People, ada: User, administrator_client: AsyncClient
    ) -> None:
        joan, hedy = await people.add("joan"), await people.add("hedy")
        school, group = await people.look_after(hedy, name="School"), await people.look_after(joan, ada)
        await administrator_client.put(f"/api/v1/groups/{school.id}/nested/{group.id}")
        desk, watch = await make(administrator_client), await make(administrator_client, name="Watch")
        for role, bound in ((desk, school), (watch, group), (watch, school)):
            await administrator_client.put(f"{ROLES}/{role['id']}/groups/{bound.id}")
        seen = await (await people.program(joan)).get(OF_GROUP.format(group.id))
        assert self.told(seen) == [("Help desk", "School"), ("Watch", "Class 7b"), ("Watch", "School")]
        assert seen.json()["items"][0]["rights"] == {
            "people:read": "all",
            "people:write": "all",
            "activity:read": "group",
        }
        assert self.told(await administrator_client.get(OF_GROUP.format(school.id))) == [
            ("Help desk", "School"),
            ("Watch", "School"),
        ]

    async def test_nobody_else_does(self, people: People, ada: User, client: AsyncClient) -> None:
        path = OF_GROUP.format((await people.look_after(await people.add("joan"), ada)).id)
        assert told(await client.get(path)) == (401, "not-signed-in")
        for other in (ada, await people.add("bob")):
            assert told(await (await people.program(other)).get(path)) == (404, "no-group")

    async def test_bad_input(self, administrator_client: AsyncClient) -> None:
        assert told(await administrator_client.get(OF_GROUP.format(404))) == (404, "no-group")
        assert told(await administrator_client.get(OF_GROUP.format("x"))) == (422, "invalid-request")
