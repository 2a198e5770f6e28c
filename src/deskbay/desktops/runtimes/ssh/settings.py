"""What an administrator says of a host."""

from enum import StrEnum
from typing import Self

import asyncssh
from pydantic import Field, SecretStr, field_validator, model_validator

from deskbay.desktops.runtimes.kinds import LINES, Place, RuntimeSettings
from deskbay.desktops.runtimes.ssh.host import Host
from deskbay.desktops.runtimes.ssh.login import Login
from deskbay.desktops.runtimes.ssh.processes import ProcessRuntime
from deskbay.desktops.runtimes.ssh.runtime import SshRuntime


class Runs(StrEnum):
    """What desktops are there: containers of the host's engine, or plain processes of its own programs."""

    ENGINE = "engine"
    PROCESSES = "processes"


class SshSettings(RuntimeSettings):
    """A host with sshd, what runs desktops there, and who signs in."""

    host: str = Field(description="Its name or address", pattern=r"^[A-Za-z0-9.:-]+$", examples=["box.example.org"])
    port: int = Field(22, ge=1, le=65535, description="Where its sshd listens")
    username: str = Field(
        "root", min_length=1, max_length=64, description="Who signs in there, and may use the engine if it is to"
    )
    key: SecretStr | None = Field(None, description="Private key, without a passphrase", json_schema_extra=LINES)
    password: SecretStr | None = Field(None, description="Password, where there is no key")
    host_key: str | None = Field(
        None,
        description="Line of the key by which the host proves who it is; a test of the connection shows it",
        examples=["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…"],
    )
    runs: Runs = Field(
        Runs.ENGINE, description="Desktops are containers of its Docker engine, or plain processes of its own programs"
    )
    socket: str = Field("/run/docker.sock", description="The engine's Unix socket there", pattern=r"^/")

    @field_validator("key")
    @classmethod
    def _is_a_private_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            try:
                asyncssh.import_private_key(key.get_secret_value())
            except asyncssh.KeyImportError as error:
                raise ValueError(
                    "this is no private key without a passphrase; ssh-keygen -t ed25519 makes one"
                ) from error
        return key

    @field_validator("host_key")
    @classmethod
    def _is_a_public_key(cls, key: str | None) -> str | None:
        if key is None:
            return None
        try:
            return asyncssh.import_public_key(key).export_public_key().decode("ascii").strip()
        except asyncssh.KeyImportError as error:
            raise ValueError("this is no line of a public key, as in ssh-ed25519 AAAA…") from error

    @model_validator(mode="after")
    def _lets_in(self) -> Self:
        if self.key is None and self.password is None:
            raise ValueError("give a key or a password to sign in with")
        return self

    def open(self, place: Place) -> SshRuntime | ProcessRuntime:
        """Return the desktops of that host which are this runtime's."""
        key, password = (None if secret is None else secret.get_secret_value() for secret in (self.key, self.password))
        login = Login(self.host, self.port, self.username, key, password, self.host_key)
        if self.runs is Runs.PROCESSES:
            return ProcessRuntime(Host(login), place)
        return SshRuntime(Host(login), self.socket, place)
