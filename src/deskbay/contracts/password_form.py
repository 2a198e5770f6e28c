"""Signing in by the form of OAuth 2's password grant."""

from http import HTTPStatus

from fastapi.security import OAuth2PasswordRequestForm
from pydantic import ValidationError

from deskbay.accounts.models import User
from deskbay.accounts.schemas import SignInIn
from deskbay.accounts.sign_in import PasswordSignIns
from deskbay.contracts.plain import Refused
from deskbay.kit.problems import Problem


async def user_of_form(
    form: OAuth2PasswordRequestForm, sign_ins: PasswordSignIns, address: str, refusal: Refused
) -> User:
    """Return who signs in. Raises the refusal for wrong words, Problem 429 after too many of them."""
    try:
        given = SignInIn.model_validate({"username": form.username, "password": form.password})
        return await sign_ins.check_alone(given, address)
    except ValidationError as error:
        raise refusal from error
    except Problem as problem:
        if problem.status is not HTTPStatus.UNAUTHORIZED:
            raise
        raise refusal from problem
