"""What can be set, asked and heard is in the docs, and what the docs tell of is there."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from pydantic_core import PydanticUndefined

from deskbay.accounts.oidc.provider import ALGORITHMS as OF_PROVIDERS
from deskbay.accounts.rights.scopes import GRANTABLE
from deskbay.accounts.tokens import ALGORITHM as OURS
from deskbay.database.base import Base
from deskbay.desktops import service as desktops
from deskbay.kit.streams import EVENT_STREAM
from deskbay.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
METHODS = "GET|POST|PUT|PATCH|DELETE|WebSocket"


def rows(page: str, pattern: str) -> list[re.Match[str]]:
    return list(re.finditer(pattern, (DOCS / page).read_text(), re.MULTILINE))


def test_every_setting_is_documented_and_no_other() -> None:
    documented = [row[1] for row in rows("settings.md", r"^\| `(\w+)` \|")]
    assert documented == list(Settings.model_fields)


@pytest.mark.parametrize("name", [name for name in Settings.model_fields if name != "data"])
def test_a_settings_default_and_meaning_are_as_documented(name: str) -> None:
    field = Settings.model_fields[name]
    (row,) = rows("settings.md", rf"^\| `{name}` \| (.*?) \| (.*) \|$")
    assert field.default is not PydanticUndefined
    assert row[1].strip("`") == as_written(field.default)
    assert field.description
    assert words(row[2])[:6] == words(field.description)[:6]


def as_written(default: object) -> str:
    if default in (None, ()):
        return "none"
    if isinstance(default, tuple):
        return ",".join(str(part) for part in default)
    return str(default).lower() if isinstance(default, bool) else str(default)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def tables_of_people() -> set[str]:
    return {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.column.table.name == "users" for key in table.foreign_keys)
    }


def test_every_table_that_tells_of_people_is_in_the_page_on_privacy_and_all_there_exist() -> None:
    kinds = {row[1]: re.findall(r"`(\w+)`", row[2]) for row in rows("privacy.md", r"^\| ([^|]+) \| ((?:`\w+` ?)+) \|$")}
    named = [table for tables in kinds.values() for table in tables]
    assert len(named) == len(set(named))
    assert tables_of_people() | {"users", "audit_entries", "session_saves"} <= set(named) <= set(Base.metadata.tables)
    explained = {row[1] for row in rows("privacy.md", r"^\| ([^|]+) \| [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \|$")}
    assert set(kinds) <= explained


def test_every_setting_that_says_how_long_is_in_the_page_on_privacy() -> None:
    keep = {name for name, field in Settings.model_fields.items() if re.search("none keeps", field.description or "")}
    assert keep == {row[1] for row in rows("privacy.md", r"`(\w+_(?:days|years))`")}


def test_every_route_is_documented_and_no_other(app: FastAPI) -> None:
    routes = {f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods}
    sockets = {f"WebSocket {path}" for path in websocket_paths()}
    documented = {row[1] for row in rows("api.md", rf"^\| `((?:{METHODS}) /\S+)` \|")}
    assert documented == routes | sockets


def test_every_scope_is_documented_and_no_other() -> None:
    documented = {
        scope for row in rows("rights.md", r"^\| (`\w+:read`, `\w+:write`) \|") for scope in row[1].split(", ")
    }
    assert documented == {f"`{scope}`" for scope in GRANTABLE}


def test_the_api_document_is_valid_openapi(app: FastAPI) -> None:
    validate(app.openapi(), cls=OpenAPIV31SpecValidator)


def websocket_paths() -> set[str]:
    """Every path at which the source has a WebSocket; the OpenAPI document can't tell of them."""
    source = Path(__file__).parents[1] / "src" / "deskbay"
    found = set()
    for file in source.rglob("routes.py"):
        text = file.read_text()
        prefix = re.search(r'APIRouter\(prefix="([^"]+)"', text)
        found |= {f"{prefix[1] if prefix else ''}{path}" for path in re.findall(r'\.websocket\("([^"]+)"', text)}
    return found


def test_every_event_is_documented() -> None:
    documented = {row[1] for row in rows("api.md", r"^\| `([a-z-]+)` \| ")}
    assert {desktops.CHANGED, desktops.DELETED} <= documented


def test_streams_name_their_events_and_each_is_documented(app: FastAPI) -> None:
    documented = {row[1] for row in rows("api.md", r"^\| `([a-z-]+)` \| ")}
    operations = [operation for path in app.openapi()["paths"].values() for operation in path.values()]
    streams = [one for one in operations if EVENT_STREAM in one["responses"].get("200", {}).get("content", {})]
    assert streams
    for stream in streams:
        named = set(re.findall(r"`([a-z-]+)`", stream["description"]))
        assert named, stream["operationId"]
        assert named <= documented, stream["operationId"]


def test_every_sealed_column_and_every_algorithm_of_tokens_is_in_the_inventory() -> None:
    page = (DOCS / "cryptography.md").read_text()
    columns = {f"`{column.table}.{column.name}`" for table in Base.metadata.tables.values() for column in table.columns}
    sealed = {column for column in columns if ".sealed_" in column}
    assert sealed
    assert set(re.findall(r"`\w+\.sealed_\w+`", page)) == sealed
    assert ", ".join(OF_PROVIDERS) in page
    assert f"({OURS})" in page
