"""A guacd that is none, and desktops that it is to show."""

from collections.abc import AsyncIterator

import pytest
from tests.desktops.doubles import PromptRuntime
from tests.gateway.guacd.doubles import FakeGuacd

from deskbay.desktops.runtimes import Display, DisplayProtocol, Runtime, TcpDisplay
from deskbay.settings import Settings


class FarRuntime(PromptRuntime):
    """Has every desktop's display at the same place."""

    def __init__(self) -> None:
        super().__init__()
        self.place: Display = TcpDisplay("desk.example", 3389, DisplayProtocol.RDP, "ada", "kept between us")

    async def display(self, desktop: object) -> Display:  # noqa: ARG002
        return self.place


@pytest.fixture
def far_runtime() -> FarRuntime:
    return FarRuntime()


@pytest.fixture
def runtimes(far_runtime: FarRuntime) -> dict[str, Runtime]:
    return {"local": far_runtime}


@pytest.fixture
async def guacd() -> AsyncIterator[FakeGuacd]:
    async with FakeGuacd() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, guacd: FakeGuacd) -> Settings:
    return settings.model_copy(update={"guacd": guacd.address})
