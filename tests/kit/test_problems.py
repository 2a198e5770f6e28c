"""Every error is told as RFC 9457 problem details, in answers and in the OpenAPI document."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
from fastapi import FastAPI, HTTPException
from httpx import ASGITransport, AsyncClient, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from deskbay.kit import problems
from deskbay.kit.problems import MEDIA_TYPE, Problem, ProblemDetails, documented


class Wish(BaseModel):
    """A body with something to be refused in it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=20)
    count: int = 1
    password: SecretStr = SecretStr("")


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    problems.install(app)

    @app.post("/wishes", responses=documented(HTTPStatus.CONFLICT))
    async def wish(wish: Wish) -> str:
        if wish.name == "taken":
            raise Problem(HTTPStatus.CONFLICT, "Taken. Take another.", kind="taken", headers={"Retry-After": "7"})
        if wish.name == "plain":
            raise Problem(HTTPStatus.NOT_FOUND, "Not there.")
        if wish.name == "teapot":
            raise HTTPException(418, "Short and stout", {"X-Spout": "here"})
        raise ZeroDivisionError("a secret: hunter2")

    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://x") as client:
        yield client


def details(answer: Response) -> ProblemDetails:
    """Return what an answer tells, having checked that it is a problem of the status that it was sent with."""
    assert answer.headers["content-type"] == MEDIA_TYPE
    told = ProblemDetails.model_validate_json(answer.content, extra="forbid")
    assert told.status == answer.status_code
    assert told.title == HTTPStatus(answer.status_code).phrase
    return told


async def test_a_problem_with_its_kind_and_headers(client: AsyncClient) -> None:
    answer = await client.post("/wishes", json={"name": "taken"})
    told = details(answer)
    assert (told.status, told.type, told.detail, told.errors) == (409, "taken", "Taken. Take another.", None)
    assert answer.headers["Retry-After"] == "7"
    assert "errors" not in answer.json()


async def test_a_problem_without_a_kind(client: AsyncClient) -> None:
    assert details(await client.post("/wishes", json={"name": "plain"})).type == "about:blank"


async def test_an_error_of_the_framework(client: AsyncClient) -> None:
    answer = await client.post("/wishes", json={"name": "teapot"})
    assert details(answer).detail == "Short and stout"
    assert answer.headers["X-Spout"] == "here"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/wishes", 405)])
async def test_what_the_router_refuses(client: AsyncClient, method: str, path: str, status: int) -> None:
    assert details(await client.request(method, path)).status == status


async def test_an_unexpected_error_tells_nothing_of_itself(client: AsyncClient) -> None:
    answer = await client.post("/wishes", json={"name": "other"})
    assert details(answer).type == "internal-error"
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "ZeroDivision" not in answer.text


async def test_each_wrong_field_is_named(client: AsyncClient) -> None:
    told = details(await client.post("/wishes", json={"count": "many", "more": 1}))
    assert (told.status, told.type) == (422, "invalid-request")
    assert told.errors is not None
    assert {wrong.field for wrong in told.errors} == {"body.name", "body.count", "body.more"}
    assert all(f"{wrong.field}: {wrong.message}" in told.detail for wrong in told.errors)


async def test_what_was_sent_is_not_sent_back(client: AsyncClient) -> None:
    answer = await client.post("/wishes", json={"password": 4711, "name": ["hunter2"], "count": "hunter3"})
    assert answer.status_code == 422
    assert not any(sent in answer.text for sent in ("4711", "hunter2", "hunter3"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"\xff",
        b'{"\\ud800": 1}',
        b'{"name": "\\ud800"}',
        b'{"name": "a", "count": NaN}',
        b'{"name": "a", "count": 1e999}',
        b'{"name": "a", "count": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
    ],
)
async def test_no_body_makes_the_server_fail(client: AsyncClient, body: bytes) -> None:
    answer = await client.post("/wishes", content=body, headers={"Content-Type": "application/json"})
    assert details(answer).status in {400, 422}


def test_the_document_says_that_problems_are_problems_alone(app: FastAPI) -> None:
    for _ in range(2):
        document = app.openapi()
        responses = document["paths"]["/wishes"]["post"]["responses"]
        assert set(responses) == {"200", "409", "422"}
        for status in ("409", "422"):
            schema = {"$ref": "#/components/schemas/ProblemDetails"}
            assert responses[status]["content"] == {MEDIA_TYPE: {"schema": schema}}
        assert set(responses["200"]["content"]) == {"application/json"}
        assert {"ProblemDetails", "FieldError"} <= set(document["components"]["schemas"])
        assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])


def test_an_application_without_routes_has_a_document_too() -> None:
    empty = FastAPI()
    problems.install(empty)
    assert empty.openapi()["paths"] == {}
