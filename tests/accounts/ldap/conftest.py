"""A directory that runs while the tests of this folder do."""

from collections.abc import Iterator

import pytest
from tests.accounts.ldap.slapd import Slapd, slapd


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    with slapd(tmp_path_factory.mktemp("school")) as school:
        yield school
