"""What is mounted where."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from deskbay.accounts.routes import router as accounts
from deskbay.database import Database, create_engine
from deskbay.kit import problems
from deskbay.kit.clock import Clock, SystemClock
from deskbay.kit.events import EventBus
from deskbay.settings import Settings


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Return the application. Its database has to be there and migrated, its secret key too."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await app.state.database.close()

    app = FastAPI(title="Deskbay", version=version("deskbay"), lifespan=lifespan)
    app.state.settings = settings
    app.state.clock = clock or SystemClock()
    app.state.bus = EventBus()
    app.state.database = Database(create_engine(settings.database_address), app.state.bus)
    problems.install(app)
    app.include_router(accounts)
    return app
