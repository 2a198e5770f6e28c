"""What a droplet is told at its birth, by cloud-init: who may sign in, and by which key it proves who it is."""

import hashlib
import hmac
import json
from uuid import UUID

import asyncssh
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

METADATA = "169.254.169.254"


def host_key_of(key: str, desktop: UUID) -> asyncssh.SSHKey:
    """Return the key that a droplet shows: made of our own, so that every server that has that knows it."""
    secret = hmac.digest(key.strip().encode(), desktop.bytes, hashlib.sha256)
    made = Ed25519PrivateKey.from_private_bytes(secret)
    return asyncssh.import_private_key(made.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))


def user_data(key: str, desktop: UUID) -> str:
    """Return the droplet's cloud-config, in JSON, which is YAML: an engine, our key, its own, and nothing else.

    Containers are kept from the metadata, where all this can be read.
    """
    shown = host_key_of(key, desktop)
    ours = asyncssh.import_private_key(key).export_public_key().decode("ascii").strip()
    config = {
        "ssh_deletekeys": True,
        "ssh_genkeytypes": [],
        "ssh_keys": {
            "ed25519_private": shown.export_private_key().decode("ascii"),
            "ed25519_public": shown.export_public_key().decode("ascii").strip(),
        },
        "disable_root": False,
        "users": [{"name": "root", "ssh_authorized_keys": [ours]}],
        "package_update": True,
        "packages": ["docker.io"],
        "runcmd": [["iptables", "-I", "DOCKER-USER", "-d", METADATA, "-j", "REJECT"]],
    }
    return f"#cloud-config\n{json.dumps(config)}\n"
