"""In which language a mail is, and that each has every mail."""

import re
from pathlib import Path

import pytest
from jinja2 import meta, nodes

import deskbay
from deskbay.accounts.mail.languages import MailLanguage, accepted, mail_language
from deskbay.accounts.mail.postman import TEMPLATES
from deskbay.accounts.models import MailPurpose

ENGLISH, GERMAN = MailLanguage.ENGLISH, MailLanguage.GERMAN
LANGUAGES_OF_PAGE = Path(deskbay.__file__).parents[2] / "web" / "src" / "words" / "languages.ts"

Parts = tuple[set[str], set[str]]


def parts_of(template: str) -> Parts:
    """Return the variables of a template and the blocks that it fills."""
    assert TEMPLATES.loader
    parsed = TEMPLATES.parse(TEMPLATES.loader.get_source(TEMPLATES, template)[0])
    return meta.find_undeclared_variables(parsed), {block.name for block in parsed.find_all(nodes.Block)}


def mails_in(language: str) -> dict[str, Parts]:
    folder = f"{language}/"
    return {
        template.removeprefix(folder): parts_of(template)
        for template in TEMPLATES.list_templates()
        if template.startswith(folder)
    }


@pytest.mark.parametrize("language", list(MailLanguage))
def test_each_language_has_every_mail_with_the_same_in_it(language: MailLanguage) -> None:
    mails = mails_in(language)
    assert mails.keys() >= {f"{purpose}.{kind}" for purpose in MailPurpose for kind in ("html", "txt")}
    assert mails == mails_in(ENGLISH)


def test_what_the_page_speaks_mails_speak() -> None:
    words = re.search(r"languagesWithWords = \[(.*)\]", LANGUAGES_OF_PAGE.read_text())
    assert words
    assert set(re.findall(r"'(.+?)'", words[1])) == set(MailLanguage)


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (["de"], GERMAN),
        (["de-AT"], GERMAN),
        (["en-US"], ENGLISH),
        (["fr"], ENGLISH),
        (["fr", "de-CH", "en"], GERMAN),
        (["den"], ENGLISH),
        ([], ENGLISH),
    ],
)
def test_the_first_language_with_mails_is_taken(wishes: list[str], language: MailLanguage) -> None:
    assert mail_language(*wishes) is language


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("", []),
        ("de", ["de"]),
        ("de-AT,de;q=0.9,en;q=0.8", ["de-at", "de", "en"]),
        ("en;q=0.5, DE ; q=0.75,\tfr", ["fr", "de", "en"]),
        ("fr;q=0.8,de;q=0.8", ["fr", "de"]),
        ("de;q=0,en;q=0.000", []),
        ("*,de;q=2,,en;q=,it;q=nan,pt-BR;q=1.", ["pt-br"]),
    ],
)
def test_browsers_tell_what_they_want_most(header: str, languages: list[str]) -> None:
    assert accepted(header) == languages
