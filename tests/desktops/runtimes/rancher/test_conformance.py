"""What every runtime has to do, behind a simulated Rancher."""

from dataclasses import replace

import pytest
from tests.clusters.given_rancher import CHART, GivenRancher
from tests.clusters.kubelet import IMAGE
from tests.desktops.runtimes.launchable import a_desktop

from deskbay.desktops.runtimes import LaunchSpec
from deskbay.desktops.runtimes.clusters import ClusterWish
from deskbay.desktops.runtimes.conformance import OpenRuntime, RuntimeConformance


class TestRancher(RuntimeConformance):
    @pytest.fixture
    def open_runtime(self, rancher: GivenRancher) -> OpenRuntime:
        return rancher.open

    @pytest.fixture
    def spec(self) -> LaunchSpec:
        return replace(a_desktop(IMAGE), cluster=ClusterWish(chart=CHART))

    @pytest.fixture
    def impossible(self, spec: LaunchSpec) -> LaunchSpec:
        return replace(spec, cluster=ClusterWish(chart=CHART.model_copy(update={"version": "9.9.9"})))
