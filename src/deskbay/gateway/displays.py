"""Where a desktop is shown, and how it is entered: as its runtime knows, else as its template says."""

from dataclasses import replace
from http import HTTPStatus

from starlette.requests import HTTPConnection

from deskbay.desktops.models import Desktop
from deskbay.desktops.pool import RuntimePool, as_problem
from deskbay.desktops.runtimes import Display, DisplayProtocol, TcpDisplay, Unreachable
from deskbay.kit.problems import Problem
from deskbay.kit.vault import Vault


async def display_of(connection: HTTPConnection, desktop: Desktop) -> Display:
    """Return a desktop's display. Raises Problem 503 when its runtime gives no answer."""
    pool: RuntimePool = connection.app.state.runtimes
    try:
        return await find_display(pool, connection.app.state.vault, desktop)
    except Unreachable as error:
        raise as_problem(error) from error


async def find_display(pool: RuntimePool, vault: Vault, desktop: Desktop) -> Display:
    """Return a desktop's display. Raises Unreachable."""
    display = await pool.of(desktop).display(desktop.uuid)
    if not isinstance(display, TcpDisplay):
        return display
    template = desktop.template
    return replace(
        display,
        username=display.username or template.username,
        password=display.password or _opened(vault, template.sealed_password),
    )


def _opened(vault: Vault, sealed: str | None) -> str | None:
    return None if sealed is None else vault.open(sealed)


def is_vnc(display: Display) -> bool:
    """Whether a display speaks RFB."""
    return not isinstance(display, TcpDisplay) or display.protocol is DisplayProtocol.VNC


def other_protocol(desktop: Desktop, where: str) -> Problem:
    """The refusal at the socket of another protocol; `where` is the last part of the right one's address."""
    what = f"This desktop is not shown that way. Open it at /api/v1/desktops/{desktop.id}/{where}."
    return Problem(HTTPStatus.CONFLICT, what, kind="other-protocol")
