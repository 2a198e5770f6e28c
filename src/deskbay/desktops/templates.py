"""The rules on templates: what Deskbay brings along, who may launch what, and what administrators make of them."""

import json
import tomllib
from collections.abc import Sequence
from http import HTTPStatus
from importlib.resources import files

from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.accounts.models import User
from deskbay.accounts.rights.rights import Rights
from deskbay.desktops import spares
from deskbay.desktops.models import Desktop, Favourite, Template, Wanted
from deskbay.desktops.permissions import may_launch, permit, permitted_groups, permitted_users
from deskbay.desktops.runtimes import Network
from deskbay.desktops.template_schemas import TemplateIn
from deskbay.kit.clock import Clock
from deskbay.kit.names import numbered
from deskbay.kit.problems import Problem
from deskbay.kit.slugs import free_slug
from deskbay.kit.vault import Vault

LONGEST_NAME = LONGEST_SLUG = 64
LONGEST_START = 56
"""Letters of a template's name that are in its copy's."""
NAMELESS = "template"
AS_JSON = {"environment", "labels", "cluster"}
NOT_AS_IT_IS = AS_JSON | {"allowed_users", "allowed_groups", "password", "session_id"}


def brought_along() -> list[Template]:
    """Return the templates that come with Deskbay."""
    text = files("deskbay.desktops").joinpath("templates.toml").read_text()
    return [
        Template(slug=slug, network=Network(fields.pop("network")), position=position, **fields)
        for position, (slug, fields) in enumerate(tomllib.loads(text).items(), start=1)
    ]


async def add_missing_templates(db: AsyncSession) -> None:
    """Add the templates that Deskbay brings along and the database never had."""
    known = set(await db.scalars(select(Template.slug)))
    db.add_all(template for template in brought_along() if template.slug not in known)


def _there() -> Select[Template]:
    return select(Template).where(Template.deleted_at.is_(None)).order_by(Template.position, Template.id)


async def _launchable(db: AsyncSession, rights: Rights) -> Select[Template]:
    return _there().where(await may_launch(db, rights))


async def list_all(db: AsyncSession) -> Sequence[Template]:
    """Return every template in the order of the gallery."""
    return (await db.scalars(_there())).all()


async def list_launchable(db: AsyncSession, rights: Rights) -> Sequence[Template]:
    """Return what a person may launch now, in the order of the gallery."""
    return (await db.scalars((await _launchable(db, rights)).where(Template.is_disabled.is_(False)))).all()


async def get_launchable(db: AsyncSession, rights: Rights, slug: str) -> Template:
    """Return the template of that name, which nobody changes until the transaction ends.

    Raises Problem 404, which names those that the person may launch, and 409 for one that is disabled.
    """
    named = (await _launchable(db, rights)).where(Template.slug == slug)
    template: Template | None = await db.scalar(named.with_for_update(read=True))
    if template is not None and not template.is_disabled:
        return template
    others = ", ".join(template.slug for template in await list_launchable(db, rights))
    choose = f"Choose one of: {others}." if others else "Ask an administrator to offer you one."
    if template is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no template “{slug}”. {choose}", kind="unknown-template")
    what = f"“{template.name}” is not launched any more; desktops that are made of it go on. {choose}"
    raise Problem(HTTPStatus.CONFLICT, what, kind="template-disabled")


async def get_visible(db: AsyncSession, rights: Rights, template_id: int) -> Template:
    """Return a template that a person may launch, or may once it is not disabled any more. Raises Problem 404."""
    visible = (await _launchable(db, rights)).where(Template.id == template_id)
    template: Template | None = await db.scalar(visible)
    if template is None:
        raise _no_template(template_id)
    return template


def _no_template(template_id: int) -> Problem:
    what = f"There is no template {template_id}. GET /api/v1/templates lists those that you may launch."
    return Problem(HTTPStatus.NOT_FOUND, what, kind="unknown-template")


async def get_template(db: AsyncSession, template_id: int) -> Template:
    """Return a template, which nobody else changes until the transaction ends. Raises Problem 404."""
    template: Template | None = await db.scalar(_there().where(Template.id == template_id).with_for_update())
    if template is None:
        raise _no_template(template_id)
    return template


async def create_template(db: AsyncSession, wish: TemplateIn) -> Template:
    """Make a template, the last one of the gallery."""
    await db.execute(select(Template.id).with_for_update())  # so that two at once take two slugs
    last = await db.scalar(select(func.max(Template.position)))
    taken = set(await db.scalars(select(Template.slug)))
    slug = free_slug(wish.name, taken, nameless=NAMELESS, longest=LONGEST_SLUG)
    template = Template(slug=slug, position=(last or 0) + 1)
    await change_template(db, template, wish)
    return template


