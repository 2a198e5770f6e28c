"""What an administrator says of a host is checked before anyone connects."""

import asyncssh
import pytest
from pydantic import ValidationError

from deskbay.desktops.runtimes.ssh.settings import SshSettings

KEY = asyncssh.generate_private_key("ssh-ed25519")
PRIVATE, PUBLIC = KEY.export_private_key().decode(), KEY.export_public_key("openssh").decode()

LOCKED = KEY.export_private_key("pkcs8-pem", passphrase="x").decode()


def test_good_ones() -> None:
    settings = SshSettings.model_validate({"host": "box.example.org", "key": PRIVATE, "host_key": f" {PUBLIC}"})
    assert (settings.port, settings.username, settings.socket) == (22, "root", "/run/docker.sock")
    assert settings.host_key
    assert settings.host_key.startswith("ssh-ed25519 AAAA")
    assert SshSettings.secret_names() == {"key", "password"}
    assert "PRIVATE KEY" not in repr(settings)


@pytest.mark.parametrize(
    ("different", "complaint"),
    [
        ({"key": None}, "give a key or a password to sign in with"),
        ({"key": PUBLIC}, "this is no private key without a passphrase"),
        ({"key": LOCKED}, "this is no private key without a passphrase"),
        ({"host_key": "ssh-ed25519"}, "this is no line of a public key"),
        ({"host": "box; reboot"}, "String should match pattern"),
        ({"host": "-oProxyCommand=x y"}, "String should match pattern"),
        ({"port": 0}, "greater than or equal to 1"),
        ({"username": ""}, "at least 1 character"),
        ({"socket": "docker.sock"}, "String should match pattern"),
        ({"runs": "virtual machines"}, "'engine' or 'processes'"),
        ({"colour": "red"}, "Extra inputs are not permitted"),
    ],
)
def test_bad_ones_say_why_and_show_no_secret(different: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint) as refused:
        SshSettings.model_validate({"host": "box", "key": PRIVATE, **different})
    assert "PRIVATE KEY" not in str(refused.value)
