"""Kinds of values that settings have."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

Network = IPv4Network | IPv6Network


def _split(parts: object) -> object:
    return [part.strip() for part in parts.split(",") if part.strip()] if isinstance(parts, str) else parts


def _without_its_interface(address: object) -> object:
    """Return the address of a Guacamole also where that of its REST interface was given."""
    return address.rstrip("/").removesuffix("/api") if isinstance(address, str) else address


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"there is no time zone {name}; take one like Europe/Berlin") from error
    return name


def _vault_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    try:
        for key in keys:
            Fernet(key)
    except ValueError as error:
        raise ValueError("a key is made by: openssl rand -base64 32 | tr +/ -_") from error
    return keys


VaultKeys = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_vault_keys)]
Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_split)]
HostNames = Annotated[
    tuple[Annotated[str, Field(pattern=r"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$")], ...], NoDecode, BeforeValidator(_split)
]
Origins = Annotated[
    tuple[Annotated[str, Field(pattern=r"^https?://[a-z0-9.:\[\]-]+$")], ...], NoDecode, BeforeValidator(_split)
]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
GuacamoleUrl = Annotated[str, BeforeValidator(_without_its_interface)]
