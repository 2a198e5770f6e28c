"""What a real directory answers: who may come in, how it is encrypted, and what typed words can't do."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.accounts.ldap.slapd import (
    BASE,
    PASSWORD,
    PEOPLE,
    SEARCHERS_PASSWORD,
    Slapd,
    directory_of,
    settings_of,
    slapd,
)
from tests.ports import free_port

from deskbay.accounts.ldap.directory import Directory
from deskbay.accounts.ldap.person import Person
from deskbay.kit.problems import Problem
from deskbay.kit.sign_in_places import LdapEncryption


@pytest.fixture
def directory(school: Slapd) -> Iterator[Directory]:
    """The school's directory, by StartTLS."""
    directory = directory_of(school, groups={"class-7b": "seventh"})
    yield directory
    directory.close()


async def away(directory: Directory, username: str = "alan") -> str:
    """Return what is said where the directory can't be asked."""
    with pytest.raises(Problem) as refused:
        await directory.find(username, PASSWORD)
    assert (int(refused.value.status), refused.value.kind) == (503, "directory-away")
    return refused.value.detail


async def test_who_knows_the_password(directory: Directory) -> None:
    person = await directory.find("alan", PASSWORD)
    assert person is not None
    expected = Person(person.id, "alan", "alan@school.example", "Alan Turing", frozenset({"class-7b"}))
    assert person == expected
    assert len(person.id) == 36


async def test_whom_no_group_lists(directory: Directory) -> None:
    person = await directory.find("barbara", PASSWORD)
    assert person is not None
    assert person.groups == frozenset()


async def test_names_in_capitals_are_the_same(directory: Directory) -> None:
    person = await directory.find("ALAN", PASSWORD)
    assert person is not None
    assert person.username == "alan"


@pytest.mark.parametrize("password", ["wrong", "", " ", PASSWORD.upper(), "\x00"])
async def test_who_does_not(directory: Directory, password: str) -> None:
    assert await directory.find("alan", password) is None


@pytest.mark.parametrize(
    "username",
    [
        "nobody",
        "*",
        "a*",
        "alan)(uid=*",
        "*)(objectClass=*",
        "alan)(|(uid=*",
        "\\61lan",
        "alan\x00",
        f"uid=alan,ou=people,{BASE}",
        "",
        "é" * 300,
    ],
)
async def test_words_are_not_taken_for_filters(directory: Directory, username: str) -> None:
    assert await directory.find(username, PASSWORD) is None


async def test_a_quote_in_a_name_is_nothing_special(directory: Directory) -> None:
    person = await directory.find("o'neil", PASSWORD)
    assert person is not None
    assert person.full_name == PEOPLE["o'neil"]


async def test_two_entries_are_nobody(school: Slapd) -> None:
    either = directory_of(school, user_filter="(|(uid={username})(uid=barbara))")
    assert await either.find("alan", PASSWORD) is None
    assert await either.find("barbara", PASSWORD) is not None


async def test_encrypted_from_the_start(school: Slapd) -> None:
    assert await directory_of(school, url=school.tls_url).find("alan", PASSWORD)


async def test_not_encrypted_where_one_says_so(school: Slapd) -> None:
    assert await directory_of(school, encryption=LdapEncryption.NONE).find("alan", PASSWORD)


@pytest.mark.parametrize("secure", [True, False])
async def test_a_certificate_of_strangers_is_not_believed(school: Slapd, *, secure: bool) -> None:
    url = school.tls_url if secure else school.url
    assert "does not answer" in await away(Directory(settings_of(school, url=url, ca_file=None)))


@pytest.mark.parametrize("secure", [True, False])
async def test_a_certificate_of_another_host_is_not_believed(tmp_path: Path, *, secure: bool) -> None:
    with slapd(tmp_path, "elsewhere.example") as elsewhere:
        url = elsewhere.tls_url if secure else elsewhere.url
        await away(Directory(settings_of(elsewhere, url=url)))


async def test_a_searcher_with_a_wrong_password_finds_nobody(school: Slapd) -> None:
    await away(directory_of(school, search_password="wrong"))


async def test_who_may_not_search_finds_nobody(school: Slapd) -> None:
    with pytest.raises(Problem):
        await directory_of(school, search_dn=None, search_password=None).find("alan", PASSWORD)


async def test_one_that_is_away(school: Slapd) -> None:
    await away(Directory(settings_of(school, url=f"ldap://localhost:{free_port()}")))


async def test_one_that_never_answers(school: Slapd) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"ldap://127.0.0.1:{silent.getsockname()[1]}"
        await away(Directory(settings_of(school, url=url), patience=1))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"url": "https://school.example"}, "url"),
        ({"user_filter": "(uid=ada)"}, "user_filter"),
        ({"user_filter": "uid={username}"}, "user_filter"),
        ({"search_password": None}, "search_dn"),
        ({"url": "ldaps://school.example", "encryption": "none"}, "encrypted"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_settings_that_do_not_fit(school: Slapd, wrong: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        settings_of(school, **wrong)
    assert SEARCHERS_PASSWORD not in str(refused.value)
