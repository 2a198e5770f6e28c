"""Where people have accounts already: what is set of providers of OpenID Connect, and of a directory."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

USERNAME = "{username}"


def _without_document(url: str) -> str:
    return url.removesuffix("/.well-known/openid-configuration")


class OidcProvider(BaseModel):
    """A provider of OpenID Connect, at which people have accounts. Its URL is the issuer in its tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str = Field(pattern=r"^[a-z0-9-]{1,32}$", examples=["school"])
    title: str = Field(min_length=1, max_length=60, examples=["School account"])
    url: Annotated[str, AfterValidator(_without_document)] = Field(
        pattern=r"^(https://|http://(localhost|127\.0\.0\.1|\[::1\])[:/])\S+$", max_length=255
    )
    client_id: str = Field(min_length=1)
    client_secret: SecretStr | None = Field(None, description="None for a client that is public")
    redirect_uri: str | None = Field(None, description="Where older clients' pages take the code; ours needs none")
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    makes_accounts: bool = Field(False, description="Whether whoever signs in there gets an account here")
    groups_claim: str = "groups"
    groups: dict[str, str] = Field({}, description="The slug of the group here, by its name in the groups claim")


class LdapEncryption(StrEnum):
    """How passwords travel to a directory at an ldap:// address."""

    STARTTLS = "starttls"
    NONE = "none"


class LdapDirectory(BaseModel):
    """A directory (LDAP), whose passwords people sign in with."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    title: str = Field("The directory", min_length=1, max_length=60, examples=["The school's directory"])
    url: str = Field(pattern=r"^ldaps?://[A-Za-z0-9.:\[\]-]+/?$", max_length=100)
    encryption: LdapEncryption = LdapEncryption.STARTTLS
    ca_file: Path | None = Field(None, description="Certificates that its own is checked by; else this machine's")
    base: str = Field(min_length=1, max_length=150, description="Below which entry people are searched")
    user_filter: str = Field(
        "(uid={username})", pattern=r"^\(.*\)$", description="Which entry is a person's: {username} is what they type"
    )
    username_attribute: str = "uid"
    email_attribute: str = "mail"
    full_name_attribute: str = "cn"
    search_dn: str | None = Field(None, description="Account that searches, where not everybody may")
    search_password: SecretStr | None = None
    makes_accounts: bool = Field(False, description="Whether whoever signs in gets an account here")
    group_base: str | None = Field(None, description="Below which entry groups are searched; else below base")
    groups: dict[str, str] = Field({}, description="The slug of the group here, by the name (cn) of the one there")

    @model_validator(mode="after")
    def _fits(self) -> "LdapDirectory":
        if USERNAME not in self.user_filter:
            raise ValueError(f"user_filter has to have {USERNAME} in it")
        if (self.search_dn is None) is not (self.search_password is None):
            raise ValueError("search_dn and search_password go together")
        if self.url.startswith("ldaps:") and self.encryption is LdapEncryption.NONE:
            raise ValueError("an ldaps:// address is always encrypted: leave encryption out")
        return self
