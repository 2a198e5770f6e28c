"""guacd's packages: where they come from. That they work is seen where guacd is run."""

from pathlib import Path

import pytest
from scripts.setup.guacd import mirror
from scripts.setup.steps import Stopped


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("debian.sources", "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\n"),
        ("sources.list", "# deb http://other.example/ x main\ndeb http://mirror.example/debian bookworm main\n"),
        ("sources.list", "deb [signed-by=/k.gpg arch=amd64] http://mirror.example/debian bookworm main\n"),
    ],
)
def test_packages_come_from_where_the_machines_own_do(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / name).write_text(text)
    assert mirror(tmp_path) == "http://mirror.example/debian"


def test_without_a_mirror_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="Add one"):
        mirror(tmp_path)
