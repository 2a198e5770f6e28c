"""`deskbay doctor` says what is missing for what, and how to get it."""

import os
from pathlib import Path

import pytest
from tests.cli.conftest import Deskbay

from deskbay import page
from deskbay.cli.doctor import Finding, can_work, examine, lines_of
from deskbay.settings import Settings


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A web page that is built."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "index.html").write_text("")
    monkeypatch.setattr(page, "BUILT", folder)


async def finding(settings: Settings, feature: str) -> Finding:
    (found,) = [finding for finding in await examine(settings) if finding.feature == feature]
    return found


@pytest.mark.usefixtures("built")
async def test_a_machine_with_everything_can_work(settings: Settings) -> None:
    findings = await examine(settings)
    assert can_work(findings), lines_of(findings).plain
    assert [finding.remedy for finding in findings if finding.works and finding.remedy] == []


async def test_without_programs_it_names_the_packages(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(settings.data))
    desktop = await finding(settings, "Template “Desktop”")
    assert (desktop.works, desktop.needed) == (False, True)
    assert desktop.remedy
    assert "apt-get install" in desktop.remedy
    assert "tigervnc-standalone-server" in desktop.remedy
    browser = await finding(settings, "Template “Browser”")
    assert (browser.works, browser.needed) == (False, False)
    assert not (await finding(settings, "Sandbox")).works


async def test_a_page_that_is_not_built_has_a_remedy(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "BUILT", settings.data / "dist")
    found = await finding(settings, "Web page")
    assert not found.works
    assert found.remedy
    assert "npm run build" in found.remedy


async def test_a_damaged_database_is_found(settings: Settings) -> None:
    (settings.data / "deskbay.sqlite").write_text("nonsense" * 1000)
    found = await finding(settings, "Database")
    assert not found.works
    assert "damaged" in found.detail


@pytest.mark.parametrize("needed", [True, False])
def test_only_what_is_needed_keeps_it_from_working(*, needed: bool) -> None:
    assert can_work([Finding("A", True, ""), Finding("B", False, "", needed=needed)]) is not needed


def test_remedies_stand_on_lines_of_their_own() -> None:
    text = lines_of([Finding("Page", False, "Not built.", "npm run build"), Finding("Rest", True, "There.")]).plain
    assert text.splitlines() == ["✗ Page: Not built.", "  Run: npm run build", "✓ Rest: There."]


def test_it_changes_nothing_and_fails_where_desktops_can_not_run(deskbay: Deskbay, data: Path) -> None:
    told = deskbay("doctor", "--data", data, "--json", PATH=os.path.dirname(data))  # noqa: PTH120
    assert told.code == 1
    assert {"feature", "works", "detail", "remedy", "needed"} == set(told.document["findings"][0])
    assert not data.exists()
