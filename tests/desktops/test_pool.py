import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.desktops.doubles import PromptRuntime
from tests.desktops.kinds import pool_of

from deskbay.desktops import pool as pool_module
from deskbay.desktops.models import Desktop, RuntimeRow
from deskbay.desktops.pool import RuntimePool
from deskbay.desktops.runtimes import Unreachable
from deskbay.desktops.runtimes.kinds import Place, RuntimeSettings, installed_kinds
from deskbay.kit.vault import Vault, new_key

PATIENCE = 60.0
ONE, ANOTHER = "one", "another"
VAULT = Vault([new_key()])


class Told(PromptRuntime):
    """Knows what it was told when it was opened."""

    def __init__(self, place: Place, address: str, password: str | None) -> None:
        super().__init__()
        self.place = place
        self.address = address
        self.password = password


class ToldSettings(RuntimeSettings):
    address: str = "here"
    password: SecretStr | None = None

    def open(self, place: Place) -> Told:
        return Told(place, self.address, self.password.get_secret_value() if self.password else None)


def told(pool: RuntimePool, row: RuntimeRow) -> Told:
    runtime = pool.get(row)
    assert isinstance(runtime, Told)
    return runtime


def a_row(settings: str = "{}", kind: str = "told", sealed: str | None = None) -> RuntimeRow:
    return RuntimeRow(id=1, slug="box", kind=kind, settings=settings, sealed_settings=sealed)


def a_pool(secret: str = ONE) -> RuntimePool:
    return RuntimePool({"told": ToldSettings}, Path("/data"), secret, VAULT)


def test_a_runtime_is_opened_once_and_told_where_it_is() -> None:
    pool = a_pool()
    first = told(pool, a_row())
    assert told(pool, a_row()) is first
    assert (first.place.data, first.place.name, first.address) == (Path("/data"), "box", "here")


def test_the_id_of_a_server_is_that_of_its_secret_and_does_not_tell_it() -> None:
    ids = [told(a_pool(secret), a_row()).place.server for secret in (ONE, ONE, ANOTHER)]
    assert ids[0] == ids[1] != ids[2]
    assert ONE not in ids[0]


async def test_other_settings_give_another_runtime() -> None:
    pool = a_pool()
    first = told(pool, a_row())
    assert told(pool, a_row('{"address": "there"}')).address == "there"
    assert told(pool, a_row()) is not first
    assert not first.is_closed  # somebody may still wait for its answer
    await pool.close()
    assert first.is_closed


async def test_a_runtime_that_was_replaced_is_closed_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "RETIREMENT_SECONDS", 0.0)
    pool = a_pool()
    first, second = told(pool, a_row()), told(pool, a_row('{"address": "there"}'))
    async with asyncio.timeout(PATIENCE):
        while not first.is_closed:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert not second.is_closed
    await pool.close()


def test_secrets_are_opened_for_the_runtime() -> None:
    pool = a_pool()
    sealed = pool.seal({"password": "hidden"})
    assert sealed
    assert "hidden" not in sealed
    assert told(pool, a_row(sealed=sealed)).password == "hidden"
    assert pool.seal({}) is None


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
        (a_row(sealed=Vault([new_key()]).seal("{}")), "secrets of the runtime box can't be opened: enter them anew"),
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
