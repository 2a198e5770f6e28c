"""Volumes as claims, where the conformance of runtimes says nothing."""

from uuid import uuid4

import pytest
from tests.clusters.given import GivenCluster

from deskbay.desktops.runtimes.kubernetes.pods import Claim
from deskbay.desktops.runtimes.kubernetes.volumes import claim_of
from deskbay.desktops.runtimes.volumes import VolumeError, VolumeSpec


@pytest.mark.parametrize(("told", "size_mb"), [("64Mi", 64), ("2Gi", 2048), ("1Ti", 2**20)])
def test_sizes_are_read_as_the_cluster_writes_them(told: str, size_mb: int) -> None:
    assert Claim.model_validate({"spec": {"resources": {"requests": {"storage": told}}}}).size_mb == size_mb


async def test_a_volume_that_can_not_grow_says_so_and_stays(cluster: GivenCluster) -> None:
    simulated = cluster.simulated
    if simulated is None:
        pytest.skip("a real cluster can't be brought to it")
    runtime, volume = cluster.open(), uuid4()
    await runtime.volumes.make(VolumeSpec(volume, "Thesis", 64))
    simulated.node.go_on()
    simulated.node.go_on()
    simulated.node.volumes_grow = False
    with pytest.raises(
        VolumeError, match=r"The cluster refuses the volume: .*must support resize\. Choose another size"
    ):
        await runtime.volumes.make(VolumeSpec(volume, "Thesis", 128))
    assert simulated.names("persistentvolumeclaims") == {claim_of(volume)}
    assert await runtime.owned() == set()  # it is no desktop
    await runtime.close()
