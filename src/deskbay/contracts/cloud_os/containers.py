"""Containers, which are desktops: ordered, listed and ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, Declaration
from deskbay.accounts.attempts import Attempt, AttemptsOfApp
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.schemas import LONGEST_PASSWORD, NO_CONTROLS, Secret
from deskbay.accounts.visits import BaseUrl, CallerAddress
from deskbay.contracts.changes import BusOfApp
from deskbay.contracts.cloud_os.admission import Reader, Writer, is_plain, new_router
from deskbay.contracts.cloud_os.creation import Creation
from deskbay.contracts.links import link_to
from deskbay.contracts.plain import Refused
from deskbay.database import DatabaseOfApp, Transaction
from deskbay.desktops import allowances, beginnings, quotas, service, templates
from deskbay.desktops.availability import AvailabilityOfApp
from deskbay.desktops.launching import LaunchWish, launch
from deskbay.desktops.models import Desktop, State, Template
from deskbay.desktops.releases import desktop_in, release_of
from deskbay.kit.clock import Clock, ClockOfApp
from deskbay.kit.problems import Problem
from deskbay.kit.vault import VaultOfApp
from deskbay.settings import Settings, SettingsOfApp

router = new_router()
PORTS = {"http": 80, "https": 443}
LONGEST_ID = 18
OVER_THE_LIMIT = {"limit-reached", "quota-reached", "budget-used-up"}
STREAM: dict[int | str, dict[str, object]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


class ContainerIn(BaseModel):
    """What is ordered. The port tells templates apart that have the same image."""

    container_image: Annotated[str, StringConstraints(max_length=255, pattern=NO_CONTROLS)]
    password: Secret = Field(max_length=LONGEST_PASSWORD)
    port: Annotated[int, Field(ge=1, le=65535)] | None = None


class Container(BaseModel):
    container_image: str
    port: int
    server_name: str
    up_time: str
    status: str
    server_ip: str
    service_url: str


class Deleted(BaseModel):
    Success: str


async def most_of(db: AsyncSession, user: User, settings: Settings) -> int:
    """Return how many containers somebody may have at once."""
    each = quotas.most_of_each(await allowances.holding_for(db, user.id), settings.running_desktops_per_user)
    limits = (settings.desktops_per_user, each.desktops)
    return int(min(limit for limit in limits if limit is not None))


async def containers_of(db: AsyncSession, clock: Clock, caller: Caller, base_url: str) -> dict[str, Container]:
    """Return somebody's containers by id, newest first, each with a link that opens it."""
    desktops = await service.desktops_where(db, Desktop.owner_id == caller.user.id)
    return {
        str(desktop.id): _shown(
            desktop, clock.now(), base_url, await link_to(db, clock, caller, base_url, f"/desktops/{desktop.id}")
        )
        for desktop in desktops
    }


def _shown(desktop: Desktop, now: datetime, base_url: str, link: str) -> Container:
    address = urlsplit(base_url)
    return Container(
        container_image=desktop.template.image or desktop.template.slug,
        port=desktop.template.port or address.port or PORTS[address.scheme],
        server_name=release_of(desktop),
        up_time=_up_time(desktop, now),
        status=desktop.state.value,
        server_ip=address.hostname or "",
        service_url=link,
    )


def _up_time(desktop: Desktop, now: datetime) -> str:
    runs = desktop.state is State.RUNNING and desktop.started_at is not None
    up = now - desktop.started_at if runs and desktop.started_at else timedelta()
    return f"{up.days} days {up.seconds // 3600} hours"


