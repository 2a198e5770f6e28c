"""Stamps change with what something was made from, and with nothing else."""

from pathlib import Path

import pytest
from scripts.setup import stamps
from scripts.setup.stamps import digest_of, is_stamped, put_stamp


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    return tmp_path


def written(root: Path, name: str, text: str) -> Path:
    file = root / name
    file.write_text(text)
    return file


def test_the_order_of_files_makes_no_difference(root: Path) -> None:
    one, two = written(root, "one", "1"), written(root, "two", "2")
    assert digest_of([one, two]) == digest_of([two, one])


def test_content_names_and_words_make_a_difference(root: Path) -> None:
    one = written(root, "one", "1")
    digests = {digest_of([one]), digest_of([one], "word"), digest_of([written(root, "two", "1")]), digest_of([])}
    one.write_text("2")
    assert len(digests | {digest_of([one])}) == 5


def test_what_moves_from_one_file_to_the_next_makes_a_difference(root: Path) -> None:
    before = digest_of([written(root, "a", "12"), written(root, "b", "3")])
    assert digest_of([written(root, "a", "1"), written(root, "b", "23")]) != before


def test_a_stamp_is_good_for_its_digest_alone(root: Path) -> None:
    stamp = root / "folder" / "stamp"
    assert not is_stamped(stamp, "abc")
    put_stamp(stamp, "abc")
    assert is_stamped(stamp, "abc")
    assert not is_stamped(stamp, "abd")
