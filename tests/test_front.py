"""What stands before the application: hosts, origins of other pages, sizes, and headers on every answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from httpx import ASGITransport, AsyncClient
from tests.people import ORIGIN, PASSWORD, client_of

from deskbay import page
from deskbay.app import create_app
from deskbay.front import HEALTH, Hosts, host_of, largest_body
from deskbay.settings import Settings

PORTAL = "https://portal.example.org"
ABOUT = "/api/v1/about"
SIGN_UP, SIGN_IN, ME = "/api/v1/auth/sign-up", "/api/v1/auth/sign-in", "/api/v1/auth/me"
ADA = {"username": "ada", "password": PASSWORD}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    names = {"public_url": "https://desk.example.org:8443", "allowed_hosts": "other.example.org,*.lab.example.org"}
    return Settings.model_validate({"data": settings.data, **names, "cors_allowed_origins": PORTAL})


class TestHosts:
    @pytest.mark.parametrize(
        "host",
        [
            "desk.example.org",
            "DESK.example.org:8443",
            "desk.example.org.",
            "other.example.org:80",
            "pc-7.lab.example.org",
            "localhost:8000",
            "desk.localhost",
            "deskbay",
            "192.0.2.7:8000",
            "[2001:db8::1]:8000",
            "[::1]",
            "",
        ],
    )
    def test_ours(self, settings: Settings, host: str) -> None:
        assert Hosts(settings).are_ours([(b"accept", b"*/*"), (b"host", host.encode())])

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "evil.example:8000",
            "lab.example.org",
            "evildesk.example.org",
            "desk.example.org.evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "[::1].evil.example",
            "\xff.\xff",
        ],
    )
    def test_of_others(self, settings: Settings, host: str) -> None:
        assert not Hosts(settings).are_ours([(b"host", host.encode("latin-1"))])

    def test_one_of_two(self, settings: Settings) -> None:
        assert not Hosts(settings).are_ours([(b"host", b"localhost"), (b"host", b"evil.example")])

    @pytest.mark.parametrize(
        ("value", "name"), [("a:1", "a"), ("[::1]:8", "[::1]"), ("[::1]", "[::1]"), ("A.b.", "a.b"), (":8", ":8")]
    )
    def test_the_port_is_none_of_the_name(self, value: str, name: str) -> None:
        assert host_of(value) == name

    @pytest.mark.parametrize("path", ["/", ABOUT, "/api/v1/pings", "/api/session-manager/activity", "/auth/me"])
    async def test_a_site_that_leads_its_name_here_gets_nothing(self, client: AsyncClient, path: str) -> None:
        """DNS rebinding: the browser takes us for that site, and its pages may read what we answer."""
        evil = {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"}
        answer = await client.get(path, headers=evil)
        assert (answer.status_code, answer.json()["type"]) == (421, "wrong-host")
        assert "https://desk.example.org:8443" in answer.json()["detail"]
        assert "allowed_hosts" in answer.json()["detail"]

    async def test_health_is_told_under_any_name(self, client: AsyncClient) -> None:
        assert (await client.get(HEALTH, headers={"Host": "probe.example"})).status_code == 200


class TestOrigins:
    @pytest.fixture
    async def portal(self, app: FastAPI) -> AsyncIterator[AsyncClient]:
        """A browser at a page of the portal."""
        async with client_of(app) as client:
            client.headers.update({"Origin": PORTAL, "Sec-Fetch-Site": "cross-site"})
            yield client

    async def test_a_listed_origin_may_ask_with_credentials(self, portal: AsyncClient) -> None:
        ask = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
        told = (await portal.options(ABOUT, headers=ask)).headers
        assert told["access-control-allow-origin"] == PORTAL
        assert told["access-control-allow-credentials"] == "true"
        assert "PUT" in told["access-control-allow-methods"]
        assert told["access-control-allow-headers"] == "authorization"

    async def test_its_page_can_read_answers_and_errors(self, portal: AsyncClient) -> None:
        for path in (ABOUT, ME):
            told = (await portal.get(path)).headers
            assert told["access-control-allow-origin"] == PORTAL
            assert "Retry-After" in told["access-control-expose-headers"]
            assert "origin" in told["vary"].lower()

    async def test_its_page_may_use_cookies(self, portal: AsyncClient) -> None:
        assert (await portal.post(SIGN_UP, json=ADA)).status_code == 201
        assert (await portal.post("/api/v1/auth/sign-out")).status_code == 200

    @pytest.mark.parametrize("origin", ["https://evil.example", "http://portal.example.org", f"{PORTAL}:444", "null"])
    async def test_others_may_not(self, client: AsyncClient, origin: str) -> None:
        ask = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
        assert (await client.options(ABOUT, headers=ask)).status_code == 400
        told = await client.get(ABOUT, headers={"Origin": origin})
        assert "access-control-allow-origin" not in told.headers
        refused = await client.post(SIGN_UP, json=ADA, headers={"Origin": origin})
        assert (refused.status_code, refused.json()["type"]) == (403, "cross-origin")

    async def test_without_a_list_no_origin_is_told_anything(self, settings: Settings) -> None:
        alone = create_app(settings.model_copy(update={"cors_allowed_origins": ()}))
        async with client_of(alone) as client:
            told = (await client.get(ABOUT, headers={"Origin": PORTAL})).headers
        assert not [name for name in told if name.startswith("access-control")]
        await alone.state.database.close()


class TestSizes:
    def test_signing_in_takes_little_and_uploads_take_more(self) -> None:
        small, usual, large = (largest_body(path) for path in (SIGN_IN, "/api/v1/templates", "/api/v1/agent/snapshots"))
        assert small < usual < large
        assert largest_body("/auth/token") == largest_body("/api/auth/login") == small

    async def test_what_is_told_to_be_too_large_is_not_read(self, app: FastAPI) -> None:
        asked = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal asked
            while True:
                asked += 1
                yield b" " * 1024

        async with client_of(app) as client:
            answer = await client.post(SIGN_IN, content=endless(), headers={"Content-Length": "70000"})
        assert (answer.status_code, answer.json()["type"]) == (413, "too-large")
        assert "64 KiB" in answer.json()["detail"]
        assert answer.headers["connection"] == "close"
        assert asked <= 1

    async def test_what_turns_out_to_be_too_large_is_not_read_on(self, app: FastAPI) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield b" " * 1024

        async with client_of(app) as client:
            answer = await client.post(SIGN_IN, content=chunks())
        assert answer.status_code == 413
        assert answer.json()["status"] == 413

    @pytest.mark.parametrize("told", ["-1", "a", "", "1e9"])
    async def test_a_length_that_is_none_counts_for_nothing(self, client: AsyncClient, told: str) -> None:
        answer = await client.post(SIGN_IN, json=ADA, headers={"Content-Length": told})
        assert answer.status_code == 401


class TestHeaders:
    @pytest.fixture(autouse=True)
    def built(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "index.html").write_text("<!doctype html>")
        monkeypatch.setattr(page, "BUILT", tmp_path)

    @pytest.fixture
    def failing(self, app: FastAPI) -> FastAPI:
        async def fail(_: Request) -> None:
            raise RuntimeError

        app.add_api_route("/api/v1/failing", fail)
        app.router.routes.insert(0, app.router.routes.pop())
        return app

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/", 200),
            ("GET", "/api/health", 200),
            ("GET", "/api/openapi.json", 200),
            ("GET", "/api/v1/nothing", 404),
            ("GET", "/assets/gone.js", 404),
            ("GET", ME, 401),
            ("POST", SIGN_IN, 422),
            ("POST", "/api/v1/pings", 401),
            ("GET", "/api/v1/agent/events", 401),
            ("GET", "/api/v1/failing", 500),
        ],
    )
    async def test_every_answer_has_them(self, failing: FastAPI, method: str, path: str, status: int) -> None:
        transport = ASGITransport(failing, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url=ORIGIN) as client:
            answer = await client.request(method, path)
        assert answer.status_code == status
        for name, value in page.SECURITY_HEADERS.items():
            assert answer.headers[name] == value

    async def test_refusals_at_the_front_have_them(self, client: AsyncClient) -> None:
        for headers in ({"Host": "evil.example"}, {"Content-Length": "99999999"}):
            answer = await client.post(SIGN_IN, headers=headers)
            assert answer.status_code in {413, 421}
            assert answer.headers["x-content-type-options"] == "nosniff"

    async def test_every_route_has_them(self, app: FastAPI, client: AsyncClient) -> None:
        """As asked by nobody, which most refuse."""
        for path, methods in app.openapi()["paths"].items():
            for method in methods:
                answer = await client.request(method, path.replace("{", "").replace("}", ""))
                assert answer.headers["content-security-policy"].startswith("default-src 'self'"), path

    async def test_by_https_it_stays_with_it(self, client: AsyncClient) -> None:
        assert (await client.get(ABOUT)).headers["strict-transport-security"] == "max-age=31536000"

    async def test_without_https_nothing_is_said_of_it(self, settings: Settings) -> None:
        alone = create_app(settings.model_copy(update={"public_url": None}))
        async with client_of(alone) as client:
            assert "strict-transport-security" not in (await client.get(ABOUT)).headers
        await alone.state.database.close()

    @pytest.mark.parametrize(("path", "kept"), [(ABOUT, "no-store"), (ME, "no-store"), ("/", "no-cache")])
    async def test_of_what_people_see_browsers_keep_no_copy(self, client: AsyncClient, path: str, kept: str) -> None:
        assert (await client.get(path)).headers["cache-control"] == kept

    @pytest.mark.parametrize("path", ["/", ABOUT])
    async def test_trace_is_not_answered(self, client: AsyncClient, path: str) -> None:
        assert (await client.request("TRACE", path)).status_code in {404, 405}

    def test_nothing_inline_runs_and_nothing_frames_us(self) -> None:
        policy = page.SECURITY_HEADERS["Content-Security-Policy"]
        assert "unsafe" not in policy
        for part in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
            assert part in policy
