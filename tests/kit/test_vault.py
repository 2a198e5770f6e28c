"""Secrets at rest open with their key alone, and keys are kept for their owner alone."""

import stat
from pathlib import Path

import pytest

from deskbay.kit.refusals import Refusal
from deskbay.kit.vault import Vault, WrongKey, keep_keys, kept_keys, new_key

OLD, NEW = new_key(), new_key()


def test_what_was_sealed_tells_nothing_and_opens_again() -> None:
    vault = Vault([NEW])
    sealed = vault.seal("pässword")
    assert "ssword" not in sealed
    assert vault.open(sealed) == "pässword"
    assert vault.seal("pässword") != sealed


def test_another_key_does_not_open_it() -> None:
    sealed = Vault([OLD]).seal("password")
    with pytest.raises(WrongKey, match="Put back the one that was there"):
        Vault([NEW]).open(sealed)
    with pytest.raises(WrongKey):
        Vault([NEW]).reseal(sealed)


def test_what_was_changed_does_not_open() -> None:
    sealed = Vault([NEW]).seal("password")
    changed = sealed[:30] + ("A" if sealed[30] != "A" else "B") + sealed[31:]
    with pytest.raises(WrongKey):
        Vault([NEW]).open(changed)


def test_older_keys_open_and_the_newest_seals() -> None:
    sealed = Vault([OLD]).seal("password")
    both = Vault([NEW, OLD])
    assert both.open(sealed) == "password"
    assert Vault([NEW]).open(both.seal("password")) == "password"
    assert Vault([NEW]).open(both.reseal(sealed)) == "password"


def test_the_first_time_a_key_is_made_for_its_owner_alone_and_then_it_stays(tmp_path: Path) -> None:
    path = tmp_path / "vault.keys"
    (key,) = kept_keys(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_keys(path) == [key]
    keep_keys(path, [NEW, key])
    assert kept_keys(path) == [NEW, key]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "text", ["", "short", f"{NEW}\n{'x' * 44}", "ключ" * 12], ids=["nothing", "short", "one key", "words"]
)
def test_a_file_of_something_else_is_refused_without_being_shown_or_changed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "vault.keys"
    path.touch(0o600)
    path.write_text(text)
    with pytest.raises(Refusal) as refused:
        kept_keys(path)
    assert NEW not in refused.value.detail
    assert path.read_text() == text


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vault.keys"
    kept_keys(path)
    path.chmod(0o640)
    with pytest.raises(Refusal, match=r"read by others\. Put back the one that was there"):
        kept_keys(path)
