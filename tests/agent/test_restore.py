"""Real programs on real X servers: saved, ended, brought back, compared."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from tests.agent import stand_in_code
from tests.agent.desks import Desk, brought_back, desk, wish_of

from deskbay.agent import restore as restore_module
from deskbay.agent.platforms import OpenWindow
from deskbay.agent.platforms.x11 import X11
from deskbay.agent.processes import environment_of
from deskbay.agent.shapes import Application, ApplicationState, Monitor, Progress, Snapshot, Window, WindowState

PAGES = [f"data:text/html,<title>{name}</title>{name}" for name in ("one", "two", "three")]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk(tmp_path, monkeypatch) as here:
        yield here


@pytest.fixture
def work(here: Desk) -> Path:
    """A folder with a blank in its name, with documents in it."""
    work = here.home / "my work"
    work.mkdir()
    (work / "a letter.txt").write_text("Dear Ada\n")
    (work / "list.txt").write_text("bread\n")
    return work


def state_of(said: Sequence[Progress], key: str) -> list[ApplicationState]:
    return [progress.state for progress in said if progress.key == key]


def only(snapshot: Snapshot, application: str) -> Application:
    (found,) = (each for each in snapshot.applications if each.application == application)
    return found


def laid_out(snapshot: Snapshot) -> list[tuple[str, tuple[str, ...], int | None, str | None, Window]]:
    """All that has to come back, whatever process it is in."""
    return sorted(
        (each.application, window.contents, window.content, each.folder, replace(window, title=None, foreground=False))
        for each in snapshot.applications
        for window in each.windows
    )


def came_back(here: Desk, saved: Snapshot) -> Snapshot:
    """Wait until all is as it was saved: what a window shows, programs may tell a little after it came."""
    return here.save_when(lambda snapshot: laid_out(snapshot) == laid_out(saved))


def shown(*names: str) -> Callable[[Sequence[OpenWindow]], bool]:
    """Whether there are windows with these names in their titles, and no others."""
    return lambda windows: (
        len(windows) == len(names) and all(any(name in window.title for window in windows) for name in names)
    )


def test_everything_is_as_it_was(here: Desk, work: Path) -> None:
    here.start("xterm", "-T", "Two words", folder=work)
    here.start("mousepad", "a letter.txt", folder=work)
    here.start("pcmanfm", work)
    here.start("xfce4-terminal", f"--working-directory={work}", "--tab", "--working-directory=/usr", "--hide-menubar")
    here.start("chromium", "--no-sandbox", "--disable-gpu", "--no-first-run", "--password-store=basic", *PAGES)
    here.until(lambda windows: len(windows) == 5)
    scatter()
    saved = here.save_when(lambda snapshot: len(only(snapshot, "chromium").windows[0].contents) == 3)
    here.end_programs()
    said = brought_back(wish_of(saved))
    assert {progress.state for progress in said} == {ApplicationState.STARTED, ApplicationState.PLACED}
    again = came_back(here, saved)
    assert only(again, "xterm").command == ("xterm", "-T", "Two words")
    assert only(again, "xterm").folder == str(work)
    assert only(again, "mousepad").windows[0].contents == (f"{work}/a letter.txt",)
    assert only(again, "pcmanfm").windows[0].contents == (str(work),)
    assert set(only(again, "xfce4-terminal").windows[0].contents) == {str(work), "/usr"}
    assert "--hide-menubar" in only(again, "xfce4-terminal").command
    assert only(again, "chromium").windows[0].contents == tuple(PAGES)
    assert front(again) == front(saved)


def scatter() -> None:
    """Put every window somewhere else, in a size of its own."""
    with X11() as platform:
        for number, window in enumerate(sorted(platform.windows(), key=lambda window: window.kind)):
            x, y, width, height = 40 + 60 * number, 50 + 40 * number, 520 + 30 * number, 320 + 20 * number
            platform.place(window.id, replace(window.place, x=x, y=y, width=width, height=height))


def front(snapshot: Snapshot) -> str:
    (found,) = (each.application for each in snapshot.applications for window in each.windows if window.foreground)
    return found


def test_documents_of_an_office_come_back_in_their_windows(here: Desk, work: Path) -> None:
    for name in ("first.fodt", "second.fodt"):
        (work / name).write_text(FLAT_DOCUMENT)
    here.start("libreoffice", "--writer", "--norestore", "--nologo", work / "first.fodt", work / "second.fodt")
    here.until(shown("first.fodt", "second.fodt"))
    scatter()
    saved = here.save()
    here.end_programs()
    assert state_of(brought_back(wish_of(saved)), saved.applications[0].key)[-1] is ApplicationState.PLACED
    came_back(here, saved)
    assert {window.contents for window in saved.applications[0].windows} == {
        (str(work / "first.fodt"),),
        (str(work / "second.fodt"),),
    }


FLAT_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:body><office:text><text:p>Dear Ada</text:p></office:text></office:body></office:document>
"""


