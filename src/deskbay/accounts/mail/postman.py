"""Mails on their way: written from templates, and handed to the mail server while nobody waits for it."""

import asyncio
from collections.abc import Coroutine
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import aiosmtplib
import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from deskbay.accounts.mail.languages import MailLanguage
from deskbay.accounts.models import MailPurpose, User
from deskbay.settings import Settings

PAUSES = (1.0, 10.0, 60.0)
"""Seconds before each further try."""
PATIENCE_SECONDS = 30.0
TLS_PORT = 465
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
"""A folder for each language. The first line of a plain text is the mail's subject."""

log = structlog.get_logger(__name__)


class Postman:
    """Sends mails, where a mail server and the address of our page are set."""

    def __init__(self, settings: Settings, pauses: tuple[float, ...] = PAUSES) -> None:
        self._settings = settings
        self._pauses = pauses
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def is_there(self) -> bool:
        return self._settings.sends_mail

    def run_aside(self, work: Coroutine[None, None, None]) -> None:
        """Do something while nobody waits for it, so that how long it takes tells nobody anything."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def send(self, purpose: MailPurpose, language: MailLanguage, user: User, address: str, path: str) -> None:
        """Send a mail with a link to a path of ours, with some tries. What fails in the end is logged."""
        message = self._written(purpose, language, user, address, path)
        for pause in (*self._pauses, None):
            try:
                await self._hand_over(message)
            except (aiosmtplib.SMTPException, OSError) as error:
                log.warning("mail could not be sent", purpose=purpose, user=user.id, why=repr(error))
                if pause is None:
                    return
                await asyncio.sleep(pause)
            else:
                return

    def _written(
        self, purpose: MailPurpose, language: MailLanguage, user: User, address: str, path: str
    ) -> EmailMessage:
        site = (self._settings.public_url or "").rstrip("/")
        words = {
            "language": language,
            "name": user.full_name or user.username,
            "username": user.username,
            "site": site,
            "link": f"{site}{path}",
        }
        subject, _, text = TEMPLATES.get_template(f"{language}/{purpose}.txt").render(words).partition("\n\n")
        message = EmailMessage()
        message["Subject"] = f"{subject} · Deskbay"
        message["From"] = self._settings.email_from or f"Deskbay <deskbay@{urlsplit(site).hostname}>"
        message["To"] = address
        message.set_content(text)
        html = TEMPLATES.get_template(f"{language}/{purpose}.html").render(words)
        message.add_alternative(html, subtype="html")
        message["Content-Language"] = language
        return message

    async def _hand_over(self, message: EmailMessage) -> None:
        wish = self._settings
        is_tls = wish.email_port == TLS_PORT
        await aiosmtplib.send(
            message,
            hostname=wish.email_host,
            port=wish.email_port,
            username=wish.email_host_user,
            password=wish.email_host_password.get_secret_value() if wish.email_host_password else None,
            use_tls=is_tls,
            start_tls=None if is_tls else not _is_here(wish.email_host or ""),
            timeout=PATIENCE_SECONDS,
        )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
