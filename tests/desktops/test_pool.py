from pathlib import Path

import pytest
from tests.desktops.doubles import PromptRuntime
from tests.desktops.kinds import pool_of

from deskbay.desktops.models import Desktop, RuntimeRow
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.kinds import Place, RuntimeSettings, installed_kinds

ONE, ANOTHER = "one", "another"


class Told(PromptRuntime):
    """Knows what it was told when it was opened."""

    def __init__(self, place: Place, address: str) -> None:
        super().__init__()
        self.place = place
        self.address = address


class ToldSettings(RuntimeSettings):
    address: str = "here"

    def open(self, place: Place) -> Told:
        return Told(place, self.address)


def told(pool: RuntimePool, row: RuntimeRow) -> Told:
    runtime = pool.get(row)
    assert isinstance(runtime, Told)
    return runtime


def a_row(settings: str = "{}", kind: str = "told") -> RuntimeRow:
    return RuntimeRow(id=1, slug="box", kind=kind, settings=settings)


def a_pool(secret: str = ONE) -> RuntimePool:
    return RuntimePool({"told": ToldSettings}, Path("/data"), secret)


def test_a_runtime_is_opened_once_and_told_where_it_is() -> None:
    pool = a_pool()
    first = told(pool, a_row())
    assert told(pool, a_row()) is first
    assert (first.place.data, first.place.name, first.address) == (Path("/data"), "box", "here")


def test_the_id_of_a_server_is_that_of_its_secret_and_does_not_tell_it() -> None:
    ids = [told(a_pool(secret), a_row()).place.server for secret in (ONE, ONE, ANOTHER)]
    assert ids[0] == ids[1] != ids[2]
    assert ONE not in ids[0]


def test_other_settings_give_another_runtime() -> None:
    pool = a_pool()
    first = told(pool, a_row())
    assert told(pool, a_row('{"address": "there"}')).address == "there"
    assert told(pool, a_row()) is not first


async def test_closed_with_the_pool() -> None:
    pool = a_pool()
    runtimes = [told(pool, a_row()), told(pool, a_row('{"address": "there"}'))]
    await pool.close()
    assert [runtime.is_closed for runtime in runtimes] == [True, True]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (a_row(kind="mainframe"), "kind “mainframe”, which this server does not have"),
        (a_row('{"colour": "red"}'), "settings of the runtime box are not what its kind asks for"),
    ],
)
def test_what_can_not_be_opened_says_why(row: RuntimeRow, reason: str) -> None:
    with pytest.raises(Unreachable, match=reason):
        a_pool().get(row)


def test_a_desktop_that_is_nowhere_has_no_runtime() -> None:
    with pytest.raises(Unreachable, match="never placed"):
        pool_of().of(Desktop(runtime=None))


def test_what_deskbay_brings_along_is_found() -> None:
    assert {"local", "docker"} <= installed_kinds().keys()
