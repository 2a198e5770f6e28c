"""A real mail server that keeps what it gets."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.ports import free_port

SITE = "https://desk.example.org"


class Letterbox:
    """Keeps every mail; refuses the first ones for now, if told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusals = 0

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 - as it is called
        if self.refusals:
            self.refusals -= 1
            return "451 Not now"
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def mail_server_with_letterbox() -> Iterator[Controller]:
    server = Controller(Letterbox(), hostname="127.0.0.1", port=free_port())
    server.start()
    yield server
    server.stop()


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part
    content: str = part.get_content()
    return content.replace("\r\n", "\n")
