import logging
from pathlib import Path

import pytest

from deskbay.agent.rules import Joining, Reader, Rule
from deskbay.agent.rules.reading import FIELDS, BadRules, load_rules, rules_of_this_person


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "rules.toml"


def test_our_own_rules_can_be_read_and_hang_together() -> None:
    rules = load_rules(None)
    names = {rule.name for rule in rules.applications.values()}
    assert {"xterm", "mousepad", "pcmanfm", "thunar", "chromium", "firefox", "libreoffice-writer"} <= names
    for rule in rules.applications.values():
        assert not rule.tab or rule.window
        assert (rule.reads is Reader.TITLE) <= bool(rule.title)
        assert {rules.of(name).name for name in rule.instead} <= names | set(rule.instead)


def test_an_application_is_known_by_every_name_in_any_case() -> None:
    rules = load_rules(None)
    assert rules.of("firefox-esr") is rules.of("org.mozilla.Firefox") is rules.of("Firefox")
    assert rules.of("firefox-esr").name == "firefox"


def test_what_nothing_is_known_of_is_started_as_it_was() -> None:
    assert load_rules(None).of("Stellarium") == Rule("stellarium")


def test_one_like_another_has_its_fields_but_not_its_names() -> None:
    rules = load_rules(None)
    chrome, chromium = rules.of("google-chrome"), rules.of("chromium")
    assert (chrome.reads, chrome.window, chrome.joining) == (Reader.CHROMIUM, chromium.window, Joining.FROM_FRONT)
    assert not set(chrome.names) & set(chromium.names)


def test_a_persons_fields_count_before_ours(own: Path) -> None:
    own.write_text(
        '[application.mousepad]\ninstead = ["kate"]\n[application.kate]\nlike = "mousepad"\ntitle = "(?P<path>.*)"\n'
    )
    rules = load_rules(own)
    assert rules.of("mousepad").instead == ("kate",)
    assert rules.of("mousepad").window == load_rules(None).of("mousepad").window
    assert (rules.of("kate").title, rules.of("kate").tab) == ("(?P<path>.*)", ("{}",))


def test_a_persons_folders(own: Path) -> None:
    own.write_text('[paths]\n"/srv/lab" = "/mnt/lab"\n')
    assert load_rules(own).paths == {"/srv/lab": "/mnt/lab"}


def test_no_file_of_ones_own_is_no_error(own: Path) -> None:
    assert load_rules(own).applications == load_rules(None).applications


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[application", "can't be read"),
        ("application = 3", "application has to be a table"),
        ("[application]\nx = 3", "has to be a table"),
        ("[application.x]\ntabs = []", "application.x has tabs, but a rule has only"),
        ('[application.x]\nreads = "mind"', "reads has to be one of nothing, title, shells"),
        ('[application.x]\njoining = "never"', "joining has to be one of none, from-front"),
        ('[application.x]\nwindow = "a"', "window has to be a list of texts in quotes"),
        ("[application.x]\ntab = [3]", "tab has to be a list of texts in quotes"),
        ("[application.x]\ntitle = 3", "title has to be a text in quotes"),
        ('[application.x]\ntitle = "("', "title has to be a pattern"),
        ('[application.x]\ntitle = "(.*)"', "a pattern with a group"),
        ("[application.x]\ntogether = 1", "together has to be true or false"),
        ('[application.x]\nlike = "y"', "like y, of which there is no rule before"),
        ("[paths]\na = 3", "paths.a has to be a text in quotes"),
        ("paths = 3", "paths has to be a table"),
    ],
)
def test_what_is_no_rule_is_told_with_its_place(own: Path, text: str, message: str) -> None:
    own.write_text(text)
    with pytest.raises(BadRules) as caught:
        load_rules(own)
    assert message in str(caught.value)
    assert str(own) in str(caught.value)


def test_text_that_is_none_is_told(own: Path) -> None:
    own.write_bytes(b"\xff")
    with pytest.raises(BadRules, match="can't be read"):
        load_rules(own)


def test_a_person_with_bad_rules_has_ours_and_hears_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "deskbay" / "rules.toml"
    file.parent.mkdir()
    file.write_text("[application.x]\ntabs = []\n")
    with caplog.at_level(logging.WARNING):
        assert rules_of_this_person() == load_rules(None)
    assert "left out until that is mended" in caplog.text


def test_every_field_is_in_the_documentation() -> None:
    page = (Path(__file__).parents[3] / "docs" / "restoring.md").read_text()
    assert [field for field in FIELDS if f"| `{field}` |" not in page] == []