async def change_template(db: AsyncSession, template: Template, wish: TemplateIn) -> None:
    """Make a template what is wished; desktops that are made of it keep their size.

    Raises Problem 422 when somebody who shall launch it is unknown, or a group.
    """
    for name, value in wish.model_dump(exclude=NOT_AS_IT_IS).items():
        setattr(template, name, value)
    template.environment, template.labels = json.dumps(wish.environment), json.dumps(wish.labels)
    template.cluster = wish.cluster.model_dump_json()
    spares.forget_trouble(template)
    db.add(template)
    await db.flush()
    await permit(db, template, wish.allowed_users, wish.allowed_groups)


def keep_password(template: Template, wish: TemplateIn, vault: Vault) -> None:
    """Seal the password that is wished for, if anything is said of it."""
    if "password" in wish.model_fields_set:
        template.sealed_password = vault.seal(wish.password.get_secret_value()) if wish.password else None
    if wish.port is None or wish.password_variable:
        template.sealed_password = None


async def as_wished(db: AsyncSession, template: Template) -> TemplateIn:
    """Return the wish that would make a template what it is."""
    users, groups = (await permitted_users(db, [template])), (await permitted_groups(db, [template]))
    columns = {name: getattr(template, name) for name in TemplateIn.model_fields.keys() - NOT_AS_IT_IS}
    texts = {name: json.loads(getattr(template, name)) for name in AS_JSON}
    permitted = {
        "allowed_users": [user.id for user in users.get(template.id, [])],
        "allowed_groups": [group.id for group in groups.get(template.id, [])],
    }
    return TemplateIn.model_validate({**columns, **texts, **permitted})


async def clone_template(db: AsyncSession, source: Template) -> Template:
    """Copy a template, with those who may launch it, right after it. The copy is disabled until it is edited."""
    taken = {template.name for template in await list_all(db)}
    name = next(one for one in numbered(f"{source.name[:LONGEST_START]} copy", LONGEST_NAME) if one not in taken)
    wish = (await as_wished(db, source)).model_copy(update={"name": name, "is_disabled": True})
    copy = await create_template(db, wish)
    copy.sealed_password, copy.session_id = source.sealed_password, source.session_id
    ids = [template.id for template in await list_all(db) if template.id != copy.id]
    ids.insert(ids.index(source.id) + 1, copy.id)
    await order_templates(db, ids)
    return copy


async def delete_template(db: AsyncSession, clock: Clock, template: Template) -> None:
    """Delete a template. Raises Problem 409 while a desktop is made of it."""
    if desktops := (await count_desktops(db)).get(template.id, 0):
        are = "1 desktop is" if desktops == 1 else f"{desktops} desktops are"
        it = "it" if desktops == 1 else "them"
        what = f"{are} made of “{template.name}”. Delete {it} first, or disable the template: then nobody launches it."
        raise Problem(HTTPStatus.CONFLICT, what, kind="template-in-use")
    template.deleted_at = clock.now()


async def order_templates(db: AsyncSession, ids: Sequence[int]) -> None:
    """Show the templates in this order. Raises Problem 409 when these are not all that there are."""
    templates = {template.id: template for template in await db.scalars(_there().with_for_update())}
    if sorted(ids) != sorted(templates):
        what = "Templates were added or deleted meanwhile. Load them again, then order them."
        raise Problem(HTTPStatus.CONFLICT, what, kind="other-templates")
    for position, template_id in enumerate(ids, start=1):
        templates[template_id].position = position
    await db.flush()


async def mark(db: AsyncSession, user: User, template: Template, *, is_favourite: bool) -> None:
    """Mark a template as a favourite of somebody's, or take the mark away."""
    await db.execute(select(User.id).where(User.id == user.id).with_for_update())
    await db.execute(delete(Favourite).where(Favourite.user_id == user.id, Favourite.template_id == template.id))
    if is_favourite:
        db.add(Favourite(user_id=user.id, template_id=template.id))


async def favourites(db: AsyncSession, user: User) -> set[int]:
    """Return the ids of the templates that somebody has marked."""
    return set(await db.scalars(select(Favourite.template_id).where(Favourite.user_id == user.id)))


async def last_launches(db: AsyncSession, user: User) -> dict[int, Desktop]:
    """Return the desktop that somebody launched last of each template, be it deleted since; by id of the template."""
    newest = select(func.max(Desktop.id)).where(Desktop.owner_id == user.id).group_by(Desktop.template_id)
    desktops = await db.scalars(select(Desktop).where(Desktop.id.in_(newest)))
    return {desktop.template_id: desktop for desktop in desktops}


async def count_desktops(db: AsyncSession) -> dict[int, int]:
    """Return how many desktops there are of each template, by its id; none where there are none."""
    there = (Desktop.deleted_at.is_(None), Desktop.wanted != Wanted.DELETED)
    counted = select(Desktop.template_id, func.count()).where(*there)
    return dict((await db.execute(counted.group_by(Desktop.template_id))).all())
