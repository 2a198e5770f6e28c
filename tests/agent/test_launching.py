import os
from collections.abc import Callable
from pathlib import Path
from threading import enumerate as threads

import pytest

from deskbay.agent import launching
from deskbay.agent.entries import Entry
from deskbay.agent.identity import Catalogue
from deskbay.agent.launching import Start, as_here, launch, plan
from deskbay.agent.paths import PathMap
from deskbay.agent.rules.reading import load_rules
from deskbay.agent.shapes import Application, Window

RULES = load_rules(None)
SAME = PathMap({})


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything that these tests start is here, and nothing else."""
    for name in ("chromium", "firefox-esr", "mousepad", "libreoffice", "xfce4-terminal", "xterm", "frob"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def window(*contents: str, front: int | None = None) -> Window:
    return Window(0, 0, 100, 100, contents=contents, content=front)


def starts(application: Application, *entries: Entry) -> list[Start]:
    catalogue = Catalogue({entry.id: entry for entry in entries}, RULES)
    indices = range(len(application.windows))
    return plan(application, RULES.of(application.application), catalogue, indices)


def app(name: str, *windows: Window, command: tuple[str, ...] = (), exe: str = "", folder: str = "/") -> Application:
    return Application(f"{name}-1", name, name, exe, command or (name,), folder, windows)


pytestmark = pytest.mark.usefixtures("programs")


def test_what_has_no_rule_is_started_as_it_was() -> None:
    frob = app("frob", window(), window(), command=("frob", "-x", "a b"), folder="/usr")
    assert starts(frob) == [Start(("frob", "-x", "a b"), "/usr", (0, 1))]


def test_a_program_that_has_moved_is_started_by_its_file(programs: Path) -> None:
    assert starts(app("x", window(), command=("gone", "-x"), exe=str(programs / "frob")))[0].command == (
        str(programs / "frob"),
        "-x",
    )


def test_a_program_with_another_name_here_is_started_by_its_entry_with_its_documents(tmp_path: Path) -> None:
    document = tmp_path / "a b.txt"
    document.touch()
    old = app("tool", window(), command=("/opt/old/tool", "--internal", str(document), "https://example.org/"))
    entry = Entry("tool", "Tool", ("frob", "--here"), "", hidden=False, flatpak="")
    assert starts(old, entry)[0].command == ("frob", "--here", str(document), "https://example.org/")


def test_what_is_not_here_has_no_start() -> None:
    assert starts(app("nowhere", window(), command=("nowhere",))) == []
    assert starts(app("gedit", window("/a"))) == []


def test_a_terminal_without_options_of_its_own_is_started_in_its_shells_folder() -> None:
    xterm = app("xterm", window("/usr/share"), command=("xterm", "-T", "a b"), folder="/")
    assert starts(xterm) == [Start(("xterm", "-T", "a b"), "/usr/share", (0,))]


def test_a_terminal_with_tabs_keeps_them_and_its_options() -> None:
    command = ("xfce4-terminal", "--working-directory=/x", "--title", "a b", "--hide-menubar", "--maximize")
    terminal = app("xfce4-terminal", window("/usr", "/var"), window("/"), command=command)
    kept = ("--title", "a b", "--hide-menubar")
    assert [start.command for start in starts(terminal)] == [
        ("xfce4-terminal", *kept, "--working-directory=/usr", "--tab", "--working-directory=/var"),
        ("xfce4-terminal", *kept, "--working-directory=/"),
    ]


def test_an_office_opens_all_its_documents_at_once() -> None:
    writer = app("libreoffice-writer", window("/a b.odt"), window("/c.odt"))
    entry = Entry("libreoffice-writer", "Writer", ("libreoffice", "--writer"), "", hidden=False, flatpak="")
    assert starts(writer, entry) == [
        Start(("libreoffice", "--writer", "--norestore", "--nologo", "/a b.odt", "/c.odt"), "/", (0, 1))
    ]


def test_chromium_gets_the_tab_in_front_with_a_second_start() -> None:
    browser = app("chromium", window("a:", "b:", "c:", front=1), window("d:", "e:", front=0), window())
    assert [(start.command[1:], start.windows) for start in starts(browser)] == [
        (("--new-window", "a:"), (0,)),
        (("b:", "c:"), ()),
        (("--new-window", "d:", "e:"), (1,)),
        (("--new-window",), (2,)),
    ]


def test_firefox_gets_all_but_the_first_with_a_second_start(tmp_path: Path) -> None:
    command = ("firefox-esr", "--profile", str(tmp_path), "-new-window", "x:")
    browser = app("firefox", window("a:", "b:", "c:", front=0), window("d:"), command=command)
    profile = ("--profile", str(tmp_path))
    assert [(start.command, start.windows) for start in starts(browser)] == [
        (("firefox-esr", *profile, "-new-window", "a:"), (0,)),
        (("firefox-esr", *profile, "-new-tab", "b:", "-new-tab", "c:"), ()),
        (("firefox-esr", *profile, "-new-window", "d:"), (1,)),
    ]


def test_an_option_with_a_path_that_is_not_here_is_left_out() -> None:
    browser = app("firefox", window("a:"), command=("firefox", "--profile", "/nowhere/at/all"))
    assert starts(browser)[0].command == ("firefox-esr", "-new-window", "a:")


def test_an_empty_window_of_a_program_without_a_word_for_it() -> None:
    assert starts(app("mousepad", window())) == [Start(("mousepad",), "/", (0,))]


def test_only_the_windows_that_are_missing_are_opened() -> None:
    mousepad = app("mousepad", window("/a"), window("/b"))
    (start,) = plan(mousepad, RULES.of("mousepad"), Catalogue({}, RULES), [1])
    assert start == Start(("mousepad", "--opening-mode=mixed", "/b"), "/", (1,))


def test_paths_are_those_of_this_device(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    paths = PathMap({"/home/ada": str(tmp_path)})
    there = app(
        "mousepad",
        window("/home/ada/a.txt", "/home/ada/gone.txt"),
        command=("/home/ada/bin/x", "--at=/home/ada", "/home/ada/a.txt"),
        folder="/home/ada/docs",
    )
    here, missing = as_here(there, RULES.of("mousepad"), paths)
    assert here.windows[0].contents == (str(tmp_path / "a.txt"),)
    assert missing == [str(tmp_path / "gone.txt")]
    assert here.command == ("/home/ada/bin/x", f"--at={tmp_path}", str(tmp_path / "a.txt"))
    assert here.folder == str(tmp_path / "docs")


def test_pages_are_never_missing() -> None:
    browser = app("chromium", window("https://example.org/", "file:///nowhere"))
    assert as_here(browser, RULES.of("chromium"), SAME) == (browser, [])


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What the program that was started says of itself, once it has."""
    monkeypatch.setenv("PATH", os.defpath)
    monkeypatch.setenv("HOME", str(tmp_path))
    answer = tmp_path / "answer"
    os.mkfifo(answer)
    return lambda: answer.read_text().splitlines()


