"""The runtimes of a server, opened when they are first needed, as administrators described them."""

import asyncio
import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from pydantic import JsonValue, ValidationError
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from deskbay.desktops.models import Desktop, RuntimeRow
from deskbay.desktops.runtimes import Runtime, Unreachable
from deskbay.desktops.runtimes.kinds import Kinds, Place, RuntimeSettings
from deskbay.kit.problems import Problem, respond
from deskbay.kit.secrets import digest
from deskbay.kit.vault import Vault, WrongKey

LENGTH_OF_ID = 32
RETIREMENT_SECONDS = 1800.0
"""For so long a launch goes on at the most on a runtime that was given other settings meanwhile."""


class RuntimePool:
    """Gives the runtime of each row. Whoever changes a row gets another one."""

    def __init__(self, kinds: Kinds, data: Path, secret: str, vault: Vault, address: str | None = None) -> None:
        self.kinds = kinds
        self._data = data
        self._vault = vault
        self._address = address
        self._server = digest(f"server {secret}")[:LENGTH_OF_ID]  # the same as long as the data are
        self._opened: dict[int, tuple[RuntimeSettings, Runtime]] = {}
        self._retiring: dict[asyncio.Task[None], Runtime] = {}

    def of(self, desktop: Desktop) -> Runtime:
        """Return the runtime on which a desktop was placed. Raises Unreachable when it can't be opened."""
        if desktop.runtime is None:
            raise Unreachable("The desktop was never placed on a runtime. Delete it and launch another.")
        return self.get(desktop.runtime)

    def get(self, row: RuntimeRow) -> Runtime:
        """Return the runtime of a row. Raises Unreachable when it can't be opened."""
        settings = self._settings_of(row)
        if (known := self._opened.get(row.id)) and known[0] == settings:
            return known[1]
        if known:
            self._retire(known[1])
        opened = settings.open(Place(self._data, self._server, row.slug, self._address))
        self._opened[row.id] = settings, opened
        return opened

    def _retire(self, runtime: Runtime) -> None:
        """Close a runtime once nobody can wait for its answer any more."""
        retiring = asyncio.create_task(_close_later(runtime))
        self._retiring[retiring] = runtime
        retiring.add_done_callback(lambda done: self._retiring.pop(done, None))

    def _settings_of(self, row: RuntimeRow) -> RuntimeSettings:
        kind = self.kinds.get(row.kind)
        if kind is None:
            raise Unreachable(f"The runtime {row.slug} is of the kind “{row.kind}”, which this server does not have.")
        try:
            return kind.model_validate({**json.loads(row.settings), **self.secrets_of(row)})
        except ValidationError as error:
            raise Unreachable(f"The settings of the runtime {row.slug} are not what its kind asks for now.") from error
        except WrongKey as error:
            raise Unreachable(f"The secrets of the runtime {row.slug} can't be opened: enter them anew.") from error

    def secrets_of(self, row: RuntimeRow) -> dict[str, JsonValue]:
        """Return the secrets among the settings. Raises WrongKey."""
        secrets: dict[str, JsonValue] = json.loads(self._vault.open(row.sealed_settings)) if row.sealed_settings else {}
        return secrets

    def seal(self, secrets: Mapping[str, JsonValue]) -> str | None:
        """Return secrets as they are kept."""
        return self._vault.seal(json.dumps(secrets)) if secrets else None

    def open(self, sealed: str) -> str:
        """Return a secret of a desktop. Raises WrongKey."""
        return self._vault.open(sealed)

    async def close(self) -> None:
        """Let go of all; their desktops go on."""
        runtimes = [*self._retiring.values(), *(runtime for _, runtime in self._opened.values())]
        for task in self._retiring:
            task.cancel()
        self._retiring, self._opened = {}, {}
        for runtime in runtimes:
            await runtime.close()


async def _close_later(runtime: Runtime) -> None:
    await asyncio.sleep(RETIREMENT_SECONDS)
    await runtime.close()


def as_problem(error: Unreachable) -> Problem:
    """Return what a caller is told of a runtime that gives no answer."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), kind="runtime-unreachable")


async def answer_unreachable(_: Request, error: Exception) -> Response:
    """Answer a request that needs a runtime which gives no answer."""
    assert isinstance(error, Unreachable)  # noqa: S101 - the handler is registered for this type
    return respond(as_problem(error))


def _pool(connection: HTTPConnection) -> RuntimePool:
    pool: RuntimePool = connection.app.state.runtimes
    return pool


PoolOfApp = Annotated[RuntimePool, Depends(_pool)]
