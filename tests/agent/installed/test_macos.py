"""The applications of a Mac, from folders as Apple describes them."""

import plistlib
from pathlib import Path

from deskbay.agent.entries import Entry
from deskbay.agent.identity import Catalogue
from deskbay.agent.installed.macos import installed
from deskbay.agent.rules.reading import load_rules


def bundle(folder: Path, name: str, **about: str) -> Path:
    program = folder / f"{name}.app" / "Contents" / "MacOS" / name.lower()
    program.parent.mkdir(parents=True)
    program.write_text("")
    program.chmod(0o755)
    (program.parents[1] / "Info.plist").write_bytes(plistlib.dumps(about))
    return program


def test_an_application_is_read_whole(tmp_path: Path) -> None:
    program = bundle(tmp_path, "Text Edit", CFBundleIdentifier="com.apple.TextEdit", CFBundleExecutable="text edit")
    expected = Entry("com.apple.TextEdit", "Text Edit", (str(program),), "com.apple.TextEdit", hidden=False, flatpak="")
    assert installed([tmp_path]) == {"com.apple.TextEdit": expected}


def test_the_first_folder_counts_and_what_is_damaged_is_passed_over(tmp_path: Path) -> None:
    about = {"CFBundleIdentifier": "org.x", "CFBundleExecutable": "mine"}
    bundle(tmp_path / "own", "Mine", **about)
    bundle(tmp_path / "shared", "Theirs", **about)
    bundle(tmp_path / "shared", "Half", CFBundleIdentifier="org.half")
    bundle(tmp_path / "shared", "Broken")
    for name, text in (("Broken", b"<plist"), ("Binary", b"bplist00")):
        file = tmp_path / "shared" / f"{name}.app" / "Contents" / "Info.plist"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    found = installed([tmp_path / "own", tmp_path / "shared", tmp_path / "missing"])
    assert {id_: entry.name for id_, entry in found.items()} == {"org.x": "Mine"}


def test_firefox_of_another_system_is_found_here(tmp_path: Path) -> None:
    program = bundle(tmp_path, "Firefox", CFBundleIdentifier="org.mozilla.firefox", CFBundleExecutable="firefox")
    catalogue = Catalogue(installed([tmp_path]), load_rules(None))
    assert catalogue.command_of("firefox") == (str(program),)
    assert catalogue.identify("org.mozilla.firefox", "Firefox", None).application == "firefox"
