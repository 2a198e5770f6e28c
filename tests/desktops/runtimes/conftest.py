from collections.abc import AsyncIterator

import pytest
from tests.clusters.given import GivenCluster, given_cluster


@pytest.fixture
async def cluster() -> AsyncIterator[GivenCluster]:
    """A Kubernetes cluster, a real one where DESKBAY_TEST_KUBECONFIG names one."""
    async with given_cluster() as given:
        yield given
