"""The script for the start-up of Windows labs: parsed, not run, for Debian has no PowerShell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_powershell
from pydantic import BaseModel
from tree_sitter import Language, Node, Parser, Tree

from deskbay.activity.schemas import HeartbeatIn, PingIn, PingsIn, SignInBegin
from deskbay.devices.schemas import EnrolIn

SCRIPT = Path(__file__).parents[2] / "scripts" / "lab-client" / "lab-client.ps1"
OF_POWERSHELL_5 = {
    "ConvertFrom-Json",
    "ConvertTo-Json",
    "Get-Content",
    "Get-Date",
    "Join-Path",
    "New-Item",
    "New-TemporaryFile",
    "Out-Null",
    "Remove-Item",
    "Start-Sleep",
    "Write-Error",
}
OF_WINDOWS = {"curl.exe", "icacls.exe"}
GIVEN = {"false", "lastexitcode", "null", "pscommandpath", "true"}


def parse(source: str) -> Tree:
    return Parser(Language(tree_sitter_powershell.language())).parse(source.encode())


@pytest.fixture(scope="module")
def script() -> Node:
    return parse(SCRIPT.read_text()).root_node


def nodes(node: Node, kind: str) -> Iterator[Node]:
    """Yield the nodes of a kind at or below one."""
    if node.type == kind:
        yield node
    for child in node.children:
        yield from nodes(child, kind)


def texts(node: Node, kind: str) -> set[str]:
    return {(found.text or b"").decode() for found in nodes(node, kind)}


def names(node: Node, kind: str) -> set[str]:
    """Return the variables in nodes of a kind, as PowerShell compares them: without regard to case."""
    found = {text for one in nodes(node, kind) for text in texts(one, "variable")}
    return {text.strip("${}").lower() for text in found}


def test_it_is_powershell(script: Node) -> None:
    assert not script.has_error


@pytest.mark.parametrize(
    ("written", "spoilt"),
    [("} finally {", "finally {"), ("if (-not $env:DESKBAY_URL)", "if -not $env:DESKBAY_URL"), ("| Out-Null", "|")],
)
def test_the_parser_tells_what_is_none(written: str, spoilt: str) -> None:
    source = SCRIPT.read_text()
    assert written in source
    assert parse(source.replace(written, spoilt)).root_node.has_error


def test_it_calls_what_windows_has_and_itself(script: Node) -> None:
    called = texts(script, "command_name")
    own = texts(script, "function_name")
    assert called <= OF_POWERSHELL_5 | OF_WINDOWS | own
    assert own <= called


def test_it_reads_no_variable_that_it_does_not_set(script: Node) -> None:
    set_here = names(script, "left_assignment_expression") | names(script, "script_parameter")
    set_here |= names(script, "param_block") | names(script, "function_parameter_declaration")
    read = {name for name in names(script, "program") if not name.startswith("env:")}
    assert read <= set_here | GIVEN


def test_it_sends_what_the_server_takes(script: Node) -> None:
    bodies = [texts(one, "key_expression") for one in nodes(script, "hash_literal_expression")]
    for model in (EnrolIn, HeartbeatIn, SignInBegin, PingIn, PingsIn):
        assert any(takes(model, fields) for fields in bodies), model
    assert len(bodies) == 5


def takes(model: type[BaseModel], fields: set[str]) -> bool:
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    return required <= fields <= set(model.model_fields)
