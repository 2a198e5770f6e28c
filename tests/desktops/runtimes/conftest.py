from collections.abc import AsyncIterator

import pytest
from tests.clusters.given import GivenCluster, given_cluster
from tests.clusters.given_rancher import GivenRancher, given_rancher


@pytest.fixture
async def cluster() -> AsyncIterator[GivenCluster]:
    """A Kubernetes cluster, a real one where DESKBAY_TEST_KUBECONFIG names one."""
    async with given_cluster() as given:
        yield given


@pytest.fixture
async def rancher() -> AsyncIterator[GivenRancher]:
    """Rancher, simulated."""
    async with given_rancher() as given:
        yield given
