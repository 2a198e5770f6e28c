"""Groups over HTTP: for administrators, for those who look after a group, and for nobody else."""

from dataclasses import dataclass

import pytest
from httpx import AsyncClient
from tests.people import People

from deskbay.accounts.models import User

OF_ADMINISTRATORS = [
    ("POST", "/api/v1/groups"),
    ("PUT", "/api/v1/groups/1"),
    ("DELETE", "/api/v1/groups/1"),
    ("PUT", "/api/v1/groups/1/nested/2"),
    ("DELETE", "/api/v1/groups/1/nested/2"),
    ("GET", "/api/v1/users/1/groups"),
]
OF_THOSE_WHO_LOOK_AFTER_IT = [
    ("GET", "/api/v1/groups/1"),
    ("GET", "/api/v1/groups/1/members"),
    ("GET", "/api/v1/groups/1/candidates"),
    ("POST", "/api/v1/groups/1/members"),
    ("DELETE", "/api/v1/groups/1/members/1"),
]
OF_EVERYONE = [("GET", "/api/v1/groups")]
CLASS: dict[str, object] = {"name": "Class 7b", "description": "", "tracking": "off", "window_titles": False}
PEOPLE = {"members": [{"user_id": 1}]}


def body_of(path: str) -> dict[str, object]:
    return {**PEOPLE} if path.endswith("members") else CLASS


@dataclass
class School:
    """Three groups: School (1), Class 7b (2), Readers (3), of which the last lies in the second. Bob looks after 2."""

    grace: AsyncClient
    bob: AsyncClient
    ada: AsyncClient
    people: dict[str, User]

    async def members(self, group_id: int) -> list[tuple[str, bool]]:
        answer = await self.grace.get(f"/api/v1/groups/{group_id}/members")
        return [(one["username"], one["is_administrator"]) for one in answer.json()["items"]]


@pytest.fixture
async def school(people: People, administrator_client: AsyncClient) -> School:
    persons = {name: await people.add(name) for name in ("ada", "bob", "zoe")}
    for name in ("School", "Class 7b", "Readers"):
        (await administrator_client.post("/api/v1/groups", json={"name": name})).raise_for_status()
    (await administrator_client.put("/api/v1/groups/2/nested/3")).raise_for_status()
    bob = {"members": [{"user_id": persons["bob"].id, "is_administrator": True}]}
    (await administrator_client.post("/api/v1/groups/2/members", json=bob)).raise_for_status()
    return School(
        administrator_client, await people.program(persons["bob"]), await people.program(persons["ada"]), persons
    )


@pytest.mark.parametrize(("method", "path"), [*OF_ADMINISTRATORS, *OF_THOSE_WHO_LOOK_AFTER_IT, *OF_EVERYONE])
async def test_anonymous_gets_401(client: AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, path)).status_code == 401


@pytest.mark.parametrize(("method", "path"), OF_ADMINISTRATORS)
async def test_who_looks_after_a_group_does_nothing_else(school: School, method: str, path: str) -> None:
    path = path.replace("groups/1", "groups/2").replace("nested/2", "nested/3")
    assert (await school.bob.request(method, path, json=CLASS)).status_code == 403
    assert (await school.grace.get("/api/v1/groups/2")).json()["nested"] == [
        {"id": 3, "name": "Readers", "slug": "readers"}
    ]


@pytest.mark.parametrize(("method", "path"), OF_THOSE_WHO_LOOK_AFTER_IT)
async def test_for_others_there_is_no_such_group(school: School, method: str, path: str) -> None:
    nothing = 404 if method == "GET" else 403
    assert (await school.ada.request(method, path, json=PEOPLE)).status_code == nothing
    assert (await school.bob.request(method, path, json=PEOPLE)).status_code == 404  # it lies around theirs
    assert await school.members(1) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [one for one in (*OF_ADMINISTRATORS, *OF_THOSE_WHO_LOOK_AFTER_IT) if "groups/1" in one[1]],
)
@pytest.mark.parametrize(("key", "status"), [("99", 404), ("0", 422)])
async def test_a_group_that_is_not_there(school: School, method: str, path: str, key: str, status: int) -> None:
    path = path.replace("groups/1", f"groups/{key}")
    assert (await school.grace.request(method, path, json=body_of(path))).status_code == status


@pytest.mark.parametrize("path", ["/api/v1/groups/1/nested/99", "/api/v1/users/99/groups"])
async def test_others_that_are_not_there(school: School, path: str) -> None:
    method = "PUT" if "nested" in path else "GET"
    answer = await school.grace.request(method, path)
    assert answer.status_code == 404
    assert "99" in answer.json()["detail"]


async def test_a_group_is_made_changed_and_deleted(administrator_client: AsyncClient) -> None:
    made = await administrator_client.post("/api/v1/groups", json={"name": " Class 7b "})
    assert made.status_code == 201
    whole = {"id": 1, "slug": "class-7b", "people": 0, "nested": [], "around": []}
    assert made.json() == {**CLASS, **whole}
    changed = {"name": "Class 8b", "description": "Of 2026", "tracking": "consent", "window_titles": True}
    answer = await administrator_client.put("/api/v1/groups/1", json=changed)
    assert answer.json() == (await administrator_client.get("/api/v1/groups/1")).json() == {**changed, **whole}
    assert (await administrator_client.delete("/api/v1/groups/1")).status_code == 204
    assert (await administrator_client.get("/api/v1/groups/1")).status_code == 404


