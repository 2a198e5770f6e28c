"""What is needed to sign in to a host by SSH."""

from dataclasses import dataclass, field

import asyncssh

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 15
SILENCES = 3
"""After so many silences in a row the connection counts as lost."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who signs in where. `host_key` is the key by which the host proves who it is, as a line of OpenSSH's."""

    host: str
    port: int
    username: str
    key: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    host_key: str | None = None

    @property
    def name(self) -> str:
        """What people are told of it."""
        return f"{self.host}:{self.port}" if self.port != asyncssh.DEFAULT_PORT else self.host

    async def sign_in(self) -> asyncssh.SSHClientConnection:
        """Return a connection. Nothing of this host's own settings, keys and known hosts counts."""
        known = [] if self.host_key is None else [asyncssh.import_public_key(self.host_key)]
        return await asyncssh.connect(
            self.host,
            self.port,
            username=self.username,
            client_keys=[asyncssh.import_private_key(self.key)] if self.key else None,
            password=self.password,
            known_hosts=(known, [], []),
            config=None,
            agent_path=None,
            connect_timeout=CONNECT_SECONDS,
            login_timeout=CONNECT_SECONDS,
            keepalive_interval=SILENCE_SECONDS,
            keepalive_count_max=SILENCES,
        )

    async def shown_key(self) -> asyncssh.SSHKey | None:
        """Return the key that the host shows, whoever it is. OSError and asyncssh.Error when it shows none."""
        return await asyncssh.get_server_host_key(self.host, self.port, config=None)