def test_two_windows_of_a_browser_keep_their_tabs_and_the_one_in_front(here: Desk) -> None:
    here.start("chromium", "--no-sandbox", "--disable-gpu", "--no-first-run", "--password-store=basic", *PAGES[:2])
    here.until(lambda windows: len(windows) == 1)
    here.start("chromium", "--no-sandbox", "--new-window", PAGES[2])
    here.until(lambda windows: len(windows) == 2)
    scatter()
    saved = here.save_when(lambda snapshot: all(window.contents for window in snapshot.applications[0].windows))
    two = only(saved, "chromium")
    in_front = replace(two, windows=tuple(replace(each, content=len(each.contents) - 1) for each in two.windows))
    here.end_programs()
    brought_back(wish_of(saved, in_front))
    again = here.save_when(lambda snapshot: len(tabs_of(snapshot)) == 2 and all(tabs_of(snapshot)))
    assert sorted(tabs_of(again)) == sorted(tabs_of(saved))
    assert [window.content for window in again.applications[0].windows] == [
        len(window.contents) - 1 for window in again.applications[0].windows
    ]


@pytest.mark.parametrize(
    ("start", "reads"),
    [(("mousepad",), "documents"), (("geany",), "documents"), (("pcmanfm", "--new-win"), "folders")],
)
def test_tabs_of_editors_and_file_managers_come_back(
    here: Desk, work: Path, start: tuple[str, ...], reads: str
) -> None:
    if reads == "documents":
        tabs = [str(work / name) for name in ("list.txt", "a letter.txt", "third.txt")]
        Path(tabs[2]).write_text("third")
    else:
        tabs = [str(here.home / name) for name in ("one", "two", "my work")]
        for folder in tabs:
            Path(folder).mkdir(exist_ok=True)
    here.start(*start, *tabs)

    def shows_the_last(snapshot: Snapshot) -> bool:
        windows = [window for each in snapshot.applications for window in each.windows]
        return [(set(window.contents), window.content) for window in windows] == [(set(tabs), 2)]

    saved = here.save_when(shows_the_last)
    (window,) = saved.applications[0].windows
    assert window.contents[2] == tabs[2], "the one in front is the last"
    here.end_programs()
    assert brought_back(wish_of(saved))[-1].state is ApplicationState.PLACED
    here.save_when(lambda snapshot: sorted(map(sorted, tabs_of(snapshot))) == [sorted(tabs)])
    again = brought_back(wish_of(here.save()))
    assert [progress.state for progress in again] == [ApplicationState.ALREADY_RUNNING]


