"""Runtimes that make spares, in memory, and templates that have some."""

from uuid import UUID

from sqlalchemy import select, update
from tests.desktops.conftest import Stage
from tests.desktops.doubles import ABSENT, PromptRuntime

from deskbay.desktops.models import RuntimeRow, Spare, Template
from deskbay.desktops.runtimes import LaunchError, LaunchSpec, Observation, Presence, Report, Unreachable
from deskbay.desktops.runtimes.spares import SpareSpec, spare_for

SPARE = Observation(Presence.SPARE)
TAKING, BEGINNING = "Taking a spare", "Starting"


class StockedRuntime(PromptRuntime):
    """Makes spares at once, and launches with them."""

    def __init__(self) -> None:
        super().__init__()
        self.recipes: dict[UUID, str] = {}
        self.made: list[SpareSpec] = []

    @property
    def spares(self) -> "StockedRuntime":
        return self

    async def prepare(self, spec: SpareSpec) -> None:
        self.made.append(spec)
        self.recipes[spec.desktop] = spec.recipe
        self.seen[spec.desktop] = SPARE

    async def waiting(self) -> set[UUID]:
        return {desktop for desktop, seen in self.seen.items() if seen == SPARE}

    async def launch(self, spec: LaunchSpec, report: Report) -> None:
        wish = spare_for(spec)
        is_alike = wish is not None and self.recipes.get(spec.desktop) == wish.recipe
        report(TAKING if self.seen.get(spec.desktop) == SPARE and is_alike else BEGINNING)
        await super().launch(spec, lambda _: None)

    def lose(self, desktop: UUID) -> None:
        """Lose a spare, as an engine does that was restarted."""
        self.seen[desktop] = ABSENT


class FailingStock(StockedRuntime):
    """Makes spares only when it is told that it can."""

    can = False

    async def prepare(self, spec: SpareSpec) -> None:
        if not self.can:
            raise LaunchError("The image is not there. Build it.")
        await super().prepare(spec)


class BrokenStock(StockedRuntime):
    """Has a defect."""

    async def prepare(self, spec: SpareSpec) -> None:  # noqa: ARG002
        raise ZeroDivisionError


class SilentStock(StockedRuntime):
    """Gives no answer while it is silent."""

    is_silent = False

    async def waiting(self) -> set[UUID]:
        self._answer()
        return await super().waiting()

    async def end(self, desktop: UUID) -> None:
        self._answer()
        await super().end(desktop)

    def _answer(self) -> None:
        if self.is_silent:
            raise Unreachable("It is switched off. Switch it on.")


async def stock(stage: Stage, **columns: object) -> None:
    """Have the template be launched on runtimes that make spares, and be so."""
    values = {"runtime": "docker", "image": "deskbay/desktop", **columns}
    async with stage.database.write() as db:
        await db.execute(update(Template).where(Template.slug == "desktop").values(values))


async def add_runtime(stage: Stage, slug: str = "box", **columns: object) -> int:
    """Add such a runtime, or change the one of that name."""
    async with stage.database.write() as db:
        row = await db.scalar(select(RuntimeRow).where(RuntimeRow.slug == slug))
        row = row or RuntimeRow(slug=slug, kind="docker")
        for name, value in columns.items():
            setattr(row, name, value)
        db.add(row)
        await db.flush()
        return row.id


async def spares_of(stage: Stage) -> list[Spare]:
    """Return what there is of spares, oldest first."""
    async with stage.database.read() as db:
        return list(await db.scalars(select(Spare).order_by(Spare.id)))


async def template_of(stage: Stage) -> Template:
    async with stage.database.read() as db:
        return (await db.scalars(select(Template).where(Template.slug == "desktop"))).one()
