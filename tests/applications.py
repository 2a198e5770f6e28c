"""An application that the tests of a file share, because it costs them a lot to fill it."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI
from tests.clock import FrozenClock

from deskbay.app import create_app
from deskbay.settings import Settings


@contextmanager
def shared_application(settings: Settings, migrated_file: Path, runner: asyncio.Runner) -> Iterator[FastAPI]:
    """Make an application on a copy of a database with every table, and close what it has open at the end."""
    settings.data.chmod(0o700)
    shutil.copy(migrated_file, settings.data / "deskbay.sqlite")
    app = create_app(settings, FrozenClock())
    try:
        yield app
    finally:
        runner.run(app.state.runtimes.close())
        runner.run(app.state.database.close())
