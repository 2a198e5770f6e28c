"""`deskbay secrets rotate`: with keys in the data folder, and with keys that are set."""

import sqlite3
from pathlib import Path

from tests.cli.conftest import Deskbay
from tests.serving import ServerProcess

from deskbay.cli.failures import ExitCode
from deskbay.kit.vault import Vault, keep_keys, kept_keys, new_key

ADD = (
    "INSERT INTO runtimes (slug, kind, settings, labels, is_drained, sealed_settings)"
    " VALUES ('b', 'x', '{}', '[]', 0, ?)"
)


def put(data: Path, sealed: str) -> None:
    with sqlite3.connect(data / "deskbay.sqlite") as db:
        db.execute(ADD, [sealed])
    db.close()


def kept(data: Path) -> str:
    with sqlite3.connect(data / "deskbay.sqlite") as db:
        ((sealed,),) = db.execute("SELECT sealed_settings FROM runtimes WHERE slug = 'b'")
    db.close()
    return str(sealed)


def test_a_new_key_takes_the_place_of_the_one_in_the_data_folder(deskbay: Deskbay, data: Path) -> None:
    first = deskbay("secrets", "rotate", "--data", data, "--json")
    assert (first.code, first.document) == (0, {"secrets": 0})
    (old,) = kept_keys(data / "vault.keys")
    put(data, Vault([old]).seal("password"))
    told = deskbay("secrets", "rotate", "--data", data)
    assert told.out == "1 secret is sealed with the newest key. Older keys are not needed any more.\n"
    (new,) = kept_keys(data / "vault.keys")
    assert new != old
    assert Vault([new]).open(kept(data)) == "password"


def test_a_secret_of_another_key_keeps_every_key(deskbay: Deskbay, data: Path) -> None:
    deskbay("secrets", "rotate", "--data", data)
    (old,) = kept_keys(data / "vault.keys")
    put(data, Vault([new_key()]).seal("password"))
    told = deskbay("secrets", "rotate", "--data", data, "--json")
    assert (told.code, told.document["type"]) == (ExitCode.FAILED, "wrong-key")
    assert old in kept_keys(data / "vault.keys")


def test_a_rotation_that_was_broken_off_is_brought_to_its_end(deskbay: Deskbay, data: Path) -> None:
    deskbay("secrets", "rotate", "--data", data)
    (old,) = kept_keys(data / "vault.keys")
    put(data, Vault([old]).seal("password"))
    keep_keys(data / "vault.keys", [new_key(), old])
    assert deskbay("secrets", "rotate", "--data", data).code == 0
    assert Vault(kept_keys(data / "vault.keys")).open(kept(data)) == "password"
    assert len(kept_keys(data / "vault.keys")) == 1


def test_a_key_that_a_server_uses_stays(deskbay: Deskbay, server: ServerProcess) -> None:
    before = kept_keys(server.data / "vault.keys")
    told = deskbay("secrets", "rotate", "--data", server.data, "--json")
    assert (told.code, told.document["type"]) == (ExitCode.FAILED, "data-folder-in-use")
    assert kept_keys(server.data / "vault.keys") == before


def test_the_first_of_the_keys_that_are_set_seals(deskbay: Deskbay, data: Path) -> None:
    old, new = new_key(), new_key()
    deskbay("secrets", "rotate", "--data", data, DESKBAY_VAULT_KEYS=old)
    assert not (data / "vault.keys").exists()
    put(data, Vault([old]).seal("password"))
    assert deskbay("secrets", "rotate", "--data", data, DESKBAY_VAULT_KEYS=f"{new},{old}").code == 0
    assert Vault([new]).open(kept(data)) == "password"
