from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.agent.entries import Entry, folders_of_entries, read_entries, split_command


def write(folder: Path, name: str, **fields: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{key.replace('_', '-')}={value}" for key, value in {"Type": "Application", **fields}.items()]
    file.write_text("\n".join(["# a comment", "[Desktop Entry]", *lines, "[Desktop Action new]", "Exec=other", ""]))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    return tmp_path / "shared"


def test_an_entry_is_read_whole(own: Path) -> None:
    write(own, "org.x.edit.desktop", Name="Editor", Exec="edit --new %U", StartupWMClass="Edit", X_Flatpak="org.x.edit")
    assert read_entries([own]) == {
        "org.x.edit": Entry("org.x.edit", "Editor", ("edit", "--new"), "Edit", hidden=False, flatpak="org.x.edit")
    }


def test_the_first_folder_counts(own: Path, shared: Path) -> None:
    write(own, "a.desktop", Name="Mine", Exec="mine")
    write(shared, "a.desktop", Name="Theirs", Exec="theirs")
    write(shared, "b.desktop", Name="Other", Exec="other")
    assert {id_: entry.name for id_, entry in read_entries([own, shared]).items()} == {"a": "Mine", "b": "Other"}


def test_folders_below_are_part_of_the_id(own: Path) -> None:
    write(own, "kde/kate.desktop", Name="Kate", Exec="kate")
    assert list(read_entries([own])) == ["kde-kate"]


@pytest.mark.parametrize("field", ["NoDisplay", "Hidden"])
def test_what_does_not_want_to_be_seen_is_hidden(own: Path, field: str) -> None:
    write(own, "a.desktop", Exec="a", **{field: "true"})
    assert read_entries([own])["a"].hidden


def test_what_is_not_installed_is_hidden(own: Path) -> None:
    write(own, "a.desktop", Exec="sh", TryExec="/nowhere/at/all")
    write(own, "b.desktop", Exec="sh", TryExec="sh")
    entries = read_entries([own])
    assert (entries["a"].hidden, entries["b"].hidden) == (True, False)


def test_what_is_no_application_or_no_text_is_passed_over(own: Path) -> None:
    write(own, "link.desktop", Type="Link")
    (own / "broken.desktop").write_bytes(b"\xff\xfe\x00")
    (own / "loop.desktop").symlink_to(own / "loop.desktop")
    write(own, "good.desktop", Exec="good")
    assert list(read_entries([own, own / "missing"])) == ["good"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mousepad %U", ("mousepad",)),
        ("libreoffice --writer %U", ("libreoffice", "--writer")),
        ('sh -c "echo \\"a b\\""', ("sh", "-c", 'echo "a b"')),
        ('"/opt/My App/run" --x', ("/opt/My App/run", "--x")),
        ("a --size=100%% %f %i", ("a", "--size=100%")),
        ("flatpak run --file-forwarding org.x @@u %U @@", ("flatpak", "run", "--file-forwarding", "org.x")),
        ("", ()),
        ('a "b', ()),
    ],
)
def test_the_words_of_a_command(text: str, words: tuple[str, ...]) -> None:
    assert split_command(text) == words


@given(st.text())
def test_any_text_is_split_or_refused_quietly(text: str) -> None:
    assert isinstance(split_command(text), tuple)


@pytest.mark.parametrize(
    ("command", "program"),
    [
        (("/usr/bin/chromium",), "chromium"),
        (("sh", "/opt/look/chromium.sh"), "chromium"),
        (("env", "A=b", "gimp", "-n"), "gimp"),
        (("/usr/bin/python3", "/usr/share/x/tool.py"), "tool"),
        ((), ""),
    ],
)
def test_the_program_behind_a_wrapper(command: tuple[str, ...], program: str) -> None:
    assert Entry("a", "A", command, "", hidden=False, flatpak="").program == program


def test_where_entries_are() -> None:
    folders = folders_of_entries({"HOME": "/home/ada", "XDG_DATA_DIRS": "/opt/share:/usr/share:/opt/share"})
    assert [str(folder) for folder in folders] == [
        "/home/ada/.local/share/applications",
        "/opt/share/applications",
        "/usr/share/applications",
        "/home/ada/.local/share/flatpak/exports/share/applications",
        "/var/lib/flatpak/exports/share/applications",
    ]
    own = folders_of_entries({"HOME": "/home/ada", "XDG_DATA_HOME": "/data"})
    assert [str(folder) for folder in own[:3]] == [
        "/data/applications",
        "/usr/local/share/applications",
        "/usr/share/applications",
    ]
