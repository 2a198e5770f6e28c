"""Groups over HTTP."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.access import Caller, Needs
from deskbay.accounts.directory import UserFilter, get_user
from deskbay.accounts.groups import members, service
from deskbay.accounts.groups.models import Group
from deskbay.accounts.groups.schemas import (
    GroupBrief,
    GroupDetails,
    GroupIn,
    GroupList,
    GroupOut,
    GroupsOfPerson,
    MemberList,
    MembersIn,
    PersonBrief,
    PersonBriefList,
)
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.database import Transaction
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.keys import Key
from deskbay.kit.problems import documented

router = APIRouter(
    prefix="/api/v1", tags=["groups"], responses=documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
NOT_FOUND = documented(HTTPStatus.NOT_FOUND)
CONFLICT = documented(HTTPStatus.CONFLICT)


Reader = Annotated[Caller, Depends(Needs(Scope.PEOPLE_READ))]
ReaderOfAll = Annotated[Caller, Depends(Needs(Scope.PEOPLE_READ, Reach.ALL))]
Helper = Annotated[Caller, Depends(Needs(Scope.PEOPLE_WRITE, Reach.GROUP))]
Writer = Annotated[Caller, Depends(Needs(Scope.PEOPLE_WRITE, Reach.ALL))]


async def _shown_group(group_id: Key, reader: Reader, db: Transaction) -> Group:
    return await members.get_group_within_reach(db, reader, group_id)


async def _helped_group(group_id: Key, helper: Helper, db: Transaction) -> Group:
    return await members.get_group_within_reach(db, helper, group_id)


async def _any_group(group_id: Key, db: Transaction, _: Writer) -> Group:
    return await service.get_group(db, group_id)


async def _inner_group(nested_id: Key, db: Transaction, _: Writer) -> Group:
    return await service.get_group(db, nested_id)


ShownGroup = Annotated[Group, Depends(_shown_group)]
"""A group that the user looks after, or any where their rights reach everyone. Problem 404 for others."""
HelpedGroup = Annotated[Group, Depends(_helped_group)]
"""The same, to change who belongs to it."""
AnyGroup = Annotated[Group, Depends(_any_group)]
InnerGroup = Annotated[Group, Depends(_inner_group)]
PeopleWanted = Annotated[UserFilter, Query()]


@router.get("/groups")
async def list_groups(reader: Reader, db: Transaction, wanted: Annotated[service.GroupFilter, Query()]) -> GroupList:
    """List groups by name: all for whose rights reach everyone, else those that one looks after."""
    found, cursor, total = await service.list_groups(db, wanted, await members.groups_shown_to(db, reader))
    return GroupList(items=await _shown(db, found), next_cursor=cursor, total=total)


@router.post("/groups", status_code=HTTPStatus.CREATED, responses=CONFLICT)
async def create_group(wish: GroupIn, db: Transaction, clock: ClockOfApp, _: Writer) -> GroupDetails:
    """Make a group. Of its people nothing is tracked unless it says so."""
    return await _detailed(db, await service.create_group(db, clock, wish))


@router.get("/groups/{group_id}", responses=NOT_FOUND)
async def get_group(group: ShownGroup, db: Transaction) -> GroupDetails:
    """Show a group and where it lies."""
    return await _detailed(db, group)


@router.put("/groups/{group_id}", responses=NOT_FOUND | CONFLICT)
async def change_group(wish: GroupIn, group: AnyGroup, db: Transaction) -> GroupDetails:
    """Change a group; its slug stays. The devices of its people are told at once what may be tracked."""
    await service.change_group(db, group, wish)
    return await _detailed(db, group)


@router.delete("/groups/{group_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def delete_group(group: AnyGroup, db: Transaction) -> None:
    """Delete a group. Its people stay, and so do the groups that lie in it. It can't be undone."""
    await service.delete_group(db, group)


@router.put("/groups/{group_id}/nested/{nested_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND | CONFLICT)
async def nest_group(group: AnyGroup, inner: InnerGroup, by: Writer, db: Transaction) -> None:
    """Lay a group into another: its people belong to that one, too. 409 where it would lie in itself."""
    await members.lay_into(db, by, group, inner)


@router.delete("/groups/{group_id}/nested/{nested_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def take_group_out(group: AnyGroup, inner: InnerGroup, db: Transaction) -> None:
    """Have a group lie in another no more."""
    await service.take_out(db, group, inner)


@router.get("/groups/{group_id}/members", responses=NOT_FOUND)
async def list_members(group: ShownGroup, db: Transaction, wanted: PeopleWanted) -> MemberList:
    """List who is right in a group, by username."""
    found, cursor, total = await members.list_members(db, group, wanted)
    return MemberList(items=found, next_cursor=cursor, total=total)


@router.get("/groups/{group_id}/candidates", responses=NOT_FOUND)
async def list_candidates(group: ShownGroup, reader: Reader, db: Transaction, wanted: PeopleWanted) -> PersonBriefList:
    """List whom you may add to a group, by username."""
    found, cursor, total = await members.list_candidates(db, reader, group, wanted)
    return PersonBriefList(items=[PersonBrief.model_validate(one) for one in found], next_cursor=cursor, total=total)


@router.post("/groups/{group_id}/members", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def put_members(wish: MembersIn, group: HelpedGroup, helper: Helper, db: Transaction) -> None:
    """Add people to a group. Who looks after it is said by those only whose right reaches everyone."""
    await members.put_members(db, helper, group, wish.members)


@router.delete("/groups/{group_id}/members/{user_id}", status_code=HTTPStatus.NO_CONTENT, responses=NOT_FOUND)
async def take_member_away(user_id: Key, group: HelpedGroup, helper: Helper, db: Transaction) -> None:
    """Take a person out of a group. Who looks after it is taken out by those only whose right reaches everyone."""
    await members.take_away(db, helper, group, user_id)


@router.get("/users/{user_id}/groups", responses=NOT_FOUND)
async def list_groups_of_person(user_id: Key, db: Transaction, _: ReaderOfAll) -> GroupsOfPerson:
    """List the groups to which a person belongs, with those in which these lie."""
    return GroupsOfPerson(items=await members.groups_of_person(db, await get_user(db, user_id)))


async def _shown(db: AsyncSession, groups: Sequence[Group]) -> list[GroupOut]:
    people = await service.count_people(db, [group.id for group in groups])
    return [GroupOut(**_own(group), people=people[group.id]) for group in groups]


async def _detailed(db: AsyncSession, group: Group) -> GroupDetails:
    (shown,) = await _shown(db, [group])
    nested, around = await service.nested_in(db, group), await service.around(db, group)
    return GroupDetails(**shown.model_dump(), nested=_briefly(nested), around=_briefly(around))


def _own(group: Group) -> dict[str, object]:
    return {name: getattr(group, name) for name in GroupOut.model_fields.keys() - {"people"}}


def _briefly(groups: Sequence[Group]) -> list[GroupBrief]:
    return [GroupBrief.model_validate(group) for group in groups]
