"""Passwords that are known from break-ins: those used most, and those of a file of hashes."""

from hashlib import sha1
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbay.accounts.breached import is_breached

RARE = "four words beside a lake"


def sha1_of(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def listing(file: Path, *passwords: str, length: int = 40, ends: str = ":3\r\n") -> Path:
    """Write a file as Have I Been Pwned's downloader does."""
    file.write_text("".join(f"{one}{ends}" for one in sorted(sha1_of(password)[:length] for password in passwords)))
    return file


@pytest.mark.parametrize("password", ["password1", "PASSWORD1", "iloveyou", "qwertyuiop"])
def test_what_is_used_most_is_known_in_capitals_or_not(password: str) -> None:
    assert is_breached(password)


@pytest.mark.parametrize("password", [RARE, "correct horse battery", "ein Gehöft im Moor"])
def test_what_nobody_uses_is_not(password: str) -> None:
    assert not is_breached(password)


@pytest.mark.parametrize("length", [40, 20, 10])
@pytest.mark.parametrize("ends", [":3\r\n", ":3\n", "\n"])
def test_hashes_are_found_whole_or_by_their_beginnings(tmp_path: Path, length: int, ends: str) -> None:
    file = listing(tmp_path / "hashes", RARE, *map(str, range(99)), length=length, ends=ends)
    assert is_breached(RARE, file)
    assert not is_breached(f"{RARE}!", file)


@given(listed=st.sets(st.text(min_size=8), max_size=40), asked=st.text(min_size=8))
def test_exactly_what_is_listed_is_known(
    tmp_path_factory: pytest.TempPathFactory, listed: set[str], asked: str
) -> None:
    file = listing(tmp_path_factory.getbasetemp() / "listed", *listed)
    assert all(is_breached(password, file) for password in listed)
    assert is_breached(asked, file) is (asked in listed or is_breached(asked))


def test_small_letters_and_a_last_line_without_an_end_do(tmp_path: Path) -> None:
    file = tmp_path / "hashes"
    file.write_text("\n".join(sorted(sha1_of(word).lower() for word in (RARE, "another"))))
    assert is_breached(RARE, file)
    assert is_breached("another", file)


def test_an_empty_file_lists_nothing(tmp_path: Path) -> None:
    file = tmp_path / "hashes"
    file.touch()
    assert not is_breached(RARE, file)


def test_a_file_that_is_away_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        is_breached(RARE, tmp_path / "nowhere")
