"""Roles over HTTP: what there is, who has them, and what a person may do by them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.directory import get_user, no_user
from deskbay.accounts.groups.service import get_group
from deskbay.accounts.rights import roles
from deskbay.accounts.rights.built_in import ADMINISTRATOR, GROUP_ADMINISTRATOR, USER, BuiltIn
from deskbay.accounts.rights.models import CustomRole
from deskbay.accounts.rights.schemas import RightList, RoleIn, RoleList, RoleOut
from deskbay.accounts.rights.scopes import Reach, Scope, granted
from deskbay.accounts.rights.sources import explain
from deskbay.database import Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1", tags=["roles"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)

Reader = Annotated[Caller, Depends(Needs(Scope.PEOPLE_READ, Reach.ALL))]
Helper = Annotated[Caller, Depends(Needs(Scope.PEOPLE_READ, Reach.GROUP))]
Writer = Annotated[Caller, Depends(Needs(Scope.PEOPLE_WRITE, Reach.ALL))]


async def _role(role_id: Key, by: Writer, db: Transaction) -> CustomRole:
    return await roles.get_role(db, by, role_id)


RoleOfPath = Annotated[CustomRole, Depends(_role)]


@router.get("/roles", name="list_roles")
async def list_roles(_: Reader, db: Transaction) -> RoleList:
    """List roles and who has them: those that are there from the start, then others by name."""
    built_in = [_shown_built_in(one) for one in (USER, GROUP_ADMINISTRATOR, ADMINISTRATOR)]
    return RoleList(items=[*built_in, *(_shown(one) for one in await roles.list_roles(db))])


@router.post("/roles", name="create_role", status_code=HTTPStatus.CREATED, responses=CONFLICT)
async def create_role(wish: RoleIn, by: Writer, db: Transaction, clock: ClockOfApp) -> RoleOut:
    """Make a role. It can have no right that you don't have for everyone."""
    return _shown(await roles.describe(db, await roles.create_role(db, clock, by, wish)))


@router.put("/roles/{role_id}", name="change_role", responses=NOT_FOUND | CONFLICT)
async def change_role(wish: RoleIn, role: RoleOfPath, by: Writer, db: Transaction) -> RoleOut:
    """Change a role. It holds at once for all who have it."""
    await roles.change_role(db, by, role, wish)
    return _shown(await roles.describe(db, role))


@router.delete("/roles/{role_id}", name="delete_role", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def delete_role(role: RoleOfPath, db: Transaction) -> None:
    """Delete a role. Nobody has it any more; it can't be undone."""
    await roles.delete_role(db, role)


@router.put(
    "/roles/{role_id}/people/{user_id}",
    name="give_role_to_person",
    status_code=HTTPStatus.NO_CONTENT,
    responses=NOT_FOUND,
)
async def give_to_person(role: RoleOfPath, user_id: Key, by: Writer, db: Transaction) -> None:
    """Let a person have a role."""
    await roles.give_to_person(db, by, role, await get_user(db, user_id))


@router.delete(
    "/roles/{role_id}/people/{user_id}",
    name="take_role_from_person",
    status_code=HTTPStatus.NO_CONTENT,
    responses=NOT_FOUND,
)
async def take_from_person(role: RoleOfPath, user_id: Key, by: Writer, db: Transaction) -> None:
    """Let a person have a role no more, unless they have it by a group, too."""
    await roles.take_from_person(db, by, role, await get_user(db, user_id))


@router.put(
    "/roles/{role_id}/groups/{group_id}",
    name="give_role_to_group",
    status_code=HTTPStatus.NO_CONTENT,
    responses=NOT_FOUND,
)
async def give_to_group(role: RoleOfPath, group_id: Key, db: Transaction) -> None:
    """Let the people of a group, and of those that lie in it, have a role."""
    await roles.give_to_group(db, role, await get_group(db, group_id))


@router.delete(
    "/roles/{role_id}/groups/{group_id}",
    name="take_role_from_group",
    status_code=HTTPStatus.NO_CONTENT,
    responses=NOT_FOUND,
)
async def take_from_group(role: RoleOfPath, group_id: Key, db: Transaction) -> None:
    """Let the people of a group have a role no more."""
    await roles.take_from_group(db, role, await get_group(db, group_id))


@router.get("/users/{user_id}/rights", name="list_rights_of_person", responses=NOT_FOUND)
async def list_rights(user_id: Key, reader: Helper, db: Transaction) -> RightList:
    """List all that a person may do, how far, and by which of their roles and groups."""
    if not await reader.reaches(db, user_id):
        raise no_user(user_id)
    return RightList(items=await explain(db, await get_user(db, user_id)))


def _shown_built_in(role: BuiltIn) -> RoleOut:
    return RoleOut(
        id=None, name=role.name, description=f"For {role.who}", rights=dict(role.rights), people=[], groups=[]
    )


def _shown(one: roles.Bound) -> RoleOut:
    return RoleOut.model_validate(
        {
            "id": one.role.id,
            "name": one.role.name,
            "description": one.role.description,
            "rights": granted(one.role.rights.split()),
            "people": one.people,
            "groups": one.groups,
        },
        from_attributes=True,
    )
