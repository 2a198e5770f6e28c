"""Desktop configurations: the contract's examples and rules."""

import pytest
from httpx import AsyncClient
from tests.contracts.desktop_manager.conftest import CONFIGURATION, Json
from tests.people import People

ALL = "/api/desktop-config"


async def test_it_is_told_whole(configuration: Json, administrator_client: AsyncClient) -> None:
    assert configuration == {
        "id": configuration["id"],
        "name": "Ubuntu",
        "description": "",
        "image": "example/ubuntu:24.04",
        "created_at": configuration["created_at"],
        "is_public": True,
        "min_cpu": 1,
        "max_cpu": 4,
        "min_ram": "4096Mi",
        "max_ram": "16384Mi",
        "allowed_users": [],
    }
    shown = await administrator_client.get(f"{ALL}/get/{configuration['id']}")
    assert shown.json()["configuration"] == configuration
    assert (await administrator_client.get(f"{ALL}/list")).json() == {"configurations": [configuration]}


async def test_it_is_a_template(configuration: Json, administrator_client: AsyncClient) -> None:
    (template,) = (await administrator_client.get("/api/v1/templates/all")).json()["items"]
    assert (template["id"], template["runtime"], template["image"]) == (
        configuration["id"],
        "docker",
        "example/ubuntu:24.04",
    )
    assert (template["least_memory_mb"], template["memory_mb"], template["most_cpus"]) == (4096, 16384, 4)


@pytest.mark.usefixtures("farm_is_there")
async def test_only_those_who_may_launch_it_see_it(administrator_client: AsyncClient, people: People) -> None:
    ada, eve = await people.add("ada"), await people.add("eve")
    wish = CONFIGURATION | {"is_public": False, "allowed_users": ["Ada"]}
    made = (await administrator_client.post(f"{ALL}/create", json=wish)).json()["configuration"]
    assert made["allowed_users"] == ["ada"]
    access = await administrator_client.get(f"{ALL}/access/{made['id']}")
    assert access.json() == {"users": [{"id": ada.id, "username": "ada"}]}
    for person, seen in ((ada, [made["id"]]), (eve, [])):
        program = await people.program(person)
        for listing in ("list", "accessible"):
            found = (await program.get(f"{ALL}/{listing}")).json()["configurations"]
            assert [one["id"] for one in found] == seen
            assert all(one["allowed_users"] == [] for one in found)
        assert (await program.get(f"{ALL}/get/{made['id']}")).status_code == (200 if seen else 404)


async def test_it_is_changed_and_what_is_not_told_stays(configuration: Json, administrator_client: AsyncClient) -> None:
    template = (await administrator_client.get("/api/v1/templates/all")).json()["items"][0]
    kept = {"environment": {"LANG": "de_DE.UTF-8"}, "port": 3389, "protocol": "rdp", "category": "Labs"}
    edited = {name: template[name] for name in ("name", "image", "runtime", "icon", "network")} | kept
    sizes = {name: template[name] for name in template if name.endswith(("memory_mb", "cpus"))}
    path = f"/api/v1/templates/{configuration['id']}"
    (await administrator_client.put(path, json=edited | sizes)).raise_for_status()
    wish = CONFIGURATION | {"name": "Debian", "max_ram": "8Gi", "min_cpu": 0.5, "max_cpu": 2}
    answer = await administrator_client.put(f"{ALL}/update/{configuration['id']}", json=wish)
    assert answer.status_code == 200, answer.text
    changed = answer.json()["configuration"]
    assert (changed["name"], changed["max_ram"], changed["min_cpu"]) == ("Debian", "8192Mi", 0.5)
    template = (await administrator_client.get("/api/v1/templates/all")).json()["items"][0]
    assert {name: template[name] for name in kept} == kept


@pytest.mark.usefixtures("reconciling")
async def test_it_is_deleted_unless_a_desktop_is_made_of_it(
    configuration: Json, administrator_client: AsyncClient
) -> None:
    path = f"{ALL}/delete/{configuration['id']}"
    (await administrator_client.post("/api/connections/scaleup", json={"name": "desk"})).raise_for_status()
    refused = await administrator_client.delete(path)
    assert refused.status_code == 400
    assert refused.json()["error"].startswith("1 desktop is made of “Ubuntu”.")
    for step in ("scaledown", "permanent-delete"):
        (await administrator_client.post(f"/api/connections/{step}", json={"name": "desk"})).raise_for_status()
    assert (await administrator_client.delete(path)).status_code == 200
    assert (await administrator_client.get(f"{ALL}/list")).json() == {"configurations": []}


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_ram": "much"},
        {"min_ram": "99Gi"},
        {"min_cpu": 8},
        {"image": "; rm -rf /"},
        {"allowed_users": ["nobody"]},
        {"name": ""},
    ],
)
@pytest.mark.usefixtures("farm_is_there")
async def test_what_makes_no_sense_is_refused(administrator_client: AsyncClient, wrong: Json) -> None:
    answer = await administrator_client.post(f"{ALL}/create", json=CONFIGURATION | wrong)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    assert (await administrator_client.get(f"{ALL}/list")).json() == {"configurations": []}


async def test_without_a_runtime_of_images_there_is_none(administrator_client: AsyncClient) -> None:
    answer = await administrator_client.post(f"{ALL}/create", json=CONFIGURATION)
    assert answer.status_code == 400
    assert "Add one on the page Runtimes" in answer.json()["error"]
