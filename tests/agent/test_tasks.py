import pytest

from deskbay.agent.entries import Entry
from deskbay.agent.identity import Catalogue
from deskbay.agent.rules import Rule
from deskbay.agent.rules.reading import load_rules
from deskbay.agent.shapes import Application, ApplicationState, Progress, Window
from deskbay.agent.tasks import Task, suggestion_for


@pytest.fixture
def said() -> list[Progress]:
    return []


def task(said: list[Progress], windows: int = 3, missing: tuple[str, ...] = ()) -> Task:
    application = Application("k", "edit", "Editor", "", (), None, (Window(0, 0, 1, 1),) * windows)
    return Task(application, Rule("edit"), missing, said.append)


def test_each_step_is_told_once_and_nothing_after_the_end(said: list[Progress]) -> None:
    editor = task(said)
    for state in (ApplicationState.STARTED, ApplicationState.STARTED, ApplicationState.PLACED, ApplicationState.FAILED):
        editor.tell(state)
    assert [progress.state for progress in said] == [ApplicationState.STARTED, ApplicationState.PLACED]
    assert editor.is_finished


def test_it_ends_when_every_window_is_there_with_all_that_is_in_it(said: list[Progress]) -> None:
    editor = task(said)
    editor.taken, editor.to_come = {0: 7, 1: 8}, {"adding"}
    editor.finish(ApplicationState.PLACED)
    editor.taken[2] = 9
    editor.finish(ApplicationState.PLACED)
    assert said == []
    editor.to_come.clear()
    editor.finish(ApplicationState.PLACED)
    assert said == [Progress("k", ApplicationState.PLACED)]


def test_windows_that_never_came_make_it_fail(said: list[Progress]) -> None:
    editor = task(said)
    editor.taken, editor.lost = {0: 7}, {1: "It was late.", 2: "It was late."}
    editor.finish(ApplicationState.PLACED)
    assert said[0].state is ApplicationState.FAILED
    assert said[0].reason == "2 of 3 windows did not open. It was late."


def test_where_none_came_the_reason_is_enough(said: list[Progress]) -> None:
    editor = task(said, windows=1)
    editor.lost = {0: "It ended."}
    editor.finish(ApplicationState.PLACED)
    assert (said[0].reason, said[0].suggestion) == ("It ended.", "Start it by hand to see what it says.")


def test_what_is_missing_is_named_once(said: list[Progress]) -> None:
    task(said, missing=("/a/x.txt", "/b/y.txt", "/c/x.txt")).tell(ApplicationState.PLACED)
    assert said[0].reason == "Not on this device: x.txt, y.txt."


def test_of_many_missing_only_some_are_named(said: list[Progress]) -> None:
    task(said, missing=tuple(f"/a/{number}.txt" for number in range(10))).tell(ApplicationState.PLACED)
    assert said[0].reason == "Not on this device: 0.txt, 1.txt, 2.txt and 7 more."


def test_an_application_without_windows_has_come_when_it_was_started(said: list[Progress]) -> None:
    editor = task(said, windows=0)
    editor.tell(ApplicationState.STARTED)
    assert editor.is_finished


def test_what_else_would_do_is_suggested_if_it_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    rules = load_rules(None)
    gedit = Application("k", "gedit", "gedit", "", ())
    entry = Entry("xed", "Text editor", ("/bin/sh",), "", hidden=False, flatpak="")
    assert suggestion_for(gedit, rules.of("gedit"), Catalogue({"xed": entry}, rules)) == (
        "Install gedit on this device, or use Text editor, which is here."
    )
    assert suggestion_for(gedit, rules.of("gedit"), Catalogue({}, rules)) == "Install gedit on this device."
