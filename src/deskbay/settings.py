"""Every setting: its name, default and meaning.

A setting is taken from the command line, else from the environment (`DESKBAY_` before its name),
else from `settings.toml` in the data folder, else it has its default.
"""

import os
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from fastapi import Depends
from pydantic import (
    AliasChoices,
    Field,
    PlainSerializer,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from starlette.requests import HTTPConnection

from deskbay.kit import older_names
from deskbay.kit.older_names import RancherCluster
from deskbay.kit.setting_kinds import GuacamoleUrl, HostNames, Networks, Origins, TimeZone, VaultKeys
from deskbay.kit.sign_in_places import LdapDirectory, OidcProvider

VAULT_FILE = "vault.keys"
"""Where in the data folder the keys are that secrets in the database are sealed with."""
DRIVERS = ("postgresql+asyncpg://", "mysql+aiomysql://", "mariadb+aiomysql://")


def default_data_folder() -> Path:
    """Return /var/lib/deskbay for root, else the folder that the XDG base directories give."""
    if os.geteuid() == 0:
        return Path("/var/lib/deskbay")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "deskbay"


class Tracking(StrEnum):
    """When what people do is reported by agents."""

    OFF = "off"
    NOTICE = "notice"
    CONSENT = "consent"


class SecondStepFor(StrEnum):
    """Of whom a second step is wanted after a password."""

    NOBODY = "nobody"
    ADMINISTRATORS = "administrators"
    EVERYONE = "everyone"


def _also(name: str, *older: str) -> AliasChoices:
    """Return the names of a setting that older installations have in their environment, too: without the prefix."""
    return AliasChoices(name, f"DESKBAY_{name.upper()}", *(older or [name.upper()]))


class Settings(BaseSettings):
    """The settings of one server."""

    model_config = SettingsConfigDict(env_prefix="DESKBAY_", extra="forbid", frozen=True, hide_input_in_errors=True)

    data: Annotated[Path, PlainSerializer(str)] = Field(
        default_factory=default_data_folder,
        description="Folder of everything that is kept: the database, the secret key, homes, running desktops",
    )
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    public_url: str | None = Field(
        None,
        validation_alias=_also("public_url", "URL", "FRONTEND_URL"),
        description="Address of the page as people type it, where a proxy stands in front",
        pattern=r"^https?://[a-z0-9.:\[\]-]+/?$",
        examples=["https://desk.example.org"],
    )
    allowed_hosts: HostNames = Field(
        (),
        description="Names that the server answers to beside its public_url's, with commas between; addresses and names"
        " without a dot are always answered",
        examples=["desk.example.org,*.lab.example.org"],
    )
    cors_allowed_origins: Origins = Field(
        (),
        validation_alias=_also("cors_allowed_origins"),
        description="Origins of other sites whose pages may use this server as its own page does, with commas between",
        examples=["https://portal.example.org"],
    )
    database_url: str | None = Field(
        None,
        repr=False,
        description="SQLAlchemy address of a PostgreSQL or MariaDB database; without it SQLite in the data folder",
        examples=["postgresql+asyncpg://deskbay@db.example.org/deskbay"],
    )
    vault_keys: VaultKeys = Field(
        (),
        repr=False,
        description="Keys that secrets in the database are sealed with, newest first, with commas between; "
        "without them one is made in the data folder",
    )
    sign_up_open: bool = Field(True, description="Whether people may make themselves an account")
    sign_in_attempts: int = Field(10, ge=1, description="Failed sign-ins a minute, per account and per address")
    second_step_for: SecondStepFor = Field(
        SecondStepFor.NOBODY,
        description="Who needs a second step after a password: nobody (who wants one sets it up), administrators,"
        " or everyone",
    )
    breached_passwords: Annotated[Path, PlainSerializer(str)] | None = Field(
        None,
        description="File of SHA-1 hashes, sorted, as Have I Been Pwned offers it: no password in it can be taken,"
        " nor any of the 30,000 that are used most",
    )
    oidc_providers: tuple[OidcProvider, ...] = Field(
        (), description="Providers of OpenID Connect with whose accounts people may sign in"
    )
    ldap: LdapDirectory | None = Field(
        None, description="Directory (LDAP) whose passwords people may sign in with, as schools have one"
    )
    admin_oidc_sub: str | None = Field(
        None,
        validation_alias=_also("admin_oidc_sub"),
        description="Subject at the first provider who is administrator from the first sign-in on",
    )
    secret_key: SecretStr | None = Field(
        None,
        min_length=32,
        validation_alias=_also("secret_key"),
        description="What tokens are signed with, 32 characters at least; without it what is in the data folder",
    )
    email_host: str | None = Field(
        None,
        validation_alias=_also("email_host"),
        description="Mail server that takes our mails; without it, or without public_url, none are sent",
        examples=["mail.example.org"],
    )
    email_port: int = Field(
        587,
        ge=1,
        le=65535,
        validation_alias=_also("email_port"),
        description="Its port: 465 is TLS from the start; any other has to offer STARTTLS, except on this machine",
    )
    email_host_user: str | None = Field(
        None,
        validation_alias=_also("email_host_user"),
        description="Who we are to the mail server",
    )
    email_host_password: SecretStr | None = Field(
        None,
        validation_alias=_also("email_host_password"),
        description="Password at the mail server",
    )
    email_from: str | None = Field(
        None,
        pattern=r"^[^\r\n]+$",
        description="Sender of our mails; without it deskbay at the host of public_url",
        examples=["Deskbay <desk@example.org>"],
    )
    access_token_minutes: int = Field(15, ge=1, le=60, description="How long an access token is good for")
    refresh_token_days: int = Field(30, ge=1, le=365, description="How long a sign-in lasts while it is not used")
    sign_in_days_at_most: int = Field(30, ge=1, le=365, description="How long a sign-in lasts however much it is used")
    desktops_per_user: int = Field(5, ge=0, description="How many desktops a person may have, stopped ones included")
    running_desktops_per_user: int | None = Field(
        None, ge=0, description="How many of them may run at once, where no allowance says otherwise; none is all"
    )
    container_lifetime_seconds: int = Field(
        86_400,
        ge=60,
        description="How long a container lasts that a client of Cloud OS orders, where its template says nothing",
    )
    container_most_lifetime_seconds: int = Field(604_800, ge=60, description="How far its owner may extend that")
    delete_key: SecretStr | None = Field(
        None,
        validation_alias=_also("delete_key"),
        description="With this key containers are deleted by name, whoever asks; without it nobody does so",
    )
    digitalocean_auth: SecretStr | None = Field(
        None,
        validation_alias=_also("digitalocean_auth"),
        description="Token of DigitalOcean's API: with it there is a runtime digitalocean from the start",
    )
    rancher: RancherCluster | None = Field(
        None, description="A cluster behind Rancher: with it there is a runtime rancher from the start"
    )
    volumes_gb_per_user: int | None = Field(
        100, ge=0, description="How large a person's volumes may be in all, in GiB; none is without limit"
    )
    start_seconds: int = Field(60, ge=5, description="How long a desktop may take to start before it counts as failed")
    stop_seconds: int = Field(30, ge=5, description="How long a desktop may take to stop before it is said to be late")
    lease_seconds: int = Field(
        10, ge=2, description="How long a server that died keeps others from looking after its desktops"
    )

    keep_desktops: bool = Field(True, description="Whether desktops go on when the server is ended")

    recording_days: int | None = Field(
        30, ge=1, description="After so many days recordings of desktops are deleted; none keeps them"
    )
    guacd: str | None = Field(
        None,
        pattern=r"^([A-Za-z0-9.-]+|\[[0-9a-f:]+\]):[0-9]{1,5}$",
        description="Host and port of Apache Guacamole's guacd, for desktops that are shown by RDP or SSH",
        examples=["127.0.0.1:4822"],
    )
    guacamole_url: GuacamoleUrl | None = Field(
        None,
        pattern=r"^https?://[^\s?#]*[^\s?#/]$",
        validation_alias=_also("guacamole_url", "GUACAMOLE_URL", "GUACAMOLE_API_URL"),
        description="Address of a Guacamole that is there already, as this server reaches it",
        examples=["http://guacamole:8080/guacamole"],
    )
    external_guacamole_url: GuacamoleUrl | None = Field(
        None,
        pattern=r"^https?://[^\s?#]*[^\s?#/]$",
        validation_alias=_also("external_guacamole_url"),
        description="The same as people reach it; without it as this server does",
        examples=["https://guacamole.example.org/guacamole"],
    )
    guacamole_json_secret_key: str | None = Field(
        None,
        pattern=r"^[0-9A-Fa-f]{32}$",
        repr=False,
        validation_alias=_also("guacamole_json_secret_key"),
        description="The json-secret-key of that Guacamole: 32 hex digits",
    )
    guacamole_username: str | None = Field(
        None,
        min_length=1,
        validation_alias=_also("guacamole_username"),
        description="Account there that administers it, to keep accounts and connections in step; without it none are",
    )
    guacamole_password: SecretStr | None = Field(
        None,
        min_length=1,
        validation_alias=_also("guacamole_password"),
        description="Password of that account",
    )
    time_zone: TimeZone = Field(
        "UTC",
        description="Zone whose days hours are added up by; reports in it are the quickest",
        examples=["Europe/Berlin"],
    )
    ping_queue_length: int = Field(
        20_000, ge=1000, description="How many pings may wait to be stored before more are put off with status 503"
    )
    activity_days: int | None = Field(
        None, ge=31, description="After so many days only totals by day are kept of who did what; none keeps all"
    )
    totals_years: int | None = Field(
        None, ge=1, le=100, description="After so many whole years a person's totals go, too; none keeps all"
    )
    login_days: int | None = Field(
        90, ge=1, description="After so many days sign-ins to this server that are over, and tokens, go; none keeps all"
    )
    save_days: int | None = Field(
        None, ge=1, description="After so many days saves of sessions go, but for the newest of each; none keeps all"
    )
    history_days: int | None = Field(
        None, ge=32, description="After so many days the histories of desktops and restores go; none keeps all"
    )
    smallest_group_shown: int = Field(
        5, ge=1, description="Reports on a team tell nothing of fewer people than so many; 1 tells all"
    )
    audit_days: int | None = Field(
        None, ge=31, description="After so many days entries of the audit go, the oldest first; none keeps all"
    )
    session_manager_trusted_networks: Networks = Field(
        (ip_network("127.0.0.0/8"), ip_network("::1/128")),
        validation_alias=_also("session_manager_trusted_networks"),
        description="Networks whose computers may use /api/session-manager without a token, with commas between",
        examples=["127.0.0.0/8,10.20.0.0/16"],
    )
    tracking: Tracking = Field(
        Tracking.CONSENT,
        description="Whether agents report what people do who belong to no group: off, with a notice only, or once a"
        " person has consented",
    )
    window_titles: bool = Field(False, description="Whether agents report titles of windows of people without a group")
    restore_seconds: int = Field(
        60, ge=5, description="How long a device may be silent before the restore of a session counts as failed"
    )
    trusted_proxies: Networks = Field(
        (), description="Networks of the proxies whose X-Forwarded-For is believed, with commas between"
    )

    @field_validator("oidc_providers")
    @classmethod
    def _have_names_of_their_own(cls, providers: tuple[OidcProvider, ...]) -> tuple[OidcProvider, ...]:
        if len({provider.name for provider in providers}) < len(providers):
            raise ValueError("two providers have the same name")
        return providers

    @model_validator(mode="after")
    def _keep_a_guacamole_that_they_name(self) -> Self:
        if (self.guacamole_username is None) is not (self.guacamole_password is None):
            raise ValueError("guacamole_username and guacamole_password go together: set both, or none")
        if self.guacamole_is_kept and self.guacamole_url is None:
            raise ValueError("guacamole_username is an account at the Guacamole of guacamole_url: set that, too")
        return self

    @field_validator("database_url")
    @classmethod
    def _names_a_driver_that_is_here(cls, address: str | None) -> str | None:
        if address is not None and not address.startswith(DRIVERS):
            raise ValueError(f"the address of a database begins with one of {', '.join(DRIVERS)}")
        return address

    def signing_key(self, kept: str) -> str:
        """Return what tokens are signed with: what is set, else what is kept in the data folder."""
        return self.secret_key.get_secret_value() if self.secret_key else kept

    @property
    def sends_mail(self) -> bool:
        """Whether there is a mail server, and an address that links in mails can have."""
        return self.email_host is not None and self.public_url is not None

    @property
    def guacamole_is_kept(self) -> bool:
        """Whether accounts and connections in a Guacamole are to be kept in step."""
        return self.guacamole_username is not None

    @property
    def public_host(self) -> str | None:
        """The name that people type, without the port."""
        return urlsplit(self.public_url).hostname if self.public_url else None

    @property
    def database_address(self) -> str:
        """The SQLAlchemy address of the database in use."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'deskbay.sqlite'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the framework's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        chosen = {**env_settings(), **init_settings()}.get("data")
        data = Path(chosen) if chosen else default_data_folder()
        told = {**older_names.oidc_providers(), **older_names.database_url(), **older_names.rancher()}
        older = InitSettingsSource(settings_cls, told)
        return init_settings, env_settings, older, TomlConfigSettingsSource(settings_cls, data / "settings.toml")


async def _settings(connection: HTTPConnection) -> Settings:
    settings: Settings = connection.app.state.settings
    return settings


SettingsOfApp = Annotated[Settings, Depends(_settings)]
