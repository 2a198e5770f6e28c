"""Who may launch a template: everyone, or some people, and those of some groups."""

from collections.abc import Sequence
from http import HTTPStatus

from sqlalchemy import ColumnElement, delete, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.groups.models import Group
from deskbay.accounts.groups.service import find_groups, groups_of
from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.accounts.rights.scopes import Reach, Scope
from deskbay.desktops.models import GroupPermission, Permission, Template
from deskbay.kit.problems import Problem


async def may_launch(db: AsyncSession, rights: Rights) -> ColumnElement[bool]:
    """Return the condition of the templates that a person may launch; who may change templates may launch all."""
    if await rights.include(db, Scope.TEMPLATES_WRITE, Reach.ALL):
        return true()
    named = select(Permission.template_id).where(Permission.user_id == rights.user.id)
    theirs = GroupPermission.group_id.in_(await groups_of(db, rights.user.id))
    by_group = select(GroupPermission.template_id).where(theirs)
    return or_(Template.is_for_everyone, Template.id.in_(named), Template.id.in_(by_group))


async def permit(db: AsyncSession, template: Template, user_ids: Sequence[int], group_ids: Sequence[int]) -> None:
    """Have these people and groups, and no others, be named for a template.

    Raises Problem 422 when one of them is unknown.
    """
    await _refuse_strangers(db, user_ids)
    groups = await find_groups(db, group_ids)
    for table in (Permission, GroupPermission):
        await db.execute(delete(table).where(table.template_id == template.id))
    db.add_all(Permission(template_id=template.id, user_id=user_id) for user_id in set(user_ids))
    db.add_all(GroupPermission(template_id=template.id, group_id=group.id) for group in groups)
    await db.flush()


async def _refuse_strangers(db: AsyncSession, user_ids: Sequence[int]) -> None:
    known = set(await db.scalars(select(User.id).where(User.id.in_(user_ids))))
    if unknown := sorted(set(user_ids) - known):
        what = f"There is no user {unknown[0]}. Take them out of those who may launch it."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="no-user")


async def permitted_users(db: AsyncSession, templates: Sequence[Template]) -> dict[int, list[User]]:
    """Return the people named for each of these templates, by its id; none where nobody is named."""
    named = select(Permission.template_id, User).join(User, User.id == Permission.user_id)
    named = named.where(Permission.template_id.in_([template.id for template in templates]))
    permitted: dict[int, list[User]] = {}
    for template_id, user in await db.execute(named.order_by(User.username_key)):
        permitted.setdefault(template_id, []).append(user)
    return permitted


async def permitted_groups(db: AsyncSession, templates: Sequence[Template]) -> dict[int, list[Group]]:
    """Return the groups named for each of these templates, by its id; none where none is named."""
    named = select(GroupPermission.template_id, Group).join(Group, Group.id == GroupPermission.group_id)
    named = named.where(GroupPermission.template_id.in_([template.id for template in templates]))
    permitted: dict[int, list[Group]] = {}
    for template_id, group in await db.execute(named.order_by(Group.name_key)):
        permitted.setdefault(template_id, []).append(group)
    return permitted