@router.post("/users/container", response_class=StreamingResponse, responses=STREAM)
async def create_container(  # noqa: PLR0917 - each is a part of the request
    given: ContainerIn,
    caller: Writer,
    database: DatabaseOfApp,
    bus: BusOfApp,
    clock: ClockOfApp,
    settings: SettingsOfApp,
    vault: VaultOfApp,
    availability: AvailabilityOfApp,
    base_url: BaseUrl,
) -> StreamingResponse:
    """Order a container; a line is told of each step until it runs."""
    password = given.password.get_secret_value()
    if not is_plain(password):
        raise Refused(HTTPStatus.NOT_ACCEPTABLE, "Password should only contain numbers and alphabets")
    async with database.write() as db:
        template = await _template(db, caller.rights, given)
        availability.require_way_to(template)
        desktop = await _reserve(db, clock, caller.user, template, settings, vault.seal(password))
        desktop.lifetime_seconds = settings.container_lifetime_seconds
        desktop.most_lifetime_seconds = settings.container_most_lifetime_seconds
    creation = Creation(database, bus, clock, settings, caller, base_url, desktop.id)
    return StreamingResponse(creation.lines(), media_type="text/plain")


async def _template(db: AsyncSession, rights: Rights, wish: ContainerIn) -> Template:
    """Return the template of an image, of that port if there are several. It may be called by its name, too."""
    launchable = await templates.list_launchable(db, rights)
    allowed = [one for one in launchable if wish.container_image in {one.image, one.slug}]
    if not allowed:
        raise Refused(HTTPStatus.NOT_ACCEPTABLE, "This image is not allowed")
    template = next((one for one in allowed if one.port == wish.port), allowed[0])
    return await templates.get_launchable(db, rights, template.slug)


async def _reserve(  # noqa: PLR0917 - what, for whom, how
    db: AsyncSession, clock: Clock, user: User, template: Template, settings: Settings, sealed_password: str
) -> Desktop:
    try:
        session = await beginnings.own_copy(db, clock, user, template)
        wish = LaunchWish(template, session=session, keeps_home=False, sealed_password=sealed_password)
        return await launch(db, clock, user, wish, service.Right.of(settings))
    except Problem as problem:
        if problem.kind not in OVER_THE_LIMIT:
            raise
        what = "Maximum containers reached upgrade your plan"
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, what) from problem


@router.get("/users/containers")
async def list_containers(
    caller: Reader, database: DatabaseOfApp, clock: ClockOfApp, base_url: BaseUrl
) -> dict[str, Container]:
    """List one's containers by id."""
    async with database.write() as db:
        return await containers_of(db, clock, caller, base_url)


@router.delete("/users/container")
async def delete_container(
    container_id: str, caller: Writer, db: Transaction, clock: ClockOfApp, base_url: BaseUrl
) -> dict[str, Container]:
    """Delete one of one's own containers, and list those that remain."""
    own = (Desktop.id == _key(container_id)) & (Desktop.owner_id == caller.user.id)
    service.delete_desktop(db, await _only(db, own), by=caller.user)
    await db.flush()
    return await containers_of(db, clock, caller, base_url)


def _key(text: str) -> int:
    """Return the key that a text is, else one that nothing has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else 0


async def _only(db: AsyncSession, which: ColumnElement[bool]) -> Desktop:
    found = await service.desktops_where(db, which)
    if not found:
        raise Refused(HTTPStatus.NOT_FOUND, "Container not found")
    return found[0]


@dataclass(frozen=True, slots=True)
class ByDeleteKey(Declaration):
    """Says that a route is for who has the key that is set."""

    async def __call__(
        self, settings: SettingsOfApp, attempts: AttemptsOfApp, address: CallerAddress, delete_key: str = ""
    ) -> None:
        expected = settings.delete_key.get_secret_value() if settings.delete_key else ""
        async with attempts.guess(Attempt.DELETE_KEY, address=address):
            if not expected or not compare_digest(delete_key.encode(), expected.encode()):
                raise Problem(HTTPStatus.UNAUTHORIZED, "Invalid Admin Key")


@router.delete("/container/{name}", dependencies=[Depends(ByDeleteKey())])
async def delete_by_key(name: str, database: DatabaseOfApp) -> Deleted:
    """Delete anybody's container by its name, for who has the key that is set."""
    async with database.write() as db:
        service.delete_desktop(db, await _only(db, Desktop.uuid == desktop_in(name)))
    return Deleted(Success="Container Deleted")
