"""Streams of server-sent events in the OpenAPI document."""

from fastapi import FastAPI

EVENT_STREAM = "text/event-stream"
SCHEMA = {
    "type": "string",
    "contentMediaType": EVENT_STREAM,
    "description": "Server-sent events, each with `event`, its name, and `data`, which is JSON.",
}


def describe_streams(app: FastAPI) -> None:
    """Have streams described as texts: OpenAPI 3.1, which the document follows, knows of no items in a stream."""
    describe = app.openapi

    def openapi() -> dict[str, object]:
        document = describe()
        for path in document["paths"].values():
            for operation in path.values():
                for response in operation["responses"].values():
                    if EVENT_STREAM in response.get("content", {}):
                        response["content"][EVENT_STREAM] = {"schema": SCHEMA}
        return document

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI wants it so
