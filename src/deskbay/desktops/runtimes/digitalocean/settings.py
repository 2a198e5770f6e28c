"""What an administrator says of an account."""

import asyncssh
from pydantic import Field, SecretStr, field_validator

from deskbay.desktops.runtimes.digitalocean.cloud import CALL_SECONDS, Cloud
from deskbay.desktops.runtimes.digitalocean.runtime import DigitalOceanRuntime, Order
from deskbay.desktops.runtimes.kinds import LINES, Place, RuntimeSettings

SLUG = r"^[a-z0-9][a-z0-9.-]*$"


class DigitalOceanSettings(RuntimeSettings):
    """An account, which droplets are ordered in it, and the key that they are entered with."""

    token: SecretStr = Field(description="Token of its API, for droplets, their actions and tags", min_length=1)
    key: SecretStr = Field(
        description="Private key without a passphrase, made by ssh-keygen, for this alone", json_schema_extra=LINES
    )
    region: str = Field("fra1", description="Where droplets are", pattern=SLUG)
    size: str = Field("s-2vcpu-4gb", description="Which droplets", pattern=SLUG)
    image: str = Field("debian-12-x64", description="What is on them: a Debian or an Ubuntu", pattern=SLUG)

    @field_validator("key")
    @classmethod
    def _is_a_private_key(cls, key: SecretStr) -> SecretStr:
        try:
            asyncssh.import_private_key(key.get_secret_value())
        except asyncssh.KeyImportError as error:
            raise ValueError("this is no private key without a passphrase: make one by ssh-keygen") from error
        return key

    def open(self, place: Place) -> DigitalOceanRuntime:
        """Return the desktops of that account which are this runtime's."""
        from pydo.aio import Client  # takes a second, which those without an account need not wait

        client = Client(token=self.token.get_secret_value(), timeout=int(CALL_SECONDS), retry_total=0)
        order = Order(self.region, self.size, self.image, self.key.get_secret_value())
        return DigitalOceanRuntime(Cloud(client), order, place)
