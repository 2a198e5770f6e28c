"""What is taken for a username, an e-mail address, a name, a password."""

import pytest
from pydantic import ValidationError

from deskbay.accounts.schemas import NewUser, SignInIn, SignUpIn


@pytest.mark.parametrize("username", ["a", "Ada.Lovelace_1815-x", "7", "-", "x" * 64])
def test_good_usernames_stay_as_typed(username: str) -> None:
    assert NewUser(username=username).username == username


@pytest.mark.parametrize(
    "username",
    ["", "x" * 65, "ada lovelace", " ada", "ada\n", "ada@x", "ädä", "../ada", "ada/..", "a\x00", "аda", "$(id)"],
)
def test_bad_usernames(username: str) -> None:
    with pytest.raises(ValidationError, match="username"):
        NewUser(username=username)


def test_an_email_address_is_kept_in_small_letters() -> None:
    assert NewUser(username="ada", email="Ada@Example.ORG").email == "ada@example.org"
    assert NewUser(username="ada", email="ada@lab").email == "ada@lab"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "a@b@c",
        "ada @x.org",
        "ädä@x.org",
        "ada@x.org\n",
        "a\x00@x.org",
        "a" * 250 + "@x.org",
    ],
)
def test_bad_email_addresses(email: str) -> None:
    with pytest.raises(ValidationError, match="email"):
        NewUser(username="ada", email=email)


@pytest.mark.parametrize("full_name", ["", "  ", "x" * 101, "Ada\x00", "Ada\nLovelace", "Ada\x1b[31m"])
def test_bad_full_names(full_name: str) -> None:
    with pytest.raises(ValidationError, match="full_name"):
        NewUser(username="ada", full_name=full_name)


def test_any_script_and_surrounding_space_in_a_full_name() -> None:
    assert NewUser(username="ada", full_name=" 李 Żółć O’Brien 🙂 ").full_name == "李 Żółć O’Brien 🙂"


@pytest.mark.parametrize(("length", "good"), [(7, False), (8, True), (1024, True), (1025, False)])
def test_how_long_a_password_is(length: int, *, good: bool) -> None:
    given = {"username": "ada", "password": "x" * length}
    if good:
        assert SignUpIn.model_validate(given).password.get_secret_value() == "x" * length
        return
    with pytest.raises(ValidationError, match="password"):
        SignUpIn.model_validate(given)


def test_passwords_do_not_show_when_printed_or_refused() -> None:
    assert "horse battery" not in repr(SignUpIn.model_validate({"username": "ada", "password": "horse battery"}))
    assert "horse battery" not in repr(SignInIn.model_validate({"username": "ada", "password": "horse battery"}))


def test_nobody_gives_themselves_a_role() -> None:
    with pytest.raises(ValidationError, match="role"):
        SignUpIn.model_validate({"username": "ada", "password": "x" * 8, "role": "administrator"})
