"""The commands on users."""

import secrets
import sys
from dataclasses import dataclass, field

import typer

from deskbay.accounts.models import Role
from deskbay.accounts.new_passwords import NewPasswords
from deskbay.accounts.schemas import NewUser, SignUpIn, UserOut
from deskbay.accounts.service import create_user
from deskbay.cli.access import CLOCK, open_database
from deskbay.cli.failures import ExitCode, Failure
from deskbay.cli.options import first_complaint
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

GENERATED_BYTES = 12


@dataclass(frozen=True, slots=True)
class GivenPassword:
    """A password, and whether we made it up."""

    text: str = field(repr=False)
    generated: bool = False


def ask_for_password(*, from_pipe: bool, may_prompt: bool) -> GivenPassword:
    """Return the password that was piped in or typed, or else a new one."""
    if from_pipe:
        return GivenPassword(sys.stdin.readline().rstrip("\r\n"))
    if may_prompt and sys.stdin.isatty():
        typed = typer.prompt(
            "Password (empty: generate one)", default="", show_default=False, hide_input=True, confirmation_prompt=True
        )
        if typed:
            return GivenPassword(typed)
    return GivenPassword(secrets.token_urlsafe(GENERATED_BYTES), generated=True)


async def add_user(settings: Settings, name: str, password: str, *, email: str | None, administrator: bool) -> UserOut:
    """Add a user to the database of a data folder. Raises Failure when one of the words can't be taken."""
    try:
        given = SignUpIn.model_validate({"username": name, "email": email, "password": password})
    except ValueError as error:
        what = first_complaint(error)
        raise Failure(f"The user can't be added: {what}.", kind="invalid-request", code=ExitCode.MISUSED) from None
    role = Role.ADMINISTRATOR if administrator else Role.USER
    new = NewUser(username=given.username, email=given.email)
    try:
        password_hash = await NewPasswords(settings).hash(password)
        async with open_database(settings) as database, database.write() as db:
            return UserOut.model_validate(await create_user(db, CLOCK, new, password_hash=password_hash, role=role))
    except Problem as problem:
        title, status = problem.status.phrase, int(problem.status)
        raise Failure(problem.detail, kind=problem.kind, title=title, status=status) from problem
