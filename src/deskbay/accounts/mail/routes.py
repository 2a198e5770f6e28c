"""Forgotten passwords and addresses to verify, over HTTP."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from deskbay.accounts.access import PUBLIC, refuse_other_pages
from deskbay.accounts.attempts import Attempt, AttemptsOfApp, counted
from deskbay.accounts.in_person import OwnWriterBriefly
from deskbay.accounts.mail import service
from deskbay.accounts.mail.languages import MailLanguage, accepted, mail_language
from deskbay.accounts.mail.postman import Postman
from deskbay.accounts.mail.schemas import ForgottenIn, NewPasswordIn, VerifyIn
from deskbay.accounts.models import MailPurpose, User
from deskbay.accounts.new_passwords import NewPasswordsOfApp
from deskbay.accounts.visits import CallerAddress
from deskbay.database import DatabaseOfApp
from deskbay.kit.clock import ClockOfApp
from deskbay.kit.problems import Problem, documented

router = APIRouter(prefix="/api/v1/auth", tags=["accounts"], dependencies=[Depends(refuse_other_pages)])
BY_MAIL = documented(HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)
BY_LINK = documented(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
SPENT = "This link was used before, is too old, or was sent to another address. Ask for a new one."


async def _postman(request: Request) -> Postman:
    postman: Postman = request.app.state.postman
    if not postman.is_there:
        what = "This server sends no mail. Ask an administrator."
        raise Problem(HTTPStatus.CONFLICT, what, kind="no-mail")
    return postman


async def _language_of_browser(request: Request) -> MailLanguage:
    return mail_language(*accepted(request.headers.get("accept-language", "")))


PostmanOfApp = Annotated[Postman, Depends(_postman)]
LanguageOfBrowser = Annotated[MailLanguage, Depends(_language_of_browser)]
"""The language of mails to who has chosen none."""


@router.post(
    "/forgotten-password",
    name="send_reset_link",
    status_code=HTTPStatus.ACCEPTED,
    summary="Have a link sent with which to take another password",
    dependencies=[PUBLIC, counted(Attempt.MAIL)],
    responses=BY_MAIL | documented(HTTPStatus.TOO_MANY_REQUESTS),
)
async def forgotten_password(
    given: ForgottenIn,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    postman: PostmanOfApp,
    browser: LanguageOfBrowser,
) -> None:
    """Send a link that is good once within 30 minutes. The answer is the same whether or not it is anybody's."""
    postman.run_aside(service.send_reset(database, clock, postman, given.email, browser))


@router.post(
    "/new-password",
    name="take_new_password",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Take another password by a link of a mail",
    dependencies=[PUBLIC],
    responses=BY_LINK | documented(HTTPStatus.CONFLICT),
)
async def new_password(  # noqa: PLR0917 - each is a part of the request
    given: NewPasswordIn,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    new_passwords: NewPasswordsOfApp,
    attempts: AttemptsOfApp,
    address: CallerAddress,
) -> None:
    """Use the link up. Every sign-in of the person ends."""
    async with attempts.guess(Attempt.MAIL_LINK, address=address):
        password_hash = await new_passwords.hash(given.new_password.get_secret_value())
        async with database.write() as db:
            user = await service.use_link(db, clock, MailPurpose.RESET_PASSWORD, given.token.get_secret_value())
            if user is not None:
                await service.take_password(db, clock, user, password_hash)
        _refuse_spent(user)


@router.post(
    "/verification",
    name="send_verification",
    status_code=HTTPStatus.ACCEPTED,
    summary="Have a link sent with which to verify your address",
    responses=BY_MAIL | documented(HTTPStatus.UNAUTHORIZED),
)
async def send_verification(
    caller: OwnWriterBriefly,
    database: DatabaseOfApp,
    clock: ClockOfApp,
    postman: PostmanOfApp,
    browser: LanguageOfBrowser,
) -> None:
    """Send a link that is good once within a day; three an hour at the most."""
    purpose = MailPurpose.VERIFY_ADDRESS
    postman.run_aside(service.send_link(database, clock, postman, caller.user.id, purpose, browser))


@router.post(
    "/verify",
    name="verify_address",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Verify an address by a link of a mail",
    dependencies=[PUBLIC],
    responses=BY_LINK,
)
async def verify(
    given: VerifyIn, database: DatabaseOfApp, clock: ClockOfApp, attempts: AttemptsOfApp, address: CallerAddress
) -> None:
    """Use the link up."""
    async with attempts.guess(Attempt.MAIL_LINK, address=address):
        async with database.write() as db:
            user = await service.verify_address(db, clock, given.token.get_secret_value())
        _refuse_spent(user)


def _refuse_spent(user: User | None) -> None:
    """Raise Problem 401 where a link was nobody's: only once what there was is used up for good."""
    if user is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, SPENT, kind="link-spent")
