"""What every runtime has to do, on a simulated cluster or the real one that somebody named."""

from dataclasses import replace

import pytest
from tests.clusters.given import GivenCluster
from tests.desktops.runtimes.launchable import a_desktop

from deskbay.desktops.runtimes import LaunchSpec
from deskbay.desktops.runtimes.conformance import OpenRuntime, RuntimeConformance


class TestKubernetes(RuntimeConformance):
    @pytest.fixture
    def open_runtime(self, cluster: GivenCluster) -> OpenRuntime:
        return cluster.open

    @pytest.fixture
    def spec(self, cluster: GivenCluster) -> LaunchSpec:
        return replace(a_desktop(cluster.image), cpus=0.5)

    @pytest.fixture
    def impossible(self, spec: LaunchSpec) -> LaunchSpec:
        return replace(spec, image="deskbay-tests/never-made")
