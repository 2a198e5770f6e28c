"""The rules on passkeys."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

import structlog
from fastapi import Depends
from pydantic import JsonValue
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, generate_challenge, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from deskbay.accounts.failures import SignInRefused
from deskbay.accounts.models import User
from deskbay.accounts.passkeys.models import Passkey, PasskeyChallenge
from deskbay.accounts.passkeys.schemas import NewPasskeyIn, UsedCredential
from deskbay.accounts.service import changes_row
from deskbay.accounts.visits import BaseUrl
from deskbay.database.unique import unless_taken
from deskbay.kit.clock import Clock
from deskbay.kit.problems import Problem
from deskbay.settings import SettingsOfApp

CHALLENGE_LIFETIME = timedelta(minutes=5)
MOST_OF_A_PERSON = 20
LOCALHOST = "localhost"
REFUSED = "This passkey is not known here, or took too long. Try again, or sign in another way."
REFUSAL = "passkey-refused"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Site:
    """For which pages passkeys are: a host by its name, and the origin of ours there."""

    host: str
    origin: str


async def _site(base: BaseUrl, settings: SettingsOfApp) -> Site:
    """Return the site that browsers bind passkeys to. Raises Problem 409 where our page has no name of its own."""
    address = urlsplit(base)
    host = address.hostname or ""
    if (settings.public_url is None and host != LOCALHOST) or _is_ip(host):
        what = "Passkeys belong to a name. Set public_url to the page's address, or open it as http://localhost."
        raise Problem(HTTPStatus.CONFLICT, what, kind="no-name")
    return Site(host, f"{address.scheme}://{address.netloc}")


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


SiteOfRequest = Annotated[Site, Depends(_site)]


async def options_to_add(db: AsyncSession, clock: Clock, site: Site, user: User) -> dict[str, JsonValue]:
    """Return what a browser makes a passkey of the user's with. Raises Problem 409 when they have twenty."""
    there = await list_passkeys(db, user)
    if len(there) >= MOST_OF_A_PERSON:
        what = f"You have {MOST_OF_A_PERSON} passkeys, which is all that one may have. Remove one, then add another."
        raise Problem(HTTPStatus.CONFLICT, what, kind="limit-reached")
    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Deskbay",
        user_name=user.username,
        user_id=user.uuid.bytes,
        user_display_name=user.full_name or user.username,
        challenge=await _new_challenge(db, clock, user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential_id)) for passkey in there
        ],
    )
    return _as_json(options_to_json(options))


async def options_to_sign_in(db: AsyncSession, clock: Clock, site: Site) -> dict[str, JsonValue]:
    """Return what a browser asks for a passkey with: any that the person has for this site."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=await _new_challenge(db, clock, None),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _as_json(options_to_json(options))


def _as_json(text: str) -> dict[str, JsonValue]:
    options: dict[str, JsonValue] = json.loads(text)
    return options


async def add_passkey(  # noqa: PLR0917 - each is a part of the ceremony
    db: AsyncSession, clock: Clock, site: Site, user: User, new: NewPasskeyIn, challenge: bytes
) -> Passkey:
    """Add a passkey that a device has made. Raises Problem 422 for one that can't be believed, 409 for a known one."""
    made = _made(site, user, new, challenge)
    passkey = Passkey(
        user_id=user.id,
        key=_digest(made.credential_id),
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        signatures=made.sign_count,
        name=new.name,
        created_at=clock.now(),
    )
    async with unless_taken(db, "This passkey belongs to an account here already. Take another device."):
        db.add(passkey)
    return passkey


def _made(site: Site, user: User, new: NewPasskeyIn, challenge: bytes) -> VerifiedRegistration:
    """Return what a device has made. Raises Problem 422 where it can't be believed."""
    try:
        return verify_registration_response(
            credential=new.credential.model_dump(by_alias=True),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        log.info("passkey refused", user=user.id, why=str(error))
        what = "This passkey can't be added: what the browser sent does not fit. Try again, or take another device."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, what, kind="passkey-refused") from error


