"""The commands on desktops, against the running server."""

from collections.abc import Sequence
from datetime import timedelta

from rich.table import Table

from deskbay.cli.access import acting, sign_in_link
from deskbay.cli.failures import Failure
from deskbay.cli.launching import launch, launch_bar
from deskbay.cli.sessions import find_session
from deskbay.desktops.schemas import DesktopOut
from deskbay.settings import Settings


async def launch_and_link(
    settings: Settings, username: str | None, template: str, *, session: str | None, quiet: bool
) -> tuple[DesktopOut, str]:
    """Launch a desktop, with a session if one is named; return it once it runs, and a link that signs in once."""
    async with acting(settings, username) as client:
        session_id = (await find_session(client, session)).id if session else None
        with launch_bar(shown=not quiet) as bar:
            desktop = await launch(client, template, bar, session_id)
    return desktop, await sign_in_link(settings, username, f"/desktops/{desktop.id}")


async def list_desktops(settings: Settings, username: str | None) -> list[DesktopOut]:
    async with acting(settings, username) as client:
        return await client.desktops()


async def stop_desktops(settings: Settings, username: str | None, ids: Sequence[int]) -> list[DesktopOut]:
    """Stop desktops and wait until they are; none is when one of them is not there."""
    async with acting(settings, username) as client:
        for desktop in ids:
            await client.get(desktop)
        for desktop in ids:
            await client.stop(desktop)
        return [[now async for now in client.follow(desktop)][-1] for desktop in ids]


async def extend_desktop(settings: Settings, username: str | None, desktop_id: int, hours: float | None) -> DesktopOut:
    """Move the end of a desktop by so many hours, or as far as it may be."""
    async with acting(settings, username) as client:
        desktop = await client.get(desktop_id)
        if desktop.ends_at is None or desktop.latest_end is None:
            raise Failure(f"{desktop.name} has no end that could be moved.", kind="no-lifetime", title="No lifetime")
        until = desktop.latest_end if hours is None else desktop.ends_at + timedelta(hours=hours)
        return await client.extend(desktop_id, until)


async def delete_desktops(settings: Settings, username: str | None, ids: Sequence[int]) -> list[DesktopOut]:
    """Delete desktops; none is when one of them is not there. Return them as they were."""
    async with acting(settings, username) as client:
        found = [await client.get(desktop) for desktop in dict.fromkeys(ids)]
        for desktop in found:
            await client.delete(desktop.id)
        return found


def table_of(desktops: Sequence[DesktopOut]) -> Table | str:
    """Return desktops for people to read."""
    if not desktops:
        return "There are no desktops. Launch one: deskbay launch"
    table = Table("ID", "Name", "Template", "Owner", "State", "Why", box=None, pad_edge=False)
    for desktop in desktops:
        words = (desktop.name, desktop.template.slug, desktop.owner.username, desktop.state, desktop.reason or "")
        table.add_row(str(desktop.id), *words)
    return table
