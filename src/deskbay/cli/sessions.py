"""The commands on sessions, against the running server."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

from pydantic import BaseModel
from rich.table import Table

from deskbay.accounts.groups.schemas import GroupList
from deskbay.agent.shapes import ApplicationState
from deskbay.cli.access import acting
from deskbay.cli.client import POLL_SECONDS, Client
from deskbay.cli.failures import Failure
from deskbay.sessions.models import RestoreState
from deskbay.sessions.schemas import (
    ComparedApplication,
    Comparison,
    DeviceBrief,
    RestoredApplicationOut,
    RestoreOut,
    SaveList,
    SaveOut,
    SessionList,
    SessionOut,
)
from deskbay.settings import Settings

SESSIONS = "/api/v1/sessions"
BACK = {ApplicationState.PLACED, ApplicationState.ALREADY_RUNNING, ApplicationState.STARTED}

Tell = Callable[[RestoredApplicationOut], None]


async def list_sessions(settings: Settings, username: str | None, *, deleted: bool) -> list[SessionOut]:
    async with acting(settings, username) as client:
        return await _all(client, deleted=deleted)


async def save_session(settings: Settings, username: str | None, name: str) -> SessionOut:
    """Save what is open now in a session."""
    async with acting(settings, username) as client:
        session = await find_session(client, name)
        return SessionOut.model_validate_json(await client.ask("POST", f"{SESSIONS}/{session.id}/save"))


async def clone_session(
    settings: Settings, username: str | None, name: str, new_name: str | None, *, activate: bool
) -> SessionOut:
    async with acting(settings, username) as client:
        session = await find_session(client, name)
        wish = {"name": new_name, "activate": activate}
        return SessionOut.model_validate_json(await client.ask("POST", f"{SESSIONS}/{session.id}/clone", wish))


async def hand_out(
    settings: Settings, username: str | None, name: str, new_name: str | None, groups: Sequence[str]
) -> list[SessionOut]:
    """Copy a session for everyone in these groups, once each."""
    async with acting(settings, username) as client:
        session = await find_session(client, name)
        wish = {"name": new_name, "group_ids": [await _find_group(client, group) for group in groups]}
        copies = await client.ask("POST", f"{SESSIONS}/{session.id}/copies", wish)
        return SessionList.model_validate_json(copies).items


async def _find_group(client: Client, named: str) -> int:
    """Return the group of that number, slug or name. Raises Failure."""
    async for page in client.pages(GroupList, "/api/v1/groups", limit=200):
        for group in page.items:
            if named in {str(group.id), group.slug, group.name}:
                return group.id
    raise Failure(f"There is no group “{named}”. The page “Groups” lists them.", kind="no-group")


async def list_saves(settings: Settings, username: str | None, name: str) -> list[SaveOut]:
    async with acting(settings, username) as client:
        session = await find_session(client, name)
        pages = client.pages(SaveList, f"{SESSIONS}/{session.id}/saves")
        return [one async for page in pages for one in page.items]


async def restore_session(
    settings: Settings, username: str | None, name: str, *, device: str | None, save_id: int | None, tell: Tell
) -> RestoreOut:
    """Bring a session back, telling each change of an application, and return the run once it is over."""
    async with acting(settings, username) as client:
        session = await find_session(client, name)
        wish = {"device_id": device and await _find_device(client, device), "save_id": save_id}
        with _naming_saves(session):
            run = RestoreOut.model_validate_json(await client.ask("POST", f"{SESSIONS}/{session.id}/restore", wish))
        told: dict[str, ApplicationState] = {}
        while True:
            for one in run.applications:
                if told.get(one.key, ApplicationState.WAITING) is not one.state:
                    told[one.key] = one.state
                    tell(one)
            if run.state is RestoreState.FINISHED:
                return run
            await asyncio.sleep(POLL_SECONDS)
            run = RestoreOut.model_validate_json(await client.ask("GET", f"/api/v1/restores/{run.run}"))


async def compare_saves(
    settings: Settings, username: str | None, name: str, saves: tuple[int, int] | None
) -> Comparison:
    """Tell what differs between two saves: the newest two of a session where none are named."""
    async with acting(settings, username) as client:
        session = await find_session(client, name)
        before, after = saves or await _newest_two(client, session)
        query = urlencode({"from": before, "to": after})
        with _naming_saves(session):
            return Comparison.model_validate_json(await client.ask("GET", f"{SESSIONS}/{session.id}/compare?{query}"))


@contextmanager
def _naming_saves(session: SessionOut) -> Iterator[None]:
    """Say by which command the saves are listed, where one is not there."""
    try:
        yield
    except Failure as failure:
        if failure.kind != "no-save":
            raise
        what = f"There is no such save. List them: deskbay sessions saves {session.slug}"
        raise Failure(what, kind=failure.kind, status=failure.status) from failure


async def _newest_two(client: Client, session: SessionOut) -> tuple[int, int]:
    found = SaveList.model_validate_json(await client.ask("GET", f"{SESSIONS}/{session.id}/saves?limit=2")).items
    if len(found) < 2:  # noqa: PLR2004 - two are compared
        what = f"The session “{session.name}” has no two saves that differ."
        raise Failure(f"{what} Save it again: deskbay sessions save {session.slug}", kind="no-save")
    return found[1].id, found[0].id


async def _all(client: Client, *, deleted: bool = False) -> list[SessionOut]:
    pages = client.pages(SessionList, SESSIONS, deleted=str(deleted).lower())
    return [one async for page in pages for one in page.items]


async def find_session(client: Client, name: str) -> SessionOut:
    """Return the session of that id, slug or name. Raises Failure unless it is exactly one."""
    everyone = await _all(client)
    found = [one for one in everyone if name in {str(one.id), one.slug, one.name}]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Failure(f"There is no session “{name}”. List them: deskbay sessions list", kind="no-session")
    several = ", ".join(f"{one.id} on {one.device.name}" for one in found)
    raise Failure(f"Several sessions are called “{name}”: {several}. Name one by its number.", kind="several-sessions")


class _OwnDevices(BaseModel):
    """What is needed here of a person's devices."""

    items: list[DeviceBrief]


