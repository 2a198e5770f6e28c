"""The gallery, and what administrators make of it, over HTTP."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.desktops.doubles import PromptRuntime
from tests.desktops.first_start import first_start
from tests.people import People

from deskbay.desktops.runtimes import Runtime

OF_EVERYONE = [
    ("PUT", "/api/v1/templates/1/favourite"),
    ("DELETE", "/api/v1/templates/1/favourite"),
]
OF_ADMINISTRATORS = [
    ("GET", "/api/v1/templates/all"),
    ("POST", "/api/v1/templates"),
    ("PUT", "/api/v1/templates/order"),
    ("PUT", "/api/v1/templates/1"),
    ("POST", "/api/v1/templates/1/clone"),
    ("DELETE", "/api/v1/templates/1"),
]
FOLLOWING = ["Full desktop", "Browser"]
BROUGHT_ALONG = ["desktop", "full-desktop", "browser"]
LAB: dict[str, object] = {
    "name": "Chemistry lab",
    "description": "With everything for the course.",
    "icon": "flask",
    "category": "Courses",
    "runtime": "local",
    "profile": "desktop",
    "image": "deskbay/desktop",
    "labels": [],
    "network": "none",
    "memory_mb": 2048,
    "least_memory_mb": 1024,
    "most_memory_mb": 4096,
    "cpus": 1.5,
    "least_cpus": 1,
    "most_cpus": 2,
    "idle_limit_seconds": 3600,
    "lifetime_seconds": None,
    "most_lifetime_seconds": None,
    "protocol": "vnc",
    "port": None,
    "username": None,
    "password_variable": None,
    "cluster": {
        "node_labels": {"zone": "lab"},
        "gpus": 1,
        "chart": {"name": "desktop", "version": "1.4.0", "values": {"vnc": {"password": "${password}"}}},
    },
    "environment": {"COURSE": "chemistry 1"},
    "is_disabled": False,
    "is_for_everyone": True,
    "allowed_users": [],
    "allowed_groups": [],
}
NO_SPARES = {"spares": 0, "spares_ready": 0, "spare_trouble": None}
SHOWN = {
    **LAB,
    "has_password": False,
    "clipboard": "both",
    "is_recorded": False,
    "session_id": None,
    "session": None,
    **NO_SPARES,
}


@pytest.fixture
def runtimes() -> dict[str, Runtime]:
    return {"local": PromptRuntime()}


@pytest.fixture(autouse=True)
async def templates(app: FastAPI) -> None:
    await first_start(app.state.database)


async def gallery(client: AsyncClient) -> list[dict[str, object]]:
    items: list[dict[str, object]] = (await client.get("/api/v1/templates")).json()["items"]
    return items


async def slugs(client: AsyncClient) -> list[object]:
    return [item["slug"] for item in await gallery(client)]


async def make(client: AsyncClient, **different: object) -> dict[str, object]:
    answer = await client.post("/api/v1/templates", json={**LAB, **different})
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


async def launch(client: AsyncClient, **wish: object) -> tuple[int, dict[str, object]]:
    answer = await client.post("/api/v1/desktops", json={"template": "desktop", **wish})
    return answer.status_code, answer.json()


@pytest.mark.parametrize(("method", "path"), [*OF_EVERYONE, *OF_ADMINISTRATORS])
async def test_anonymous_gets_401(client: AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, path)).status_code == 401


@pytest.mark.parametrize(("method", "path"), OF_ADMINISTRATORS)
async def test_others_than_administrators_get_403(user_client: AsyncClient, method: str, path: str) -> None:
    body = {"ids": [1, 2, 3]} if "order" in path else LAB
    assert (await user_client.request(method, path, json=body)).status_code == 403
    assert await slugs(user_client) == BROUGHT_ALONG


@pytest.mark.parametrize(
    ("method", "path"), [one for one in (*OF_EVERYONE, *OF_ADMINISTRATORS) if "/templates/1" in one[1]]
)
@pytest.mark.parametrize(("key", "status"), [("99", 404), ("x", 422), ("0", 422), ("9" * 30, 422)])
async def test_a_template_that_is_not_there(
    administrator_client: AsyncClient, method: str, path: str, key: str, status: int
) -> None:
    path = path.replace("/1", f"/{key}")
    assert (await administrator_client.request(method, path, json=LAB)).status_code == status


async def test_a_template_is_made_and_launched(administrator_client: AsyncClient, user_client: AsyncClient) -> None:
    made = await make(administrator_client)
    assert made == {**SHOWN, "id": 4, "slug": "chemistry-lab", "desktops": 0, "unavailable_reason": None}
    assert await slugs(user_client) == [*BROUGHT_ALONG, "chemistry-lab"]
    status, desktop = await launch(user_client, template="chemistry-lab")
    assert (status, desktop["name"], desktop["memory_mb"], desktop["cpus"]) == (201, "Chemistry lab", 2048, 1.5)


async def test_names_of_two_templates_may_be_the_same(administrator_client: AsyncClient) -> None:
    assert [(await make(administrator_client))["slug"] for _ in range(2)] == ["chemistry-lab", "chemistry-lab-2"]
    assert (await make(administrator_client, name="¿?"))["slug"] == "template"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "body.name"),
        ({"name": "x" * 65}, "body.name"),
        ({"name": "two\nlines"}, "body.name"),
        ({"description": "x" * 501}, "body.description"),
        ({"icon": "../etc"}, "body.icon"),
        ({"category": ""}, "body.category"),
        ({"profile": "../../etc"}, "body.profile"),
        ({"network": "everything"}, "body.network"),
        ({"memory_mb": 0}, "body.memory_mb"),
        ({"memory_mb": 512}, "body"),
        ({"memory_mb": 8192}, "body"),
        ({"least_memory_mb": 4096, "most_memory_mb": 1024}, "body"),
        ({"cpus": 3}, "body"),
        ({"most_cpus": "NaN"}, "body.most_cpus"),
        ({"lifetime_seconds": 1}, "body.lifetime_seconds"),
        ({"cluster": {"gpus": -1}}, "body.cluster.gpus"),
        ({"cluster": {"node_labels": {"zone": "the lab"}}}, "body.cluster.node_labels.zone"),
        ({"cluster": {"chart": {"name": "desktop"}}}, "body.cluster.chart.version"),
        ({"environment": {"2ND": "x"}}, "body.environment.2ND.[key]"),
        ({"environment": {"A=B": "x"}}, "body.environment.A=B.[key]"),
        ({"environment": {"X": "a\0b"}}, "body.environment.X"),
        ({"environment": {"HOME": "/root"}}, "body.environment"),
        ({"environment": {"LD_PRELOAD": "/home/user/x.so"}}, "body.environment"),
        ({"environment": {f"V{number}": "" for number in range(51)}}, "body.environment"),
        ({"allowed_users": ["ada"]}, "body.allowed_users.0"),
        ({"pool": 3}, "body.pool"),
    ],
)
async def test_bad_input_names_the_field(
    administrator_client: AsyncClient, wrong: dict[str, object], field: str
) -> None:
    for method, path in (("POST", "/api/v1/templates"), ("PUT", "/api/v1/templates/1")):
        answer = await administrator_client.request(method, path, json={**LAB, **wrong})
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert [item["name"] for item in await gallery(administrator_client)] == ["Desktop", "Full desktop", "Browser"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"runtime": "mainframe"}, "no kind of runtime “mainframe” here. Choose one of: local."),
        ({"allowed_users": [1, 99]}, "There is no user 99."),
        ({"allowed_groups": [99]}, "There is no group 99."),
    ],
)
async def test_what_is_not_there_is_named(
    administrator_client: AsyncClient, wrong: dict[str, object], words: str
) -> None:
    for method, path in (("POST", "/api/v1/templates"), ("PUT", "/api/v1/templates/1")):
        answer = await administrator_client.request(method, path, json={**LAB, **wrong})
        assert answer.status_code == 422
        assert words in answer.json()["detail"]
    assert [item["name"] for item in await gallery(administrator_client)] == ["Desktop", "Full desktop", "Browser"]


async def test_a_template_is_edited_in_place(administrator_client: AsyncClient, user_client: AsyncClient) -> None:
    await launch(user_client)
    answer = await administrator_client.put("/api/v1/templates/1", json=LAB)
    assert answer.json() == {**SHOWN, "id": 1, "slug": "desktop", "desktops": 1, "unavailable_reason": None}
    listed = (await administrator_client.get("/api/v1/templates/all")).json()["items"]
    assert listed[0] == answer.json()
    assert (await user_client.get("/api/v1/desktops/1")).json()["memory_mb"] == 2048


async def test_one_for_a_group_is_there_for_its_people_and_those_of_groups_in_it(
    administrator_client: AsyncClient, user_client: AsyncClient, people: People
) -> None:
    for name in ("School", "Class 7b"):
        (await administrator_client.post("/api/v1/groups", json={"name": name})).raise_for_status()
    (await administrator_client.put("/api/v1/groups/1/nested/2")).raise_for_status()
    made = await make(administrator_client, is_for_everyone=False, allowed_groups=[1])
    assert made["allowed_groups"] == [{"id": 1, "name": "School", "slug": "school"}]
    bob = await people.add("bob")
    members = {"members": [{"user_id": bob.id}]}
    (await administrator_client.post("/api/v1/groups/2/members", json=members)).raise_for_status()
    bobs = await people.program(bob)
    assert "chemistry-lab" in await slugs(bobs)
    assert (await launch(bobs, template="chemistry-lab"))[0] == 201
    assert "chemistry-lab" not in await slugs(user_client)
    copy = (await administrator_client.post(f"/api/v1/templates/{made['id']}/clone")).json()
    assert copy["allowed_groups"] == made["allowed_groups"]
    (await administrator_client.delete("/api/v1/groups/2")).raise_for_status()
    assert "chemistry-lab" not in await slugs(bobs)


async def test_one_for_named_people_is_there_for_them_alone(
    administrator_client: AsyncClient, user_client: AsyncClient, people: People
) -> None:
    bob = await people.add("bob")
    made = await make(administrator_client, is_for_everyone=False, allowed_users=[bob.id])
    assert made["allowed_users"] == [{"id": bob.id, "username": "bob"}]
    assert "chemistry-lab" not in await slugs(user_client)
    status, refusal = await launch(user_client, template="chemistry-lab")
    assert (status, refusal["type"]) == (404, "unknown-template")
    assert str(refusal["detail"]).endswith("Choose one of: desktop, full-desktop, browser.")
    assert (await user_client.put(f"/api/v1/templates/{made['id']}/favourite")).status_code == 404
    bobs = await people.program(bob)
    assert "chemistry-lab" in await slugs(bobs)
    assert (await launch(bobs, template="chemistry-lab"))[0] == 201
    assert "chemistry-lab" in await slugs(administrator_client)


async def test_one_that_is_disabled_is_not_launched_and_its_desktops_go_on(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    await launch(user_client)
    await administrator_client.put("/api/v1/templates/1", json={**LAB, "is_disabled": True})
    assert await slugs(user_client) == ["full-desktop", "browser"]
    status, refusal = await launch(user_client)
    assert (status, refusal["type"]) == (409, "template-disabled")
    assert "desktops that are made of it go on. Choose one of: full-desktop, browser." in str(refusal["detail"])
    await user_client.post("/api/v1/desktops/1/stop")
    assert (await user_client.post("/api/v1/desktops/1/start")).json()["wanted"] == "running"


async def test_one_in_use_is_not_deleted_and_says_by_how_many(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    await launch(user_client)
    one = await administrator_client.delete("/api/v1/templates/1")
    assert (one.status_code, one.json()["type"]) == (409, "template-in-use")
    assert one.json()["detail"].startswith("1 desktop is made of “Desktop”. Delete it first")
    await launch(user_client)
    two = await administrator_client.delete("/api/v1/templates/1")
    assert two.json()["detail"].startswith("2 desktops are made of “Desktop”. Delete them first")
    assert (await slugs(user_client))[0] == "desktop"


async def test_one_that_is_deleted_is_gone_for_good(
    app: FastAPI, administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    await launch(user_client)
    await user_client.delete("/api/v1/desktops/1")
    assert (await administrator_client.delete("/api/v1/templates/1")).status_code == 204
    await first_start(app.state.database)
    assert await slugs(user_client) == ["full-desktop", "browser"]
    assert (await launch(user_client))[0] == 404
    assert (await make(administrator_client, name="Desktop"))["slug"] == "desktop-2"


async def test_a_clone_stands_after_its_source_and_is_disabled(
    administrator_client: AsyncClient, user_client: AsyncClient, people: People
) -> None:
    bob = await people.add("bob")
    await administrator_client.put(
        "/api/v1/templates/1", json={**LAB, "is_for_everyone": False, "allowed_users": [bob.id]}
    )
    answer = await administrator_client.post("/api/v1/templates/1/clone")
    assert answer.status_code == 201
    again = (await administrator_client.post("/api/v1/templates/1/clone")).json()
    source, *copies = (await administrator_client.get("/api/v1/templates/all")).json()["items"]
    assert [copy["name"] for copy in copies] == [
        "Chemistry lab copy 2",
        "Chemistry lab copy",
        "Full desktop",
        "Browser",
    ]
    assert copies[1] == answer.json()
    own = {"id": answer.json()["id"], "slug": "chemistry-lab-copy", "name": "Chemistry lab copy", "is_disabled": True}
    assert copies[1] == {**source, **own}
    assert again["slug"] == "chemistry-lab-copy-2"
    assert await slugs(user_client) == ["full-desktop", "browser"]


async def test_templates_are_put_into_another_order(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    assert (await administrator_client.put("/api/v1/templates/order", json={"ids": [3, 1, 2]})).status_code == 204
    assert await slugs(user_client) == ["browser", "desktop", "full-desktop"]


@pytest.mark.parametrize(
    ("ids", "status"), [([1, 2], 409), ([1, 2, 3, 99], 409), ([1, 1, 2], 409), ([], 409), (["x"], 422), (None, 422)]
)
async def test_an_order_of_other_templates_is_refused(
    administrator_client: AsyncClient, ids: object, status: int
) -> None:
    assert (await administrator_client.put("/api/v1/templates/order", json={"ids": ids})).status_code == status
    assert await slugs(administrator_client) == BROUGHT_ALONG


async def test_favourites_are_ones_own(user_client: AsyncClient, administrator_client: AsyncClient) -> None:
    for _ in range(2):
        assert (await user_client.put("/api/v1/templates/2/favourite")).status_code == 204
    assert [item["is_favourite"] for item in await gallery(user_client)] == [False, True, False]
    assert not any(item["is_favourite"] for item in await gallery(administrator_client))
    for _ in range(2):
        assert (await user_client.delete("/api/v1/templates/2/favourite")).status_code == 204
    assert not any(item["is_favourite"] for item in await gallery(user_client))


async def test_a_size_is_chosen_and_comes_back_next_time(user_client: AsyncClient) -> None:
    assert (await gallery(user_client))[0]["last_launch"] is None
    status, desktop = await launch(user_client, memory_mb=1024, cpus=4)
    assert (status, desktop["memory_mb"], desktop["cpus"]) == (201, 1024, 4.0)
    await user_client.delete("/api/v1/desktops/1")
    last = (await gallery(user_client))[0]["last_launch"]
    assert last == {"at": desktop["created_at"], "memory_mb": 1024, "cpus": 4.0}
    assert (await gallery(user_client))[1]["last_launch"] is None


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ({"memory_mb": 1023}, "“Desktop” has 1024 to 8192 MiB of memory, not 1023."),
        ({"memory_mb": 8193}, "“Desktop” has 1024 to 8192 MiB of memory, not 8193."),
        ({"cpus": 0.5}, "“Desktop” has 1 to 4 cores, not 0.5."),
        ({"cpus": 64}, "“Desktop” has 1 to 4 cores, not 64."),
    ],
)
async def test_a_size_that_is_not_offered_is_refused(
    user_client: AsyncClient, size: dict[str, object], words: str
) -> None:
    status, refusal = await launch(user_client, **size)
    assert (status, refusal["type"]) == (422, "size-not-offered")
    assert str(refusal["detail"]).startswith(words)
    assert (await user_client.get("/api/v1/desktops")).json()["items"] == []


async def make_session(client: AsyncClient, name: str = "Course") -> int:
    made = await client.post("/api/v1/sessions", json={"name": name})
    assert made.status_code == 201, made.text
    number: int = made.json()["id"]
    return number


async def test_a_template_begins_with_a_copy_of_a_session(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    session_id = await make_session(administrator_client)
    made = await make(administrator_client, session_id=session_id)
    assert (made["session_id"], made["session"]) == (session_id, "Course")
    status, desktop = await launch(user_client, template=made["slug"])
    assert status == 201
    own = (await user_client.get("/api/v1/sessions")).json()["items"]
    assert [(one["id"], one["name"]) for one in own] == [(desktop["session_id"], "Course")]
    assert desktop["session_id"] != session_id


async def test_who_chooses_a_session_begins_with_that(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    made = await make(administrator_client, session_id=await make_session(administrator_client))
    chosen = await make_session(user_client, "Thesis")
    _, desktop = await launch(user_client, template=made["slug"], session_id=chosen)
    assert desktop["session_id"] == chosen
    assert len((await user_client.get("/api/v1/sessions")).json()["items"]) == 1


async def test_a_session_of_somebody_else_or_in_the_trash_is_refused(
    administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    others, own = await make_session(user_client), await make_session(administrator_client)
    await administrator_client.delete(f"/api/v1/sessions/{own}")
    for session_id, status in ((others, 404), (own, 409), (0, 422)):
        answer = await administrator_client.post("/api/v1/templates", json={**LAB, "session_id": session_id})
        assert answer.status_code == status
    assert LAB["name"] not in [template["name"] for template in await gallery(administrator_client)]