@pytest.mark.parametrize(
    "different",
    [
        {"name": ""},
        {"name": " "},
        {"name": "x" * 65},
        {"name": "a\nb"},
        {"description": "x" * 501},
        {"tracking": "always"},
        {"window_titles": "perhaps"},
        {"slug": "mine"},
    ],
)
async def test_what_a_group_cannot_be(administrator_client: AsyncClient, different: dict[str, object]) -> None:
    answer = await administrator_client.post("/api/v1/groups", json={**CLASS, **different})
    assert answer.status_code == 422
    assert (await administrator_client.get("/api/v1/groups")).json()["total"] == 0


async def test_a_name_is_taken(school: School) -> None:
    answer = await school.grace.put("/api/v1/groups/1", json={**CLASS, "name": "readers"})
    assert answer.status_code == 409
    assert "Choose another name" in answer.json()["detail"]
    assert (await school.grace.get("/api/v1/groups/1")).json()["name"] == "School"


async def test_each_sees_the_groups_that_they_look_after(school: School) -> None:
    async def names(client: AsyncClient) -> list[str]:
        listed = (await client.get("/api/v1/groups")).json()
        assert listed["total"] == len(listed["items"])
        return [group["name"] for group in listed["items"]]

    assert await names(school.grace) == ["Class 7b", "Readers", "School"]
    assert await names(school.bob) == ["Class 7b", "Readers"]
    assert await names(school.ada) == []


async def test_groups_come_page_by_page(school: School) -> None:
    first = (await school.grace.get("/api/v1/groups?limit=2")).json()
    assert [group["name"] for group in first["items"]] == ["Class 7b", "Readers"]
    second = (await school.grace.get(f"/api/v1/groups?limit=2&cursor={first['next_cursor']}")).json()
    assert [group["name"] for group in second["items"]] == ["School"]
    assert (await school.grace.get("/api/v1/groups?search=read")).json()["total"] == 1


async def test_a_circle_is_refused(school: School) -> None:
    answer = await school.grace.put("/api/v1/groups/3/nested/2")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "“Readers” lies in “Class 7b”. Take it out there first, or choose another group."
    assert (await school.grace.put("/api/v1/groups/1/nested/2")).status_code == 204
    assert (await school.grace.delete("/api/v1/groups/2/nested/3")).status_code == 204
    assert (await school.grace.get("/api/v1/groups/2")).json()["around"][0]["name"] == "School"
    assert (await school.grace.get("/api/v1/groups/2")).json()["nested"] == []


async def test_who_looks_after_a_group_sees_to_its_members_and_those_below(school: School) -> None:
    ada, zoe = school.people["ada"].id, school.people["zoe"].id
    members = {"members": [{"user_id": ada}, {"user_id": zoe}]}
    assert (await school.grace.post("/api/v1/groups/2/members", json=members)).status_code == 204
    found = (await school.bob.get("/api/v1/groups/3/candidates?search=zo")).json()
    assert found["items"] == [{"id": zoe, "username": "zoe", "full_name": None}]
    assert (await school.bob.post("/api/v1/groups/3/members", json=members)).status_code == 204
    assert (await school.bob.delete(f"/api/v1/groups/3/members/{zoe}")).status_code == 204
    assert await school.members(2) == [("ada", False), ("bob", True), ("zoe", False)]
    assert await school.members(3) == [("ada", False)]
    assert (await school.grace.get("/api/v1/groups/2")).json()["people"] == 3


async def test_who_looks_after_a_group_brings_nobody_within_their_reach(school: School) -> None:
    zoe = {"members": [{"user_id": school.people["zoe"].id}]}
    assert (await school.bob.get("/api/v1/groups/2/candidates?search=zo")).json()["items"] == []
    answer = await school.bob.post("/api/v1/groups/2/members", json=zoe)
    assert answer.status_code == 403
    assert await school.members(2) == [("bob", True)]


async def test_who_looks_after_a_group_makes_nobody_else_do_so(school: School) -> None:
    zoe = {"members": [{"user_id": school.people["zoe"].id, "is_administrator": True}]}
    for group_id in (2, 3):
        answer = await school.bob.post(f"/api/v1/groups/{group_id}/members", json=zoe)
        assert (answer.status_code, answer.json()["type"]) == (403, "right-missing")
    answer = await school.bob.delete(f"/api/v1/groups/2/members/{school.people['bob'].id}")
    assert answer.status_code == 403
    assert await school.members(2) == [("bob", True)]


@pytest.mark.parametrize(
    "members",
    [
        [],
        [{"user_id": 99}],
        [{"user_id": 0}],
        [{"user_id": 2**63}],
        [{"user_id": 1, "role": "administrator"}],
        [{"user_id": 1}] * 1001,
    ],
)
async def test_who_cannot_be_added(school: School, members: list[dict[str, object]]) -> None:
    answer = await school.bob.post("/api/v1/groups/2/members", json={"members": members})
    assert answer.status_code == 422
    assert await school.members(2) == [("bob", True)]


async def test_a_persons_groups_are_listed_with_those_around(school: School) -> None:
    (await school.grace.put("/api/v1/groups/1/nested/2")).raise_for_status()
    answer = await school.grace.get(f"/api/v1/users/{school.people['bob'].id}/groups")
    assert [(one["name"], one["is_direct"], one["is_administrator"]) for one in answer.json()["items"]] == [
        ("Class 7b", True, True),
        ("School", False, False),
    ]


async def test_another_site_changes_nothing(people: People, school: School) -> None:
    page = await people.page(school.people["bob"])
    page.headers["Origin"] = "https://elsewhere.example"
    ada = {"members": [{"user_id": school.people["ada"].id}]}
    assert (await page.post("/api/v1/groups/2/members", json=ada)).status_code == 403
    assert await school.members(2) == [("bob", True)]
