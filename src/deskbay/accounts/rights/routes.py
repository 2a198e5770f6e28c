"""Roles over HTTP: what there is, who has them, and what a person may do by them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.directory import get_user, get_user_within_reach
from deskbay.accounts.groups.members import groups_shown_to
from deskbay.accounts.groups.models import Group
from deskbay.accounts.groups.routes import ShownGroup
from deskbay.accounts.groups.schemas import GroupBrief
from deskbay.accounts.groups.service import get_group
from deskbay.accounts.rights import roles
from deskbay.accounts.rights.built_in import ADMINISTRATOR, DEVICE, GROUP_ADMINISTRATOR, USER, BuiltIn
from deskbay.accounts.rights.models import CustomRole
from deskbay.accounts.rights.schemas import RightList, RoleIn, RoleList, RoleOfGroup, RoleOut, RolesOfGroup
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
    built_in = [_shown_built_in(one) for one in (USER, GROUP_ADMINISTRATOR, ADMINISTRATOR, DEVICE)]
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
    await roles.give(db, by, role, await get_user(db, user_id))


@router.delete(
    "/roles/{role_id}/people/{user_id}",
    name="take_role_from_person",
    status_code=HTTPStatus.NO_CONTENT,
    responses=NOT_FOUND,
)
async def take_from_person(role: RoleOfPath, user_id: Key, by: Writer, db: Transaction) -> None:
    """Let a person have a role no more, unless they have it by a group, too."""
    await roles.take(db, by, role, await get_user(db, user_id))


@router.put(
    "/roles/{role_id}/groups/{group_id}",
    name="give_role_to_group",
    status_code=HTTPStatus.NO_CONTENT,
    responses=NOT_FOUND,
)
async def give_to_group(role: RoleOfPath, group_id: Key, by: Writer, db: Transaction) -> None:
    """Let the people of a group, and of those that lie in it, have a role."""
    await roles.give(db, by, role, await get_group(db, group_id))


@router.delete(
    "/roles/{role_id}/groups/{group_id}",
    name="take_role_from_group",
    status_code=HTTPStatus.NO_CONTENT,
    responses=NOT_FOUND,
)
async def take_from_group(role: RoleOfPath, group_id: Key, by: Writer, db: Transaction) -> None:
    """Let the people of a group have a role no more."""
    await roles.take(db, by, role, await get_group(db, group_id))


@router.get("/groups/{group_id}/roles", name="list_roles_of_group", responses=NOT_FOUND)
async def list_roles_of_group(group: ShownGroup, db: Transaction) -> RolesOfGroup:
    """List the roles that the people of a group have by it, and by the groups in which it lies."""
    return RolesOfGroup(items=[_shown_of_group(*one) for one in await roles.roles_of_group(db, group)])


@router.get("/users/{user_id}/rights", name="list_rights_of_person", responses=NOT_FOUND)
async def list_rights(user_id: Key, reader: Helper, db: Transaction) -> RightList:
    """List all that a person may do, how far, and by which of their roles and groups; groups as far as you see them."""
    user = await get_user_within_reach(db, reader, user_id)
    return RightList(items=await explain(db, user, await groups_shown_to(db, reader)))


def _shown_of_group(role: CustomRole, source: Group) -> RoleOfGroup:
    rights = granted(role.rights.split())
    return RoleOfGroup(id=role.id, name=role.name, rights=rights, group=GroupBrief.model_validate(source))


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
