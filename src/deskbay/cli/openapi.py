"""The OpenAPI document, which needs neither data nor a running server."""

from pathlib import Path
from tempfile import TemporaryDirectory

from deskbay.app import create_app
from deskbay.settings import Settings


def document() -> dict[str, object]:
    """Return the OpenAPI document of the HTTP API."""
    with TemporaryDirectory() as nothing:
        return create_app(Settings(data=Path(nothing))).openapi()