SAY = 'pwd; echo "$DESKTOP_STARTUP_ID"; echo "$1"; ps -o sid= -p $$; echo $$'


def test_a_program_gets_its_words_its_folder_and_a_session_of_its_own(
    tmp_path: Path, told: Callable[[], list[str]]
) -> None:
    command = ("sh", "-c", f"({SAY}) >{tmp_path / 'answer'}", "sh", "a b; $(exit)")
    process = launch(Start(command, "/usr", ()), "run-1")
    folder, startup, word, session, itself = told()
    assert (folder, startup, word) == ("/usr", "run-1", "a b; $(exit)")
    assert session.strip() == itself == str(process.pid)


def test_a_folder_that_is_not_here_is_the_home(tmp_path: Path, told: Callable[[], list[str]]) -> None:
    launch(Start(("sh", "-c", f"pwd >{tmp_path / 'answer'}"), "/nowhere", ()), "run-1")
    assert told() == [str(tmp_path)]


@pytest.mark.parametrize(
    ("path", "kept"), [(str(Path(launching.__file__).parents[2]), ""), ("/home/ada/lib", "/home/ada/lib")]
)
def test_what_only_the_agent_is_to_have_is_not_handed_on(
    tmp_path: Path, told: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch, path: str, kept: str
) -> None:
    for name, value in {"MALLOC_ARENA_MAX": "1", "PYTHONNODEBUGRANGES": "1", "PYTHONPATH": path, "LANG": "C"}.items():
        monkeypatch.setenv(name, value)
    say = 'echo "$MALLOC_ARENA_MAX|$PYTHONNODEBUGRANGES|$PYTHONPATH|$LANG"'
    launch(Start(("sh", "-c", f"{say} >{tmp_path / 'answer'}"), "/", ()), "run-1")
    assert told() == [f"||{kept}|C"]


def test_its_end_is_seen_so_that_it_is_no_zombie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.defpath)
    process = launch(Start(("sh", "-c", "exit 3"), "/", ()), "run-1")
    for thread in threads():
        if thread.name == "waits for sh":
            thread.join()
    assert process.returncode == 3
    with pytest.raises(ChildProcessError):
        os.waitpid(process.pid, 0)


def test_what_can_not_be_started_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        launch(Start(("/nowhere/at/all",), "/", ()), "run-1")
