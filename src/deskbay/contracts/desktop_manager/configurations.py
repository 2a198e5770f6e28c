"""Desktop configurations, which are templates."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.contracts.desktop_manager.admission import ManagerNeeds
from deskbay.contracts.desktop_manager.answers import Message
from deskbay.contracts.desktop_manager.errors import ERRORS, ErrorRoute, Refused
from deskbay.contracts.desktop_manager.people import UserBrief, Users, ids_of
from deskbay.contracts.desktop_manager.quantities import Quantity, megabytes
from deskbay.database import Transaction
from deskbay.desktops import templates
from deskbay.desktops.models import RuntimeRow, Template
from deskbay.desktops.permissions import permitted_users
from deskbay.desktops.placing import LOCAL
from deskbay.desktops.template_schemas import Image, Line, TemplateIn
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key

router = APIRouter(
    prefix="/api/desktop-config",
    tags=["desktop manager (contract)"],
    route_class=ErrorRoute,
    responses=ERRORS,
    generate_unique_id_function=lambda route: f"desktop_manager_{route.name}",
)
CATEGORY = "Desktops"


class ConfigurationIn(BaseModel):
    """Sizes as a cluster counts them: cores, and memory as 4096Mi."""

    name: Line
    image: Image
    description: str | None = ""
    is_public: bool = False
    min_cpu: Annotated[float, Field(gt=0)] = 1
    max_cpu: Annotated[float, Field(gt=0)] = 4
    min_ram: Quantity = "4096Mi"
    max_ram: Quantity = "16384Mi"
    allowed_users: list[str] = []


class Configuration(BaseModel):
    id: int
    name: str
    description: str
    image: str | None
    created_at: datetime | None
    is_public: bool
    min_cpu: float
    max_cpu: float
    min_ram: str
    max_ram: str
    allowed_users: list[str]


class ConfigurationAnswer(BaseModel):
    message: str = ""
    configuration: Configuration


class ConfigurationList(BaseModel):
    configurations: list[Configuration]


Reader = Annotated[Caller, Depends(ManagerNeeds(Scope.TEMPLATES_READ))]
ReaderOfAll = Annotated[Caller, Depends(ManagerNeeds(Scope.TEMPLATES_READ, Reach.ALL))]
Writer = Annotated[Caller, Depends(ManagerNeeds(Scope.TEMPLATES_WRITE, Reach.ALL))]


async def _visible(config_id: Key, db: Transaction, caller: Reader) -> Template:
    if await _manages(db, caller):
        return await templates.get_template(db, config_id)
    return await templates.get_visible(db, caller.rights, config_id)


async def _known(config_id: Key, db: Transaction, _: ReaderOfAll) -> Template:
    return await templates.get_template(db, config_id)


async def _managed(config_id: Key, db: Transaction, _: Writer) -> Template:
    return await templates.get_template(db, config_id)


async def _manages(db: AsyncSession, caller: Caller) -> bool:
    return await caller.rights.include(db, Scope.TEMPLATES_READ, Reach.ALL)


VisibleTemplate = Annotated[Template, Depends(_visible)]
KnownTemplate = Annotated[Template, Depends(_known)]
ManagedTemplate = Annotated[Template, Depends(_managed)]


@router.get("/list")
async def list_configurations(db: Transaction, caller: Reader) -> ConfigurationList:
    """List the configurations: all for administrators, else those that one may launch."""
    if not await _manages(db, caller):
        return await list_accessible(db, caller)
    return ConfigurationList(configurations=await _described(db, await templates.list_all(db)))


@router.get("/accessible")
async def list_accessible(db: Transaction, caller: Reader) -> ConfigurationList:
    """List what one may launch."""
    found = await templates.list_launchable(db, caller.rights)
    return ConfigurationList(configurations=await _described(db, found, tells=await _manages(db, caller)))


@router.get("/get/{config_id}")
async def get_configuration(template: VisibleTemplate, db: Transaction, caller: Reader) -> ConfigurationAnswer:
    """Show a configuration."""
    return ConfigurationAnswer(configuration=(await _described(db, [template], tells=await _manages(db, caller)))[0])


@router.get("/access/{config_id}")
async def list_users_of_configuration(template: KnownTemplate, db: Transaction) -> Users:
    """List who may launch a configuration that is not public."""
    users = (await permitted_users(db, [template])).get(template.id, [])
    return Users(users=[UserBrief.model_validate(user) for user in users])


@router.post("/create", status_code=HTTPStatus.CREATED)
async def create_configuration(
    given: ConfigurationIn, db: Transaction, _: Writer, clock: ClockOfApp
) -> ConfigurationAnswer:
    """Make a configuration, of the kind of the first runtime that starts images."""
    kinds = await db.scalars(select(RuntimeRow.kind).where(RuntimeRow.kind != LOCAL).order_by(RuntimeRow.id))
    if (kind := kinds.first()) is None:
        raise Refused("There is no runtime that starts images. Add one on the page Runtimes, then try again.")
    basics = {"category": CATEGORY, "runtime": kind}
    template = await templates.create_template(db, TemplateIn.model_validate(basics | await _wished(db, given)))
    template.created_at = clock.now()
    return await _answer(db, template, "Desktop configuration created successfully")


@router.put("/update/{config_id}")
async def update_configuration(
    given: ConfigurationIn, template: ManagedTemplate, db: Transaction
) -> ConfigurationAnswer:
    """Change a configuration; what this API does not tell of stays. Desktops that are made of it keep their size."""
    known = (await templates.as_wished(db, template)).model_dump()
    await templates.change_template(db, template, TemplateIn.model_validate(known | await _wished(db, given)))
    return await _answer(db, template, "Desktop configuration updated successfully")


@router.delete("/delete/{config_id}")
async def delete_configuration(template: ManagedTemplate, db: Transaction, clock: ClockOfApp) -> Message:
    """Delete a configuration of which no desktop is made."""
    await templates.delete_template(db, clock, template)
    return Message(message="Desktop configuration deleted successfully")


async def _wished(db: AsyncSession, given: ConfigurationIn) -> dict[str, object]:
    """Return the fields of a template that a configuration tells of. Desktops have the most that they may have."""
    most_memory, most_cpus = megabytes(given.max_ram), given.max_cpu
    return {
        "name": given.name,
        "description": given.description or "",
        "image": given.image,
        "memory_mb": most_memory,
        "least_memory_mb": megabytes(given.min_ram),
        "most_memory_mb": most_memory,
        "cpus": most_cpus,
        "least_cpus": given.min_cpu,
        "most_cpus": most_cpus,
        "is_for_everyone": given.is_public,
        "allowed_users": await ids_of(db, given.allowed_users),
    }


async def _answer(db: AsyncSession, template: Template, message: str) -> ConfigurationAnswer:
    return ConfigurationAnswer(message=message, configuration=(await _described(db, [template]))[0])


async def _described(db: AsyncSession, found: Sequence[Template], *, tells: bool = True) -> list[Configuration]:
    """Return configurations, and tell those who may see all of them who else may launch them."""
    users = await permitted_users(db, found) if tells else {}
    return [
        Configuration(
            id=template.id,
            name=template.name,
            description=template.description,
            image=template.image,
            created_at=template.created_at,
            is_public=template.is_for_everyone,
            min_cpu=template.least_cpus,
            max_cpu=template.most_cpus,
            min_ram=f"{template.least_memory_mb}Mi",
            max_ram=f"{template.most_memory_mb}Mi",
            allowed_users=[user.username for user in users.get(template.id, [])],
        )
        for template in found
    ]
