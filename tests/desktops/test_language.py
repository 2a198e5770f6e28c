"""In which language a desktop begins: its person's, where that is installed."""

import subprocess
from pathlib import Path

import pytest

import deskbay

SCRIPT = Path(deskbay.__file__).parent / "desktops" / "profiles" / "language.sh"
INSTALLED = ("C", "C.utf8", "de_AT.utf8", "de_DE", "de_DE.utf8", "POSIX", "pt_BR.UTF-8", "zh_TW.utf8")


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A host on which some languages are installed."""
    lister = tmp_path / "locale"
    lister.write_text("#!/bin/sh\nprintf '%s\\n' " + " ".join(INSTALLED))
    lister.chmod(0o755)
    return f"{tmp_path}:/usr/bin:/bin"


def begin(path: str, language: str | None) -> tuple[str, str]:
    """Return LANG and LANGUAGE as a desktop has them, and what its log says."""
    given = {} if language is None else {"DESKBAY_LANGUAGE": language}
    done = subprocess.run(
        ["/bin/sh", "-c", f'. {SCRIPT}; echo "$LANG ${{LANGUAGE-}}"'],
        env={"PATH": path, "LANG": "C.UTF-8", **given},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip(), done.stderr


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("de-DE", "de_DE.utf8 de_DE:de"),
        ("de", "de_AT.utf8 de_AT:de"),  # the first that there is
        ("de-CH", "de_AT.utf8 de_AT:de"),  # the language counts more than the place
        ("pt-BR", "pt_BR.UTF-8 pt_BR:pt"),
        ("zh-Hant-TW", "zh_TW.utf8 zh_TW:zh"),
        (None, "C.UTF-8"),
    ],
)
def test_what_is_installed_is_taken(path: str, language: str | None, begins: str) -> None:
    assert begin(path, language) == (begins, "")


@pytest.mark.parametrize("language", ["fr-FR", "es-419", "d", "po"])
def test_what_is_not_there_is_told_and_the_desktop_begins_as_it_is(path: str, language: str) -> None:
    begins, told = begin(path, language)
    assert begins == "C.UTF-8"
    assert told == f"There is no locale for {language} here. Install locales-all, or have it generated.\n"


def test_a_host_that_can_not_tell_has_none(tmp_path: Path) -> None:
    (tmp_path / "grep").symlink_to("/bin/grep")
    begins, told = begin(str(tmp_path), "de")
    assert (begins, "There is no locale for de here" in told) == ("C.UTF-8", True)


def test_nothing_in_it_is_run(path: str, tmp_path: Path) -> None:
    begin(path, f"de$(touch {tmp_path}/run)`touch {tmp_path}/run`; touch {tmp_path}/run")
    assert not (tmp_path / "run").exists()
