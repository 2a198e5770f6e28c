"""Templates over HTTP: the gallery for everyone, and what administrators make of it."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.groups.schemas import GroupBrief
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.accounts.schemas import OwnerOut
from deskbay.database import Transaction
from deskbay.desktops import beginnings, spares, stops, templates
from deskbay.desktops.availability import Availability, AvailabilityOfApp
from deskbay.desktops.models import Desktop, Template
from deskbay.desktops.permissions import permitted_groups, permitted_users
from deskbay.desktops.pool import PoolOfApp
from deskbay.desktops.runtimes.clusters import ClusterWish
from deskbay.desktops.template_schemas import (
    LastLaunch,
    TemplateBasics,
    TemplateDetails,
    TemplateDetailsList,
    TemplateIn,
    TemplateList,
    TemplateOrder,
    TemplateOut,
)
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import Problem, documented
from deskbay.kit.vault import VaultOfApp

router = APIRouter(prefix="/api/v1", tags=["templates"], responses=documented(HTTPStatus.UNAUTHORIZED))
FORBIDDEN = documented(HTTPStatus.FORBIDDEN)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)


Reader = Annotated[Caller, Depends(Needs(Scope.TEMPLATES_READ, private=True))]
ReaderOfAll = Annotated[Caller, Depends(Needs(Scope.TEMPLATES_READ, Reach.ALL))]
WriterOfAll = Annotated[Caller, Depends(Needs(Scope.TEMPLATES_WRITE, Reach.ALL))]
Marker = Annotated[Caller, Depends(Needs(Scope.DESKTOPS_WRITE, private=True))]
"""A mark is for one's own next launch, and changes nothing about the template: who may launch may mark."""


async def _visible_template(template_id: Key, db: Transaction, caller: Marker) -> Template:
    return await templates.get_visible(db, caller.rights, template_id)


async def _managed_template(template_id: Key, db: Transaction, _: WriterOfAll) -> Template:
    return await templates.get_template(db, template_id)


async def _possible(wish: TemplateIn, pool: PoolOfApp) -> TemplateIn:
    if wish.runtime not in pool.kinds:
        what = f"There is no kind of runtime “{wish.runtime}” here. Choose one of: {', '.join(sorted(pool.kinds))}."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="unknown-runtime")
    if wish.spares and not pool.kinds[wish.runtime].makes_spares:
        what = (
            f"Runtimes of the kind “{wish.runtime}” make no spare desktops. Have none of them, or choose another kind."
        )
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-spares")
    return wish


VisibleTemplate = Annotated[Template, Depends(_visible_template)]
ManagedTemplate = Annotated[Template, Depends(_managed_template)]
PossibleTemplate = Annotated[TemplateIn, Depends(_possible)]


@router.get("/templates")
async def list_templates(db: Transaction, caller: Reader, availability: AvailabilityOfApp) -> TemplateList:
    """List what you may make a desktop of, in the order of the gallery."""
    marked, last = await templates.favourites(db, caller.user), await templates.last_launches(db, caller.user)
    found = await templates.list_launchable(db, caller.rights)
    return TemplateList(
        items=[await _shown(db, one, availability, last.get(one.id), is_favourite=one.id in marked) for one in found]
    )


