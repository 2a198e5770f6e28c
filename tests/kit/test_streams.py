"""Streams of events in the OpenAPI document."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
from fastapi import FastAPI
from fastapi.sse import EventSourceResponse, ServerSentEvent
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from deskbay.kit import problems
from deskbay.kit.problems import documented
from deskbay.kit.streams import EVENT_STREAM, describe_streams


async def tell() -> AsyncIterator[ServerSentEvent]:
    """Stream the hours."""
    yield ServerSentEvent(event="hour", data=1)


async def ask() -> str:
    """Tell the hour."""
    return "one"


@pytest.fixture
def clock_tower() -> FastAPI:
    app = FastAPI(version="1")
    app.get("/hours", response_class=EventSourceResponse, responses=documented(HTTPStatus.UNAUTHORIZED))(tell)
    app.get("/hour")(ask)
    return app


def test_a_stream_is_a_text_of_events(clock_tower: FastAPI) -> None:
    with pytest.raises(OpenAPIValidationError, match="itemSchema"):
        validate(clock_tower.openapi(), cls=OpenAPIV31SpecValidator)
    describe_streams(clock_tower)
    for _ in range(2):
        document = clock_tower.openapi()
        validate(document, cls=OpenAPIV31SpecValidator)
        stream = document["paths"]["/hours"]["get"]["responses"]["200"]["content"]
        assert set(stream) == {EVENT_STREAM}
        assert stream[EVENT_STREAM]["schema"]["type"] == "string"


def test_problems_of_a_stream_are_no_streams(clock_tower: FastAPI) -> None:
    problems.install(clock_tower)
    describe_streams(clock_tower)
    answers = clock_tower.openapi()["paths"]["/hours"]["get"]["responses"]
    assert {status: set(answer["content"]) for status, answer in answers.items()} == {
        "200": {EVENT_STREAM},
        "401": {problems.MEDIA_TYPE},
    }


def test_what_is_no_stream_stays_as_it_is(clock_tower: FastAPI) -> None:
    before = clock_tower.openapi()["paths"]["/hour"]
    describe_streams(clock_tower)
    assert clock_tower.openapi()["paths"]["/hour"] == before
