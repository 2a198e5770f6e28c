"""What the tests of the agent may ask for."""

from collections.abc import Iterator

import pytest
from tests.agent.screens import screen
from tests.agent.wine import Wine, wine_on


@pytest.fixture(scope="session")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """Windows, with a screen of 1280 × 800 pixels."""
    folder = tmp_path_factory.mktemp("wine")
    with screen(folder, "1280x800") as display, wine_on(display, folder) as wine:
        yield wine