def test_folders_of_a_stand_in_for_visual_studio_code_come_back(
    here: Desk, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = here.home / "bin" / "code"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{Path(stand_in_code.__file__).read_text()}")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    entry = here.home / ".local/share/applications/code.desktop"
    entry.write_text("[Desktop Entry]\nType=Application\nName=Code\nExec=code %F\nStartupWMClass=Code\n")
    here.start("code", work)
    here.until(lambda windows: len(windows) == 1)
    here.start("code", here.home)
    here.until(lambda windows: len(windows) == 2)
    scatter()
    saved = here.save()
    assert sorted(tabs_of(saved)) == [(str(here.home),), (str(work),)]
    here.end_programs()
    assert brought_back(wish_of(saved))[-1].state is ApplicationState.PLACED
    came_back(here, saved)


def test_tabs_of_firefox_come_back(here: Desk) -> None:
    profile = here.home / "my profile"
    profile.mkdir()
    (profile / "user.js").write_text(FIREFOX_SETTINGS)
    pages = [here.home / f"{name}.html" for name in ("one", "two", "three")]
    for page in pages:
        page.write_text(f"<title>{page.stem}</title>")
    one, two, three = (page.as_uri() for page in pages)
    here.start("firefox-esr", "--profile", profile, "-new-window", one)
    here.until(lambda windows: any(window.title.startswith("one") for window in windows))
    here.start("firefox-esr", "--profile", profile, "-new-tab", two, "-new-tab", three)
    here.save_when(lambda snapshot: tabs_of(snapshot) == [(one, two, three)])
    scatter()
    saved = here.save()
    here.end_programs()
    brought_back(wish_of(saved))
    again = came_back(here, saved)
    assert str(profile) in only(again, "firefox").command


FIREFOX_SETTINGS = """
user_pref("browser.sessionstore.interval", 500);
user_pref("browser.sessionstore.resume_from_crash", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("termsofuse.bypassNotification", true);
"""


def tabs_of(snapshot: Snapshot) -> list[tuple[str, ...]]:
    return [window.contents for each in snapshot.applications for window in each.windows]


def test_a_second_screen_of_another_size_gets_the_same_parts_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: Desk, work: Path
) -> None:
    here.start("mousepad", work / "list.txt")
    here.start("pcmanfm", work)
    here.until(shown("list.txt", "my work"))
    scatter()
    saved = here.save()
    here.end_programs()
    bigger = tmp_path / "bigger"
    bigger.mkdir()
    (bigger / "home" / "my work").mkdir(parents=True)
    (bigger / "home" / "my work" / "list.txt").write_text("bread\n")
    with desk(bigger, monkeypatch, "1920x1000") as there:
        brought_back(wish_of(saved))
        contents = {"mousepad": there.home / "my work" / "list.txt", "pcmanfm": there.home / "my work"}
        shown_there = [(name, (str(contents[name]),)) for name in sorted(contents)]
        again = there.save_when(lambda snapshot: contents_of(snapshot) == shown_there)
        for before, after in zip(saved.applications, again.applications, strict=True):
            assert_same_part(before.windows[0], saved.monitors[0], after.windows[0], again.monitors[0])


def contents_of(snapshot: Snapshot) -> list[tuple[str, tuple[str, ...]]]:
    """What the windows of each application show."""
    return sorted((each.application, window.contents) for each in snapshot.applications for window in each.windows)


def assert_same_part(before: Window, then: Monitor, after: Window, now: Monitor) -> None:
    """Title bars are as high everywhere, so a window may be off by what they are."""
    assert abs((after.x - now.x) / now.width - (before.x - then.x) / then.width) < 0.01
    assert abs((after.y - now.y) / now.height - (before.y - then.y) / then.height) < 0.03
    assert abs(after.width / now.width - before.width / then.width) < 0.01
    assert abs(after.height / now.height - before.height / then.height) < 0.03


@pytest.mark.parametrize("state", [WindowState.MAXIMIZED, WindowState.MINIMIZED, WindowState.FULLSCREEN])
def test_a_window_fills_its_screen_as_before(here: Desk, work: Path, state: WindowState) -> None:
    here.start("mousepad", work / "list.txt")
    (window,) = here.until(shown("list.txt"))
    with X11() as platform:
        platform.place(window.id, replace(window.place, state=state))
    saved = here.save_when(lambda snapshot: snapshot.applications[0].windows[0].state is state)
    here.end_programs()
    brought_back(wish_of(saved))
    here.save_when(lambda snapshot: snapshot.applications[0].windows[0].state is state)


