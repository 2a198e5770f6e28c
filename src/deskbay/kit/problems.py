"""Errors as RFC 9457 problem details."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
INVALID = str(int(HTTPStatus.UNPROCESSABLE_ENTITY))


class FieldError(BaseModel):
    """One field of a request that can't be taken."""

    field: str = Field(examples=["body.password"])
    message: str = Field(examples=["String should have at least 8 characters"])


class ProblemDetails(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field("about:blank", description="A name for the kind of problem", examples=["limit-reached"])
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["You have 5 desktops, which is your limit. Delete one, then launch again."])
    errors: list[FieldError] | None = Field(None, description="What is wrong with each field, with status 422")


class Problem(Exception):
    """An error that the caller is told about: what is wrong, and what to do."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        kind: str = "about:blank",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.headers = headers


def _respond(
    status: HTTPStatus,
    detail: str,
    *,
    kind: str = "about:blank",
    headers: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] | None = None,
) -> JSONResponse:
    details = ProblemDetails(
        type=kind, title=status.phrase, status=status, detail=detail, errors=list(errors) if errors else None
    )
    body = details.model_dump(exclude_none=True)
    return JSONResponse(body, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def respond(problem: Problem) -> JSONResponse:
    """Return the answer that tells of a problem."""
    return _respond(problem.status, problem.detail, kind=problem.kind, headers=problem.headers)


def respond_http(error: HTTPException) -> JSONResponse:
    """Return the answer that tells of an error of the framework's kind."""
    return _respond(HTTPStatus(error.status_code), str(error.detail), headers=error.headers)


def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101 - the handler is registered for this type
    return respond(error)


def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    return respond_http(error)


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = [
        FieldError(field=_writable(".".join(map(str, wrong["loc"]))), message=_writable(wrong["msg"]))
        for wrong in error.errors()
    ]
    detail = "; ".join(f"{wrong.field}: {wrong.message}" for wrong in errors)
    return _respond(HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="invalid-request", errors=errors)


def _writable(text: str) -> str:
    """Return a text without halves of surrogate pairs, which a caller can send but nobody can write."""
    return text.encode(errors="replace").decode()


def _unexpected(_: Request, __: Exception) -> JSONResponse:
    return respond_unexpected()


def respond_unexpected() -> JSONResponse:
    """Return the answer that tells of a fault of the server's own."""
    detail = "Something went wrong on the server. Its log says what; try again, and tell an administrator if it stays."
    return _respond(HTTPStatus.INTERNAL_SERVER_ERROR, detail, kind="internal-error")


def install(app: FastAPI) -> None:
    """Make every error of the application a problem, in its OpenAPI document too."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unexpected)
    describe = app.openapi

    def openapi() -> dict[str, object]:
        schema = describe()
        for unused in ("HTTPValidationError", "ValidationError"):
            schema.get("components", {}).get("schemas", {}).pop(unused, None)
        for path in schema["paths"].values():
            for operation in path.values():
                _describe_problems(operation["responses"])
        return schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI wants it so


def answered(model: type[BaseModel], *statuses: HTTPStatus) -> dict[int | str, dict[str, object]]:
    """Return the OpenAPI responses of routes that tell of errors in another shape."""
    return {int(status): {"model": model, "description": status.phrase} for status in statuses}


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, object]]:
    """Return the OpenAPI responses of a route for the problems that it may answer with."""
    return {int(status): {"model": ProblemDetails, **_documentation(status)} for status in statuses}


def _documentation(status: HTTPStatus) -> dict[str, object]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {"description": status.phrase, "content": content}


def _describe_problems(responses: dict[str, dict[str, object]]) -> None:
    """Take out what FastAPI writes of its own: another shape for invalid requests, and problems in the route's form."""
    if "HTTPValidationError" in str(responses.get(INVALID)):
        responses[INVALID] = _documentation(HTTPStatus.UNPROCESSABLE_ENTITY)
    for response in responses.values():
        content = response.get("content", {})
        if isinstance(content, dict) and MEDIA_TYPE in content:
            response["content"] = {MEDIA_TYPE: content[MEDIA_TYPE]}
