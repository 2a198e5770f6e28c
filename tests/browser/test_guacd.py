"""Desktops by RDP and SSH in the browser: through a real guacd to a real xrdp and a real SSH server."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import uvicorn
from playwright.sync_api import Page, Position, expect
from sqlalchemy import select
from tests.browser.test_first_desktop import sign_up
from tests.desktops.doubles import PromptRuntime
from tests.desktops.kinds import kinds_of
from tests.ports import free_port
from tests.remote import Typed, desktop_by_rdp, guacd, shell_by_ssh
from tests.serving import PATIENCE, eventually
from tests.x_clipboard import copied

from deskbay.app import create_app
from deskbay.desktops.models import Template
from deskbay.desktops.runtimes import Display, DisplayProtocol, TcpDisplay
from deskbay.gateway.protocol import GatewayProtocol
from deskbay.settings import Settings

IN_THE_TERMINAL = Position(x=200, y=150)


class RealDisplays(PromptRuntime):
    """Desktops of which nothing is real but the display."""

    shown: Display

    async def display(self, desktop: object) -> Display:  # noqa: ARG002
        return self.shown


class Server:
    """A server in a thread of its own, whose desktops show what a test puts there; and a shell behind SSH beside it."""

    shell: Typed

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runtime = RealDisplays()
        self._loop = asyncio.new_event_loop()
        self._app = create_app(settings, kinds=kinds_of({"local": self._runtime}))
        self.url = f"http://127.0.0.1:{settings.port}"

    @contextmanager
    def running(self) -> Iterator[None]:
        started, over = threading.Event(), asyncio.Event()
        thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve(started, over)])
        thread.start()
        try:
            assert started.wait(PATIENCE)
            yield
        finally:
            self._loop.call_soon_threadsafe(over.set)
            thread.join()
            self._loop.close()

    async def _serve(self, started: threading.Event, over: asyncio.Event) -> None:
        config = uvicorn.Config(self._app, port=self._settings.port, ws=GatewayProtocol, log_config=None)
        server = uvicorn.Server(config)
        async with shell_by_ssh(self._settings.data) as self.shell:
            serving = asyncio.create_task(server._serve())
            while not server.started:  # noqa: ASYNC110 - it tells by nothing else
                await asyncio.sleep(0.02)
            started.set()
            await over.wait()
            server.should_exit = True
            await serving

    def show(self, display: TcpDisplay) -> None:
        """Have the template “Desktop” give desktops of this display from now on."""
        self._runtime.shown = display
        asyncio.run_coroutine_threadsafe(self._change_template(display.protocol), self._loop).result(PATIENCE)

    async def _change_template(self, protocol: DisplayProtocol) -> None:
        async with self._app.state.database.write() as db:
            template = (await db.scalars(select(Template).where(Template.slug == "desktop"))).one()
            template.protocol = protocol


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="deskbay-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def server(folder: Path, migrated_file: Path) -> Iterator[Server]:
    (folder / "data").mkdir(mode=0o700)
    shutil.copy(migrated_file, folder / "data" / "deskbay.sqlite")
    with guacd(folder) as address:
        server = Server(Settings(data=folder / "data", guacd=address, port=free_port()))
        with server.running():
            yield server


@pytest.fixture(scope="module")
def behind_xrdp(folder: Path) -> Iterator[Typed]:
    with desktop_by_rdp(folder) as typed:
        yield typed


def open_desktop(page: Page) -> None:
    page.get_by_role("button", name="Launch Desktop", exact=True).click()
    expect(page.locator("[data-live] canvas").first).to_be_visible()
    page.get_by_role("application").click(position=IN_THE_TERMINAL)


def type_line(page: Page, typed: Typed, line: str) -> None:
    """Type until it has arrived: what is typed before a terminal listens is lost."""

    def arrives() -> bool:
        page.keyboard.type(f"{line}\n", delay=30)
        page.wait_for_timeout(1000)
        return f"{line}\n" in typed.file.read_text()

    eventually(arrives, "what is typed arrives")


def test_a_desktop_behind_xrdp_is_typed_into(page: Page, server: Server, behind_xrdp: Typed) -> None:
    server.show(behind_xrdp.display)
    sign_up(page, "rita")
    open_desktop(page)
    type_line(page, behind_xrdp, "typed by rdp")


def test_a_desktop_behind_xrdp_shares_its_clipboard_both_ways(page: Page, server: Server, behind_xrdp: Typed) -> None:
    server.show(behind_xrdp.display)
    sign_up(page, "claire")
    open_desktop(page)
    type_line(page, behind_xrdp, "before")
    page.get_by_role("button", name="Open the panel").click()
    clipboard = page.get_by_label("Clipboard of the desktop")
    with copied(behind_xrdp.screen, b"copied there"):
        expect(clipboard).to_have_value("copied there")
    clipboard.fill("copied here\n")
    page.get_by_role("application").click(position=IN_THE_TERMINAL)

    def arrives() -> bool:
        page.keyboard.press("Shift+Insert")
        page.wait_for_timeout(1000)
        return "copied here\n" in behind_xrdp.file.read_text()

    eventually(arrives, "what is pasted arrives")


@pytest.mark.filterwarnings("ignore:Diffie-Hellman")  # guacd's SSH of Debian 11 knows no other way
def test_a_shell_behind_ssh_is_typed_into(page: Page, server: Server) -> None:
    server.show(server.shell.display)
    sign_up(page, "sam")
    open_desktop(page)
    type_line(page, server.shell, "typed by ssh")
    page.get_by_role("button", name="Open the panel").click()
    expect(page.get_by_role("radiogroup", name="Size")).to_be_visible()
    expect(page.get_by_role("radiogroup", name="Picture")).to_have_count(0)


@pytest.mark.filterwarnings("ignore:Diffie-Hellman")
def test_a_desktop_that_takes_no_password_says_so_and_is_not_tried_again(page: Page, server: Server) -> None:
    server.show(replace(server.shell.display, password="not this one"))
    sign_up(page, "wanda")
    page.get_by_role("button", name="Launch Desktop", exact=True).click()
    expect(page.get_by_role("heading", name="The desktop lets nobody in")).to_be_visible()
    expect(page.get_by_text("does not take the name or the password")).to_be_visible()
    expect(page.get_by_text("Trying again")).to_have_count(0)
    server.show(server.shell.display)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-live] canvas").first).to_be_visible()


def test_a_desktop_whose_port_is_shut_says_so_and_is_tried_again(page: Page, server: Server) -> None:
    server.show(replace(server.shell.display, port=free_port()))
    sign_up(page, "norbert")
    page.get_by_role("button", name="Launch Desktop", exact=True).click()
    expect(page.get_by_role("heading", name="The desktop can’t be shown")).to_be_visible()
    expect(page.get_by_text("Nothing answers at the desktop’s address.")).to_be_visible()
    expect(page.get_by_text("Trying again")).to_be_visible()