def test_windows_lie_above_one_another_as_they_did(here: Desk) -> None:
    for title in "abcd":
        here.start("xterm", "-T", title)
    here.until(lambda windows: sorted(window.title for window in windows) == [*"abcd"])
    pile_up(here, "bdac")
    saved = here.save()
    assert layers(saved) == [*"bdac"]
    pile_up(here, "cabd")
    brought_back(wish_of(saved))
    assert layers(here.save()) == [*"bdac"]
    here.end_programs()
    brought_back(wish_of(saved))
    assert layers(here.save()) == [*"bdac"]


def pile_up(here: Desk, order: str) -> None:
    """Lift windows until they lie so: a window that has just come may be lifted by the window manager, too."""
    with X11() as platform:

        def is_so(windows: Sequence[OpenWindow]) -> bool:
            ids = {window.title: window.id for window in windows}
            for title in order:
                platform.lift(ids[title])
            return [window.title for window in platform.windows()] == [*order]

        here.until(is_so)


def layers(snapshot: Snapshot) -> list[str]:
    """The titles, from the lowest window to the highest."""
    found = [(window.stacking, window.title) for each in snapshot.applications for window in each.windows]
    return [str(title) for _, title in sorted(found)]


def test_what_runs_already_is_put_in_its_place_and_not_started_again(here: Desk, work: Path) -> None:
    here.start("mousepad", work / "list.txt")
    here.start("xterm", "-T", "mine", folder=work)
    here.until(shown("list.txt", "mine"))
    saved = here.save()
    scatter()
    said = brought_back(wish_of(saved))
    assert {progress.state for progress in said} == {ApplicationState.ALREADY_RUNNING}
    came_back(here, saved)
    assert [each.key for each in here.save().applications] == [each.key for each in saved.applications]


def test_an_open_document_does_not_stand_for_another_one(here: Desk, work: Path) -> None:
    here.start("mousepad", work / "list.txt")
    here.until(shown("list.txt"))
    saved = here.save()
    here.end_programs()
    here.start("mousepad", work / "a letter.txt")
    here.until(shown("a letter.txt"))
    said = brought_back(wish_of(saved))
    assert state_of(said, saved.applications[0].key) == [ApplicationState.STARTED, ApplicationState.PLACED]
    both = [(str(work / "a letter.txt"),), (str(work / "list.txt"),)]
    here.save_when(lambda snapshot: sorted(tabs_of(snapshot)) == both)


def test_pressing_twice_starts_nothing_twice(here: Desk, work: Path) -> None:
    here.start("xterm", "-T", "mine", folder=work)
    here.until(lambda windows: len(windows) == 1)
    wish = wish_of(here.save())
    here.end_programs()
    presses = [Thread(target=brought_back, args=(wish,)) for _ in range(2)]
    presses[0].start()
    here.until(lambda windows: len(windows) == 1)
    presses[1].start()
    for press in presses:
        press.join()
    assert len(here.save().applications) == 1


def test_a_folder_manager_that_also_paints_the_desktop_opens_a_window(here: Desk, work: Path) -> None:
    """Its windows belong to the process that was there before, not to the one that is started."""
    here.start("pcmanfm", "--desktop")
    here.start("pcmanfm", work)
    here.until(lambda windows: len(windows) == 1)
    scatter()
    saved = here.save()
    here.end_programs()
    here.start("pcmanfm", "--desktop")
    brought_back(wish_of(saved))
    came_back(here, saved)


def test_windows_of_one_file_manager_keep_their_folders(here: Desk, work: Path) -> None:
    here.start("thunar", work)
    here.until(lambda windows: len(windows) == 1)
    here.start("thunar", here.home)
    here.until(lambda windows: len(windows) == 2)
    scatter()
    saved = here.save()
    assert sorted(tabs_of(saved)) == [(str(here.home),), (str(work),)]
    here.end_programs()
    brought_back(wish_of(saved))
    came_back(here, saved)


def test_a_document_that_is_gone_is_told(here: Desk, work: Path) -> None:
    here.start("mousepad", work / "list.txt")
    here.until(shown("list.txt"))
    saved = here.save()
    here.end_programs()
    (work / "list.txt").unlink()
    last = brought_back(wish_of(saved))[-1]
    assert (last.state, last.reason) == (ApplicationState.PLACED, "Not on this device: list.txt.")
    assert not (work / "list.txt").exists()


