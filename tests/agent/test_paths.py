import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.agent.paths import PathMap

HOME = PathMap.between("/home/ada", "/srv/people/ada", {})


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("/home/ada", "/srv/people/ada"),
        ("/home/ada/", "/srv/people/ada"),
        ("/home/ada/a b.txt", "/srv/people/ada/a b.txt"),
        ("/home/adam/x", "/home/adam/x"),
        ("/usr/share/doc", "/usr/share/doc"),
        ("home/ada/x", "home/ada/x"),
        ("file:///home/ada/a%20b.txt", "file:///srv/people/ada/a%20b.txt"),
        ("file:///usr/x", "file:///usr/x"),
        ("https://example.org/home/ada", "https://example.org/home/ada"),
        ("--working-directory=/home/ada/x", "--working-directory=/srv/people/ada/x"),
        ("--geometry=80x24", "--geometry=80x24"),
        ("a=/home/ada", "a=/home/ada"),
        ("", ""),
    ],
)
def test_words_with_a_path_below_the_home(there: str, here: str) -> None:
    assert HOME.word(there) == here


def test_a_home_on_windows() -> None:
    paths = PathMap.between(r"C:\Users\ada", "/home/ada", {})
    assert paths.word(r"C:\Users\ada\Documents\a b.odt") == "/home/ada/Documents/a b.odt"
    assert paths.word(r"C:\Program Files\x.exe") == r"C:\Program Files\x.exe"


def test_the_longer_of_two_folders_counts() -> None:
    paths = PathMap.between("/home/ada", "/h", {"/home/ada/projects": "/data/projects", "/mnt/lab": "/srv/lab"})
    assert paths.path("/home/ada/projects/x") == "/data/projects/x"
    assert paths.path("/home/ada/notes") == "/h/notes"
    assert paths.path("/mnt/lab/y") == "/srv/lab/y"


def test_the_same_home_changes_nothing() -> None:
    assert PathMap.between("/home/ada", "/home/ada/", {}).folders == {}


@given(st.text())
def test_a_word_that_is_no_path_of_the_home_stays(word: str) -> None:
    if "/home/ada" not in word and not word.startswith("file://"):
        assert HOME.word(word) == word


@given(st.text(alphabet="ab /.%é", max_size=20))
def test_what_lies_below_the_home_lies_below_the_other_one(rest: str) -> None:
    assert HOME.path(f"/home/ada/x{rest}x") == f"/srv/people/ada/x{rest}x"
