"""What an administrator says of an account is checked before anything is ordered."""

from pathlib import Path
from uuid import uuid4

import asyncssh
import pytest
from pydantic import ValidationError

from deskbay.desktops.runtimes.digitalocean.seed import host_key_of, user_data
from deskbay.desktops.runtimes.digitalocean.settings import DigitalOceanSettings
from deskbay.desktops.runtimes.kinds import Place

KEY = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()


async def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = DigitalOceanSettings.model_validate({"token": "dop_v1_hidden", "key": KEY})
    assert "hidden" not in repr(settings)
    assert "PRIVATE" not in repr(settings)
    assert DigitalOceanSettings.secret_names() == {"token", "key"}
    await settings.open(Place(tmp_path, "server", "droplets")).close()


@pytest.mark.parametrize(
    ("different", "complaint"),
    [
        ({"token": ""}, "at least 1 item"),
        ({"key": "none"}, "this is no private key without a passphrase"),
        ({"region": "Frankfurt am Main"}, "String should match pattern"),
        ({"size": "big; reboot"}, "String should match pattern"),
        ({"image": None}, "valid string"),
    ],
)
def test_bad_ones_say_why(different: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint) as refused:
        DigitalOceanSettings.model_validate({"token": "t", "key": KEY, **different})
    assert "PRIVATE KEY" not in str(refused.value)


def test_a_droplets_key_is_its_own_and_the_same_for_whoever_has_ours() -> None:
    one, other = uuid4(), uuid4()
    assert host_key_of(KEY, one) == host_key_of(f"{KEY}\n", one)
    assert host_key_of(KEY, one) != host_key_of(KEY, other)


def test_a_droplet_is_not_told_our_private_key() -> None:
    of_it_alone = KEY.splitlines()[3]  # the first lines have only what such keys begin with, and the public half
    assert of_it_alone not in user_data(KEY, uuid4())