async def _find_device(client: Client, named: str) -> int:
    """Return the person's device of that number or name. Raises Failure."""
    devices = _OwnDevices.model_validate_json(await client.ask("GET", "/api/v1/devices/mine")).items
    found = [one.id for one in devices if named in {str(one.id), one.name}]
    if found:
        return found[0]
    yours = ", ".join(f"{one.name} ({one.id})" for one in devices) or "none yet"
    raise Failure(f"You have no device “{named}”. Yours: {yours}.", kind="no-device")


def is_whole(run: RestoreOut) -> bool:
    """Tell whether every application came back."""
    return all(one.state in BACK for one in run.applications)


def line_of(application: RestoredApplicationOut) -> str:
    why = f": {application.reason}" if application.reason else ""
    suggestion = f" {application.suggestion}" if application.suggestion else ""
    return f"{application.name or application.application}  {application.state}{why}{suggestion}"


def summary_of(run: RestoreOut) -> str:
    back = sum(one.state in BACK for one in run.applications)
    reason = f" {run.reason}" if run.reason else ""
    if not run.applications:
        return f"Nothing was open in this save. The session is active on {run.device.name}.{reason}"
    return f"{back} of {counted(len(run.applications))} back on {run.device.name}.{reason}"


def people_of(copies: int) -> str:
    return "1 person" if copies == 1 else f"{copies} people"


def counted(applications: int) -> str:
    return "1 application" if applications == 1 else f"{applications} applications"


def table_of(sessions: Sequence[SessionOut]) -> Table | str:
    """Return sessions for people to read."""
    if not sessions:
        return "There are no sessions. Make one on the page “Sessions”."
    table = Table("ID", "Name", "Device", "State", "Applications", "Saved", box=None, pad_edge=False)
    for one in sessions:
        state = "active" if one.is_active else "in the trash" if one.deleted_at else "saved" if one.saved_at else "new"
        saved = f"{one.saved_at:%Y-%m-%d %H:%M} UTC" if one.saved_at else ""
        table.add_row(str(one.id), one.name, one.device.name, state, str(len(one.applications)), saved)
    return table


def table_of_saves(saves: Sequence[SaveOut]) -> Table | str:
    """Return the saves of a session for people to read."""
    if not saves:
        return "It was not saved yet."
    table = Table("ID", "Saved", "Why", "Applications", box=None, pad_edge=False)
    for one in saves:
        table.add_row(str(one.id), f"{one.saved_at:%Y-%m-%d %H:%M:%S} UTC", one.reason, str(one.applications))
    return table


def lines_of(comparison: Comparison) -> str:
    """Return what differs, a line each, as `diff` marks it."""
    marked = (
        *(f"- {_name(one)}" for one in comparison.went),
        *(f"+ {_name(one)}" for one in comparison.came),
        *(f"~ {_name(one)}: {', '.join(one.changes)}" for one in comparison.changed),
    )
    return "\n".join(marked) or "Nothing differs."


def _name(one: ComparedApplication) -> str:
    return one.name or one.application
