"""What is nowhere in the source: patterns, formats and commands made of what people send, and what is for tests."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import deskbay

SOURCE = Path(deskbay.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
PATTERNS = {"compile", "match", "search", "fullmatch", "sub", "split", "findall", "finditer"}
SHELLS = {"asyncio.create_subprocess_shell", "os.popen", "os.system", "subprocess.getoutput"}
PAGE = SOURCE.parents[1] / "web"
KEPT_BY_BROWSERS = re.compile(r"localStorage|sessionStorage|useLocalStorage|indexedDB|document\.cookie|caches\.open")
RULES = {"agent/rules/reading.py", "agent/contents/titles.py", "agent/contents/folders.py"}
"""Here an agent reads the rules that its package, or its own person, has in a file."""
SENTENCES = {"database/complaints.py"}
"""Whose sentences stand in it, each in an object of its own."""

FOR_AUTHORS = {"desktops/runtimes/conformance.py"}
"""What the authors of runtimes test theirs by: nothing else imports it."""

Found = Iterator[ast.AST]
Look = Callable[[ast.Module], Found]


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_written(tree: ast.Module, text: ast.expr) -> bool:
    """Tell whether a text stands in the file as it is, there or under a name."""
    assigned = [name for one in tree.body if isinstance(one, ast.Assign) for name in one.targets]
    written = {name.id for name in assigned if isinstance(name, ast.Name)}
    return isinstance(text, ast.Constant) or (isinstance(text, ast.Name) and text.id in written)


def patterns_of_input(tree: ast.Module) -> Found:
    for call in calls(tree):
        match call.func:
            case ast.Attribute(value=ast.Name(id="re"), attr=name) if name in PATTERNS:
                if not is_written(tree, call.args[0]):
                    yield call


def formats_of_input(tree: ast.Module) -> Found:
    for call in calls(tree):
        match call.func:
            case ast.Attribute(value=text, attr="format" | "format_map") if not is_written(tree, text):
                yield call


def shells(tree: ast.Module) -> Found:
    for call in calls(tree):
        if ast.unparse(call.func) in SHELLS or any(word.arg == "shell" for word in call.keywords):
            yield call


def what_is_for_tests(tree: ast.Module) -> Found:
    for node in ast.walk(tree):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [one.name for one in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if any(re.match(r"tests?\b|pytest|hypothesis|unittest|.*\bconformance$", name) for name in names):
            yield node


def found_in(look: Look, *, beside: set[str]) -> list[str]:
    """Return where something is found, but for some files."""
    names = {file: file.relative_to(SOURCE).as_posix() for file in FILES}
    trees = {name: ast.parse(file.read_text()) for file, name in names.items() if name not in beside}
    return [f"{name}: {ast.unparse(one)}" for name, tree in trees.items() for one in look(tree)]


def test_no_pattern_is_made_of_what_people_send() -> None:
    assert found_in(patterns_of_input, beside=RULES) == []


def test_no_format_is_made_of_what_people_send() -> None:
    assert found_in(formats_of_input, beside=SENTENCES) == []


def test_no_program_is_started_by_a_shell() -> None:
    assert found_in(shells, beside=set()) == []


def test_nothing_that_is_for_tests_is_imported() -> None:
    assert found_in(what_is_for_tests, beside=FOR_AUTHORS) == []


def test_tests_and_benchmarks_are_not_installed() -> None:
    project = tomllib.loads((PAGE.parent / "pyproject.toml").read_text())
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"] == {"packages": ["src/deskbay"]}
    assert not [file for file in SOURCE.rglob("*") if file.name.startswith("test_") or file.name == "tests"]


def test_of_people_browsers_keep_nothing_but_what_they_like() -> None:
    """Which announcements they put away, how they look at desktops, the page to go on to after signing in, colours."""
    sources = [file for folder in ("src", "public") for file in (PAGE / folder).rglob("*.[jt]s*")]
    served = [file for file in sources if ".test." not in file.name and file.parent.name != "tests"]
    keeps = {file for file in served if KEPT_BY_BROWSERS.search(file.read_text())}
    assert {file.relative_to(PAGE).as_posix() for file in keeps} == {
        "src/components/announcements.tsx",
        "src/pages/desktop/preferences.ts",
        "src/pages/sign-in/next-page.ts",
        "public/color-scheme.js",
    }


@pytest.mark.parametrize(
    ("look", "bad", "good"),
    [
        (patterns_of_input, "def find(text): return re.match(text, 'a')", "A = 'b'\nre.match(A, text)"),
        (patterns_of_input, "re.compile(f'{text}')", "re.compile('a')"),
        (formats_of_input, "def tell(text): return text.format(1)", "A = '{}'\nA.format(1)"),
        (what_is_for_tests, "from unittest import mock", "from deskbay.testing import a"),
        (what_is_for_tests, "from deskbay.desktops.runtimes import conformance", "import tester"),
        (shells, "subprocess.run('ls', shell=True)", "subprocess.run(['ls'])"),
        (shells, "await asyncio.create_subprocess_shell('ls')", "system.system()"),
    ],
)
def test_what_is_looked_for_is_found(look: Look, bad: str, good: str) -> None:
    assert list(look(ast.parse(bad)))
    assert not list(look(ast.parse(good)))
