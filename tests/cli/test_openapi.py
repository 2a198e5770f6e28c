"""`deskbay openapi`: the document that the web page's types are made from."""

import json
from pathlib import Path

from tests.cli.conftest import Deskbay

OF_THE_PAGE = Path(__file__).parents[2] / "web" / "openapi.json"


def test_it_needs_no_data_and_makes_none(deskbay: Deskbay, tmp_path: Path) -> None:
    told = deskbay("openapi", HOME=str(tmp_path), DESKBAY_DATA=str(tmp_path / "data"))
    assert told.code == 0
    assert told.document["info"]["title"] == "Deskbay"
    assert "/api/v1/desktops" in told.document["paths"]
    assert list(tmp_path.iterdir()) == []


def test_the_web_page_has_the_same(deskbay: Deskbay) -> None:
    assert deskbay("openapi", "--json").document == json.loads(OF_THE_PAGE.read_text()), (
        "Run: deskbay openapi > web/openapi.json"
    )
