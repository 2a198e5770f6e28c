"""Every route of an application, with what it declares of its callers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute, _IncludedRouter
from starlette.routing import BaseRoute

from deskbay.accounts.access import Declaration


@dataclass(frozen=True)
class Declared:
    """A route as it is asked for, and all that it declares."""

    method: str
    path: str
    declarations: frozenset[Declaration]

    @property
    def declaration(self) -> Declaration:
        (only,) = self.declarations
        return only

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def declared_routes(app: FastAPI) -> list[Declared]:
    """Return all routes of the API, in the order of the application."""
    return [*_walk(app.routes, "")]


def _walk(routes: Sequence[BaseRoute], prefix: str) -> Iterator[Declared]:
    for route in routes:
        if isinstance(route, APIRoute | APIWebSocketRoute):
            methods = sorted(route.methods or ()) if isinstance(route, APIRoute) else ["WebSocket"]
            for method in methods:
                yield Declared(method, prefix + route.path, frozenset(_declarations(route.dependant)))
        elif isinstance(route, _IncludedRouter):
            yield from _walk(route.original_router.routes, prefix + route.include_context.prefix)


def _declarations(dependant: Dependant) -> Iterator[Declaration]:
    for dependency in dependant.dependencies:
        call: object = dependency.call
        if isinstance(call, Declaration):
            yield call
        yield from _declarations(dependency)
