"""Who gets in without credentials: by address, and never for another site's page or an unknown proxy."""

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from deskbay.app import create_app
from deskbay.settings import Settings

PATH = "/api/session-manager/dashboard"


async def status(app: FastAPI, address: str, token: str = "", **headers: str) -> int:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    transport = ASGITransport(app, client=(address, 50_000))
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=sent) as client:
        return (await client.get(PATH)).status_code


@pytest.mark.parametrize(
    ("address", "headers", "expected"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("10.0.0.7", {}, 401),
        ("10.0.0.7", {"x_forwarded_for": "127.0.0.1"}, 401),
        ("127.0.0.1", {"x_forwarded_for": "127.0.0.1"}, 401),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}, 401),
        ("127.0.0.1", {"origin": "http://elsewhere.example"}, 401),
        ("127.0.0.1", {"sec_fetch_site": "cross-site"}, 401),
        ("127.0.0.1", {"origin": "http://127.0.0.1:8000"}, 200),
    ],
)
async def test_by_default_only_this_machine_gets_in(
    app: FastAPI, address: str, headers: dict[str, str], expected: int
) -> None:
    assert await status(app, address, **headers) == expected


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", "10.20.1.1", 200),
        ("10.0.0.1", "10.20.1.1, 10.0.0.2", 200),
        ("10.0.0.1", "10.20.1.1, 192.0.2.1", 401),
        ("10.0.0.1", "no address", 401),
        ("192.0.2.1", "10.20.1.1", 401),
    ],
)
async def test_behind_a_declared_proxy_the_address_that_it_tells_counts(
    app: FastAPI, settings: Settings, peer: str, forwarded: str, expected: int
) -> None:
    await app.state.database.close()
    changed = Settings.model_validate(
        {"data": settings.data, "trusted_proxies": "10.0.0.0/24", "session_manager_trusted_networks": "10.20.0.0/16"}
    )
    behind = create_app(changed)
    assert await status(behind, peer, x_forwarded_for=forwarded) == expected
    await behind.state.database.close()


async def test_a_device_or_an_administrator_gets_in_by_token(
    app: FastAPI, administrator_client: AsyncClient, user_client: AsyncClient
) -> None:
    made = (await administrator_client.post("/api/v1/devices", json={"name": "pc-1"})).json()
    administrator = administrator_client.headers["Authorization"].removeprefix("Bearer ")
    user = user_client.headers["Authorization"].removeprefix("Bearer ")
    assert await status(app, "192.0.2.1", made["token"]) == 200
    assert await status(app, "192.0.2.1", administrator) == 200
    assert await status(app, "192.0.2.1", user) == 401
    assert await status(app, "192.0.2.1", "dd_wrong") == 401


def test_networks_are_taken_from_the_environment_by_the_contracts_name(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("SESSION_MANAGER_TRUSTED_NETWORKS", "10.1.0.0/16, ::1/128")
    networks = Settings(data=settings.data).session_manager_trusted_networks
    assert [str(network) for network in networks] == ["10.1.0.0/16", "::1/128"]