@router.put("/templates/{template_id}/favourite", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def mark_template(template: VisibleTemplate, db: Transaction, caller: Marker) -> None:
    """Mark a template, to find it quickly."""
    await templates.mark(db, caller.user, template, is_favourite=True)


@router.delete("/templates/{template_id}/favourite", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def unmark_template(template: VisibleTemplate, db: Transaction, caller: Marker) -> None:
    """Take the mark of a template away."""
    await templates.mark(db, caller.user, template, is_favourite=False)


@router.get("/templates/all", responses=FORBIDDEN)
async def list_all_templates(db: Transaction, _: ReaderOfAll, availability: AvailabilityOfApp) -> TemplateDetailsList:
    """List every template with all that belongs to it, in the order of the gallery."""
    return TemplateDetailsList(items=await _described(db, availability, await templates.list_all(db)))


@router.put("/templates/order", status_code=HTTPStatus.NO_CONTENT, responses=FORBIDDEN | CONFLICT)
async def order_templates(order: TemplateOrder, db: Transaction, _: WriterOfAll) -> None:
    """Put the templates into another order; the order of categories is that of their first templates."""
    await templates.order_templates(db, order.ids)


@router.post(
    "/templates",
    status_code=HTTPStatus.CREATED,
    responses=FORBIDDEN | documented(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def create_template(
    wish: PossibleTemplate, db: Transaction, caller: WriterOfAll, availability: AvailabilityOfApp, vault: VaultOfApp
) -> TemplateDetails:
    """Make a template, the last one of the gallery."""
    template = await templates.create_template(db, wish)
    await beginnings.begin_with(db, caller.user, template, wish.session_id)
    templates.keep_password(template, wish, vault)
    return (await _described(db, availability, [template]))[0]


@router.put("/templates/{template_id}", responses=FORBIDDEN | NOT_FOUND | CONFLICT)
async def change_template(  # noqa: PLR0917 - each is a part of the request
    template: ManagedTemplate,
    wish: PossibleTemplate,
    db: Transaction,
    caller: WriterOfAll,
    availability: AvailabilityOfApp,
    vault: VaultOfApp,
) -> TemplateDetails:
    """Change a template; its name in addresses stays. Desktops that are made of it keep their size."""
    await templates.change_template(db, template, wish)
    await beginnings.begin_with(db, caller.user, template, wish.session_id)
    templates.keep_password(template, wish, vault)
    await stops.tell_limits(db, template)
    return (await _described(db, availability, [template]))[0]


@router.post("/templates/{template_id}/clone", status_code=HTTPStatus.CREATED, responses=FORBIDDEN | NOT_FOUND)
async def clone_template(
    template: ManagedTemplate, db: Transaction, availability: AvailabilityOfApp
) -> TemplateDetails:
    """Copy a template. The copy stands after it, and is disabled at first."""
    return (await _described(db, availability, [await templates.clone_template(db, template)]))[0]


@router.delete(
    "/templates/{template_id}", status_code=HTTPStatus.NO_CONTENT, responses=FORBIDDEN | NOT_FOUND | CONFLICT
)
async def delete_template(template: ManagedTemplate, db: Transaction, clock: ClockOfApp) -> None:
    """Delete a template that no desktop is made of."""
    await templates.delete_template(db, clock, template)


async def _shown(
    db: AsyncSession, template: Template, availability: Availability, last: Desktop | None, *, is_favourite: bool
) -> TemplateOut:
    return TemplateOut(
        id=template.id,
        slug=template.slug,
        **_basics(template),
        unavailable_reason=await availability.reason_against(db, template),
        is_favourite=is_favourite,
        last_launch=LastLaunch(at=last.created_at, memory_mb=last.memory_mb, cpus=last.cpus) if last else None,
    )


async def _described(db: AsyncSession, availability: Availability, found: Sequence[Template]) -> list[TemplateDetails]:
    desktops, ready = await templates.count_desktops(db), await spares.count_ready(db)
    users, groups = await permitted_users(db, found), await permitted_groups(db, found)
    sessions = await beginnings.names(db, found)
    return [
        _details(
            template,
            allowed_users=[OwnerOut.model_validate(user) for user in users.get(template.id, [])],
            allowed_groups=[GroupBrief.model_validate(group) for group in groups.get(template.id, [])],
            session=sessions.get(template.session_id) if template.session_id else None,
            desktops=desktops.get(template.id, 0),
            spares_ready=ready.get(template.id, 0),
            unavailable_reason=await availability.reason_against(db, template),
        )
        for template in found
    ]


def _details(template: Template, **from_elsewhere: object) -> TemplateDetails:
    """Return a template with all that belongs to it: what is kept with itself, and what is not."""
    made_here = {
        **from_elsewhere,
        "labels": json.loads(template.labels),
        "cluster": ClusterWish.model_validate_json(template.cluster),
        "environment": json.loads(template.environment),
        "has_password": template.sealed_password is not None,
    }
    fields = {name: getattr(template, name) for name in TemplateDetails.model_fields if name not in made_here}
    return TemplateDetails.model_validate({**fields, **made_here})


def _basics(template: Template) -> dict[str, object]:
    return {name: getattr(template, name) for name in TemplateBasics.model_fields}
