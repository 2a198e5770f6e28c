"""What drives the desktops that clients of several contracts order."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from deskbay.desktops.reconciler import Reconciler
from deskbay.kit.tasks import end


@pytest.fixture
async def reconciling(app: FastAPI) -> AsyncIterator[None]:
    """The reconciler runs."""
    state = app.state
    reconciler = Reconciler(state.database, state.bus, state.clock, state.settings, state.runtimes)
    task = asyncio.create_task(reconciler.run())
    yield
    await end([task])
