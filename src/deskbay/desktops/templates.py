"""The templates that Deskbay brings along."""

import tomllib
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from deskbay.desktops.models import Template
from deskbay.desktops.runtimes import Network


def brought_along() -> list[Template]:
    """Return the templates that come with Deskbay."""
    text = files("deskbay.desktops").joinpath("templates.toml").read_text()
    return [
        Template(slug=slug, network=Network(fields.pop("network")), position=position, **fields)
        for position, (slug, fields) in enumerate(tomllib.loads(text).items(), start=1)
    ]


async def add_missing_templates(db: AsyncSession) -> None:
    """Add the templates that Deskbay brings along and the database does not have."""
    there = set(await db.scalars(select(Template.slug)))
    db.add_all(template for template in brought_along() if template.slug not in there)