def application(name: str, *command: str, windows: int = 1) -> Application:
    return Application(name, name, name.title(), command[0], command, None, (Window(0, 0, 300, 200),) * windows)


def test_no_failure_stops_the_others(here: Desk, work: Path) -> None:
    here.start("xterm", folder=work)
    here.until(lambda windows: len(windows) == 1)
    saved = here.save()
    here.end_programs()
    forbidden = here.home / "forbidden"
    forbidden.write_text("#!/bin/sh\n")
    broken = here.home / "broken"
    broken.write_text("#!/bin/sh\nexit 7\n")
    broken.chmod(0o755)
    nonsense = here.home / "nonsense"
    nonsense.write_bytes(b"\x7fELF nonsense")
    nonsense.chmod(0o755)
    said = brought_back(
        wish_of(
            saved,
            application("forbidden", str(forbidden)),
            application("broken", str(broken)),
            application("nonsense", str(nonsense)),
            application("nowhere", "/nowhere/at/all"),
            application("gedit", "gedit"),
            *saved.applications,
        )
    )
    last = {progress.key: progress for progress in said}
    assert last["forbidden"].state is ApplicationState.DENIED
    assert "right to start" in str(last["forbidden"].suggestion)
    assert last["broken"].state is ApplicationState.FAILED
    assert last["broken"].reason == f"{broken} ended with exit status 7 before its window opened."
    assert last["nonsense"].state is ApplicationState.FAILED
    assert last["nowhere"].state is ApplicationState.NOT_FOUND
    assert last["nowhere"].suggestion == "Install Nowhere on this device."
    assert last["gedit"].suggestion == "Install Gedit on this device, or use Mousepad, which is here."
    assert last[saved.applications[0].key].state is ApplicationState.PLACED


def test_a_window_that_never_comes_is_given_up(here: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore_module, "WINDOW_SECONDS", 0.5)
    wish = wish_of(here.save(), application("sleep", "sleep", "600"))
    last = brought_back(wish)[-1]
    assert last.state is ApplicationState.FAILED
    assert last.reason == "No window opened within 0 seconds."


def test_what_is_started_is_nobodys_child_for_long_and_leaves_no_zombie(here: Desk) -> None:
    short = here.home / "short"
    short.write_text("#!/bin/sh\nexit 3\n")
    short.chmod(0o755)
    brought_back(wish_of(here.save(), application("short", str(short))))
    assert not [entry for entry in Path("/proc").glob("[0-9]*") if is_zombie_of_ours(entry)]


def is_zombie_of_ours(process: Path) -> bool:
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] == "Z" and int(fields[1]) == os.getpid()


def test_nothing_goes_through_a_shell(here: Desk) -> None:
    trap = here.home / "trap"
    words = ("xterm", "-T", f"$(touch {trap}); touch {trap} & `touch {trap}`")
    brought_back(wish_of(here.save(), application("xterm", *words)))
    assert not trap.exists()
    started = here.save().applications[0]
    assert started.command == words


def test_a_programs_start_carries_the_run(here: Desk) -> None:
    wish = wish_of(here.save(), application("xterm", "xterm"))
    brought_back(wish)
    (window,) = here.until(lambda windows: len(windows) == 1)
    assert window.process is not None
    assert str(wish.run) in environment_of(window.process)["DESKTOP_STARTUP_ID"]


def test_a_desktop_that_ends_is_told(here: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Progress] = []
    other = tmp_path / "other"
    other.mkdir()
    with desk(other, monkeypatch):
        platform = X11()
        wish = wish_of(here.save(), application("sleep", "sleep", "600"))
        running = Thread(target=restore_module.restore, args=(platform, wish, said.append))
        running.start()
    running.join()
    assert said[-1] == Progress("sleep", ApplicationState.FAILED, "The desktop has ended.")


def test_an_empty_wish_is_fulfilled(here: Desk) -> None:
    assert brought_back(replace(wish_of(here.save()), run=uuid4(), applications=())) == []
