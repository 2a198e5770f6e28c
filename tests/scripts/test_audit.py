"""Known holes in packages, as a database of advisories on this machine tells them."""

import json
import os
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from scripts.setup.audit import MOST_AT_ONCE, Package, holes, main, python_packages, web_packages

ROOT = Path(__file__).parents[2]
HOLE = "GHSA-0000-0000-0000"


class Advisories(HTTPServer):
    """Knows of a hole in each package that is named."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.bad: set[str] = set()
        self.asked: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Advisories

    def do_POST(self) -> None:
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        self.server.asked.append(len(queries))
        names = [query["package"]["name"] for query in queries]
        results = [{"vulns": [{"id": HOLE}]} if name in self.server.bad else {} for name in names]
        self.send_response(200 if self.path == "/v1/querybatch" else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"results": results}).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def advisories(monkeypatch: pytest.MonkeyPatch) -> Iterator[Advisories]:
    with Advisories() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("DESKBAY_ADVISORIES", server.url)
        yield server
        server.shutdown()
        thread.join()


def test_every_package_that_is_locked_is_asked_about() -> None:
    python = {package.name for package in python_packages(ROOT / "requirements")}
    assert {"fastapi", "uvicorn", "pytest"} <= python
    web = set(web_packages(ROOT / "web" / "package-lock.json"))
    assert {"react", "@mantine/core"} <= {package.name for package in web}
    assert all(package.version[0].isdigit() for package in web)


def test_packages_within_packages_are_told_by_their_own_names(tmp_path: Path) -> None:
    inside = {"": {"name": "page"}, "node_modules/a/node_modules/@b/c": {"version": "1.0.0"}}
    (tmp_path / "lock.json").write_text(json.dumps({"packages": inside}))
    assert list(web_packages(tmp_path / "lock.json")) == [Package("npm", "@b/c", "1.0.0")]


def test_extras_and_conditions_are_no_part_of_a_version(tmp_path: Path) -> None:
    for file in ("server.txt", "develop.txt", "tools.txt", "windows.txt"):
        (tmp_path / file).write_text("")
    (tmp_path / "server.txt").write_text("a-b[c]==1.2 ; python_version > '3' \\\n    --hash=sha256:0\nd==3 \\\n")
    assert list(python_packages(tmp_path)) == [Package("PyPI", "a-b", "1.2"), Package("PyPI", "d", "3")]


@pytest.mark.parametrize("name", ["fastapi", "react"])
def test_a_known_hole_is_named_and_fails(advisories: Advisories, capsys: pytest.CaptureFixture[str], name: str) -> None:
    advisories.bad = {name}
    assert main() == 1
    told = capsys.readouterr().out
    assert f"✗ {name} " in told
    assert HOLE in told


def test_without_any_all_is_well(advisories: Advisories, capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert "0 with known holes" in capsys.readouterr().out
    assert max(advisories.asked) <= MOST_AT_ONCE


def test_what_is_found_is_told_of_the_package_that_has_it(advisories: Advisories) -> None:
    packages = [Package("npm", str(number), "1") for number in range(MOST_AT_ONCE + 10)]
    advisories.bad = {"3", str(MOST_AT_ONCE + 5)}
    assert [(package.name, known) for package, known in holes(packages, advisories.url)] == [
        ("3", [HOLE]),
        (str(MOST_AT_ONCE + 5), [HOLE]),
    ]


@pytest.mark.parametrize("where", ["http://127.0.0.1:1", "/gone"])
def test_where_nobody_can_be_asked_it_says_so(
    advisories: Advisories, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    monkeypatch.setenv("DESKBAY_ADVISORIES", where if where.startswith("http") else advisories.url + where)
    assert main() == 0
    assert "nobody could be asked" in capsys.readouterr().out


def test_as_it_is_called(advisories: Advisories) -> None:
    advisories.bad = {"react"}
    audit = subprocess.run([ROOT / "scripts" / "audit"], env=os.environ, capture_output=True, text=True, check=False)
    assert (audit.returncode, HOLE in audit.stdout) == (1, True)
