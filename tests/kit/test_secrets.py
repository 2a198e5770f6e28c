"""Secrets are random, stored as digests, and the server's key is its own."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from deskbay.kit.refusals import Refusal
from deskbay.kit.secrets import digest, kept_secret, new_secret


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secret.key"


def test_secrets_are_long_and_never_the_same() -> None:
    made = {new_secret() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(secret) for secret in made} == {43}


def test_a_digest_is_sha_256() -> None:
    assert digest("abc") == sha256(b"abc").hexdigest() == digest("abc")
    assert digest("abc") != digest("abd")


def test_the_first_time_a_key_is_made_for_its_owner_alone(path: Path) -> None:
    secret = kept_secret(path)
    assert len(secret) == 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_then_it_stays_the_same(path: Path) -> None:
    assert kept_secret(path) == kept_secret(path)


def test_a_line_end_that_an_editor_added_does_not_matter(path: Path) -> None:
    secret = kept_secret(path)
    path.write_text(f"{secret}\n")
    assert kept_secret(path) == secret


def test_servers_that_start_together_agree_on_one(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: kept_secret(path), range(8)))) == 1
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o601])
def test_one_that_others_may_use_is_refused(path: Path, mode: int) -> None:
    secret = kept_secret(path)
    path.chmod(mode)
    with pytest.raises(Refusal, match="others") as refused:
        kept_secret(path)
    assert str(path) in str(refused.value)
    assert "Delete it" in str(refused.value)
    assert secret not in str(refused.value)


@pytest.mark.parametrize("content", ["", "changeme", "x" * 42, "\n" * 60])
def test_one_that_is_too_short_is_refused(path: Path, content: str) -> None:
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(Refusal, match="shorter than 43 characters"):
        kept_secret(path)


def test_one_that_is_no_text_is_refused_and_not_shown(path: Path) -> None:
    path.write_bytes(b"\xff\xfe" * 40)
    path.chmod(0o600)
    with pytest.raises(Refusal, match="can't be used"):
        kept_secret(path)


def test_a_folder_in_its_place_or_none_above_it(path: Path, tmp_path: Path) -> None:
    path.mkdir()
    for unusable in (path, tmp_path / "nowhere" / "secret.key"):
        with pytest.raises(Refusal, match="can't be used"):
            kept_secret(unusable)


def test_a_full_disk_leaves_no_half_key(path: Path) -> None:
    script = "import sys, pathlib; from deskbay.kit.secrets import kept_secret; kept_secret(pathlib.Path(sys.argv[1]))"
    fill = f"dd if=/dev/zero of={path.parent}/filler bs=4096 status=none; {sys.executable} -c '{script}' {path}"
    after = f"({fill}) 2>&1 | tail -1; ls {path.parent}"
    sandbox = ["bwrap", "--dev-bind", "/", "/", "--size", "65536", "--tmpfs", str(path.parent), "sh", "-c", after]
    done = subprocess.run(sandbox, capture_output=True, text=True, check=True)
    *_, said, left = done.stdout.splitlines()
    assert "No space left" in said
    assert left == "filler"
