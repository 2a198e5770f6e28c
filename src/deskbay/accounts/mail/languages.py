"""The languages in which mails are written."""

import re
from enum import StrEnum
from operator import itemgetter

WISH = re.compile(r"(?P<language>[a-z0-9-]+)(?:;q=(?P<weight>[01](?:\.\d{0,3})?))?")


class MailLanguage(StrEnum):
    """A language that has a folder of templates."""

    ENGLISH = "en"
    GERMAN = "de"


def mail_language(*wishes: str) -> MailLanguage:
    """Return the first of some languages (BCP 47) in which mails are written; English where there is none."""
    ours = {language.value: language for language in MailLanguage}
    without_places = (wish.partition("-")[0] for wish in wishes)
    return next((ours[wish] for wish in without_places if wish in ours), MailLanguage.ENGLISH)


def accepted(header: str) -> list[str]:
    """Return the languages of an `Accept-Language` (RFC 9110, 12.5.4) in small letters, the most wanted first."""
    wishes = [wish for part in "".join(header.lower().split()).split(",") if (wish := WISH.fullmatch(part))]
    weighed = [(float(wish["weight"] or 1), wish["language"]) for wish in wishes]
    return [language for weight, language in sorted(weighed, key=itemgetter(0), reverse=True) if weight]