async def use_passkey(db: AsyncSession, clock: Clock, site: Site, used: UsedCredential, challenge: bytes) -> User:
    """Return who shows a passkey, which counts as knowing and having. Raises Problem 401 for one that isn't good."""
    known = select(Passkey).where(Passkey.key == _digest(_bytes(used.raw_id))).options(joinedload(Passkey.user))
    passkey = await db.scalar(known)
    if passkey is None:
        raise _refused()
    if not _is_of(passkey.user, used.response.user_handle):
        raise _refused_into(passkey.user)
    try:
        shown = verify_authentication_response(
            credential=used.model_dump(by_alias=True),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.signatures,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        log.warning("passkey refused", user=passkey.user_id, why=str(error))
        raise _refused_into(passkey.user) from error
    unchanged = (Passkey.id == passkey.id) & (Passkey.signatures == passkey.signatures)
    counted = update(Passkey).where(unchanged).values(signatures=shown.new_sign_count, last_used_at=clock.now())
    if not await changes_row(db, counted):
        raise _refused_into(passkey.user)
    user: User = passkey.user
    return user


def _is_of(user: User, handle: str | None) -> bool:
    return handle is not None and _bytes(handle) == user.uuid.bytes


def _refused() -> Problem:
    return Problem(HTTPStatus.UNAUTHORIZED, REFUSED, kind=REFUSAL)


def _refused_into(user: User) -> Problem:
    return SignInRefused(HTTPStatus.UNAUTHORIZED, REFUSED, kind=REFUSAL, account=user.username_key)


async def list_passkeys(db: AsyncSession, user: User) -> Sequence[Passkey]:
    """Return a user's passkeys, the newest last."""
    return (await db.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id))).all()


async def get_passkey(db: AsyncSession, user: User, passkey_id: int) -> Passkey:
    """Return a passkey of a user's. Raises Problem 404."""
    theirs = (Passkey.id == passkey_id) & (Passkey.user_id == user.id)
    passkey: Passkey | None = await db.scalar(select(Passkey).where(theirs))
    if passkey is None:
        what = f"You have no passkey {passkey_id}. GET /api/v1/profile/passkeys lists yours."
        raise Problem(HTTPStatus.NOT_FOUND, what, kind="no-passkey")
    return passkey


async def remove_passkeys(db: AsyncSession, user: User) -> None:
    """Let a user sign in by none of their passkeys any more."""
    for table in (Passkey, PasskeyChallenge):
        await db.execute(delete(table).where(table.user_id == user.id))


async def _new_challenge(db: AsyncSession, clock: Clock, user: User | None) -> bytes:
    challenge, now = generate_challenge(), clock.now()
    await db.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now))
    kept = PasskeyChallenge(digest=_digest(challenge), user_id=user and user.id, expires_at=now + CHALLENGE_LIFETIME)
    db.add(kept)
    await db.flush()
    return challenge


async def take_challenge(db: AsyncSession, clock: Clock, client_data: str, user: User | None) -> bytes:
    """Use the challenge up that a device has signed: to be committed, whatever else is wrong.

    Raises Problem 401 when it isn't one of ours, or too old.
    """
    try:
        challenge = parse_client_data_json(_bytes(client_data)).challenge
    except (WebAuthnException, ValueError) as error:
        raise _refused() from error
    owner = PasskeyChallenge.user_id.is_(None) if user is None else PasskeyChallenge.user_id == user.id
    good = (PasskeyChallenge.digest == _digest(challenge)) & owner & (PasskeyChallenge.expires_at > clock.now())
    if not await changes_row(db, delete(PasskeyChallenge).where(good)):
        raise _refused()
    return challenge


def _bytes(text: str) -> bytes:
    """Return what base64url says. Raises Problem 401 for what is none."""
    try:
        return base64url_to_bytes(text)
    except ValueError as error:
        raise _refused() from error


def _digest(what: bytes) -> str:
    return sha256(what).hexdigest()
