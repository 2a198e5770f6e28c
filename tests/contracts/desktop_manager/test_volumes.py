"""Storage PVCs: the contract's examples and rules."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from tests.contracts.desktop_manager.conftest import CONFIGURATION, Json, add_farm
from tests.people import People

from deskbay.desktops.volume_keeper import VolumeKeeper

ALL = "/api/storage-pvcs"


@pytest.fixture
async def pvc(app: FastAPI, administrator_client: AsyncClient, keeper: VolumeKeeper) -> Json:
    await add_farm(app)
    answer = await administrator_client.post(f"{ALL}/create", json={"name": "data"})
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()["pvc"]
    assert made["status"] == "Pending"
    await keeper.look()
    return made


async def test_it_is_told_whole(pvc: Json, administrator_client: AsyncClient) -> None:
    expected = pvc | {
        "name": "data",
        "namespace": "farm",
        "size": "10Gi",
        "is_public": False,
        "created_by": "grace",
        "status": "Bound",
    }
    shown = (await administrator_client.get(f"{ALL}/{pvc['id']}")).json()["pvc"]
    assert shown | {"last_updated": ""} == expected | {"last_updated": ""}
    assert (await administrator_client.get(f"{ALL}/list")).json() == {"pvcs": [shown]}
    (volume,) = (await administrator_client.get("/api/v1/volumes")).json()["items"]
    assert (volume["id"], volume["name"], volume["size_mb"]) == (pvc["id"], "data", 10240)


async def test_who_sees_it_is_said_by_name_or_for_all(
    pvc: Json, administrator_client: AsyncClient, people: People
) -> None:
    ada = await people.add("ada")
    program = await people.program(ada)
    assert (await program.get(f"{ALL}/list")).json() == {"pvcs": []}
    access = f"{ALL}/{pvc['id']}/access"
    answer = await administrator_client.post(access, json={"allowed_users": ["ada"]})
    assert answer.status_code == 200, answer.text
    assert (await administrator_client.get(access)).json() == {"users": [{"id": ada.id, "username": "ada"}]}
    assert [one["id"] for one in (await program.get(f"{ALL}/list")).json()["pvcs"]] == [pvc["id"]]
    public = await administrator_client.post(access, json={"is_public": True})
    assert public.json()["pvc"]["is_public"] is True
    assert (await administrator_client.get(access)).json() == {"users": []}
    unknown = await administrator_client.post(access, json={"allowed_users": ["nobody"]})
    assert (unknown.status_code, unknown.json()) == (
        400,
        {"error": "There is no user “nobody”. Correct the name, or leave it out."},
    )


async def test_groups_that_share_it_keep_it(pvc: Json, administrator_client: AsyncClient) -> None:
    group = (await administrator_client.post("/api/v1/groups", json={"name": "7b"})).json()
    shares = f"/api/v1/volumes/{pvc['id']}/shares"
    (await administrator_client.put(shares, json={"groups": [{"group_id": group["id"]}]})).raise_for_status()
    (await administrator_client.post(f"{ALL}/{pvc['id']}/access", json={"is_public": True})).raise_for_status()
    assert [one["group"]["id"] for one in (await administrator_client.get(shares)).json()["groups"]] == [group["id"]]


@pytest.mark.usefixtures("reconciling")
async def test_it_is_deleted_unless_a_desktop_has_it(pvc: Json, administrator_client: AsyncClient) -> None:
    (await administrator_client.post("/api/desktop-config/create", json=CONFIGURATION)).raise_for_status()
    wish = {"name": "desk", "external_pvc": "data"}
    launched = await administrator_client.post("/api/connections/scaleup", json=wish)
    assert launched.json()["external_pvc"] == "data", launched.text
    uses = (await administrator_client.get(f"{ALL}/connections/{pvc['id']}")).json()["connections"]
    assert [(one["created_by"], one["is_stopped"]) for one in uses] == [("grace", False)]
    refused = await administrator_client.delete(f"{ALL}/{pvc['id']}")
    assert refused.status_code == 400
    assert refused.json() == {"error": "Cannot delete PVC that is in use by one or more connections"}
    detached = await administrator_client.post(
        "/api/connections/detach-pvc", json={"connection_id": launched.json()["connection"]["id"]}
    )
    assert detached.json()["connection"]["external_pvc"] is None, detached.text
    assert (await administrator_client.delete(f"{ALL}/{pvc['id']}")).status_code == 200
    assert (await administrator_client.get(f"{ALL}/{pvc['id']}")).status_code == 404


@pytest.mark.parametrize("wrong", [{"size": "large"}, {"size": "0Gi"}, {"name": ""}, {"size": "999999Ti"}])
@pytest.mark.usefixtures("configuration")
async def test_what_makes_no_sense_is_refused(administrator_client: AsyncClient, wrong: Json) -> None:
    answer = await administrator_client.post(f"{ALL}/create", json={"name": "data"} | wrong)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    assert (await administrator_client.get(f"{ALL}/list")).json() == {"pvcs": []}


@pytest.mark.usefixtures("pvc")
async def test_a_name_is_given_once(administrator_client: AsyncClient) -> None:
    assert (await administrator_client.post(f"{ALL}/create", json={"name": "data"})).status_code == 400
