"""Where settings come from, and what is said of bad ones."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from deskbay.kit.vault import new_key
from deskbay.settings import Settings, default_data_folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that the environment names."""
    monkeypatch.setenv("DESKBAY_DATA", str(tmp_path))
    return tmp_path


def write(data: Path, *lines: str) -> None:
    (data / "settings.toml").write_text("\n".join(lines))


def refused(**given: object) -> ValidationError:
    with pytest.raises(ValidationError) as error:
        Settings.model_validate(given)
    return error.value


class TestSources:
    def test_without_a_word_each_has_its_default(self, data: Path) -> None:
        settings = Settings()
        assert (settings.data, settings.host, settings.port) == (data, "127.0.0.1", 8000)
        assert settings.sign_up_open
        assert settings.access_token_minutes == 15

    def test_the_file_in_the_data_folder_counts_more_than_a_default(self, data: Path) -> None:
        write(data, "port = 9000", "sign_up_open = false")
        settings = Settings()
        assert (settings.port, settings.sign_up_open) == (9000, False)

    def test_the_environment_counts_more_than_the_file(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(data, "port = 9000", 'host = "::1"')
        monkeypatch.setenv("DESKBAY_PORT", "9001")
        settings = Settings()
        assert (settings.port, settings.host) == (9001, "::1")

    def test_the_command_line_counts_most(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(data, "port = 9000")
        monkeypatch.setenv("DESKBAY_PORT", "9001")
        assert Settings(port=9002).port == 9002

    def test_the_file_is_that_of_the_folder_which_the_command_line_names(self, data: Path, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.mkdir()
        write(data, "port = 9000")
        write(other, "port = 9001")
        assert Settings(data=other).port == 9001

    @pytest.mark.usefixtures("data")
    def test_without_a_file_there_is_nothing_to_read(self) -> None:
        assert Settings().port == 8000

    def test_the_default_folder_is_roots_or_ones_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        assert default_data_folder() == Path("/var/lib/deskbay")
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        monkeypatch.setenv("HOME", "/home/ada")
        monkeypatch.delenv("XDG_DATA_HOME", raising=False)
        assert default_data_folder() == Path("/home/ada/.local/share/deskbay")
        monkeypatch.setenv("XDG_DATA_HOME", "/data/ada")
        assert default_data_folder() == Path("/data/ada/deskbay")


class TestBadValues:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("port", -1),
            ("port", 65536),
            ("port", "http"),
            ("sign_up_open", "perhaps"),
            ("sign_in_attempts", 0),
            ("access_token_minutes", 0),
            ("refresh_token_days", 366),
            ("desktops_per_user", -1),
            ("public_url", "desk.example.org"),
            ("public_url", "https://desk.example.org/desk"),
            ("public_url", "https://ada@desk.example.org"),
            ("public_url", "javascript://desk.example.org"),
            ("database_url", "postgresql://db/deskbay"),
            ("database_url", "sqlite+aiosqlite:///other.sqlite"),
            ("database_url", "nonsense"),
            ("vault_keys", "not a key"),
        ],
    )
    def test_the_setting_is_named_and_the_value_is_not_shown(self, data: Path, name: str, value: object) -> None:
        error = refused(data=data, **{name: value})
        assert [wrong["loc"] for wrong in error.errors()] == [(name,)]
        assert f"input_value={value!r}" not in str(error)

    def test_from_the_environment_it_is_named_too(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DESKBAY_PORT", "many")
        assert [wrong["loc"] for wrong in refused(data=data).errors()] == [("port",)]

    def test_one_that_is_not_known_is_named(self, data: Path) -> None:
        write(data, "prot = 9000")
        assert [wrong["loc"] for wrong in refused(data=data).errors()] == [("prot",)]

    def test_a_file_that_can_not_be_read_says_where(self, data: Path) -> None:
        write(data, "port = ;")
        with pytest.raises(ValueError, match="line 1"):
            Settings()

    @pytest.mark.parametrize("url", ["https://desk.example.org", "http://10.0.0.1:8080/", "http://[::1]:8000"])
    def test_good_public_addresses(self, data: Path, url: str) -> None:
        assert Settings(data=data, public_url=url).public_url == url


class TestDatabase:
    def test_without_a_word_it_is_sqlite_in_the_data_folder(self, data: Path) -> None:
        assert Settings().database_address == f"sqlite+aiosqlite:///{data}/deskbay.sqlite"

    @pytest.mark.parametrize("driver", ["postgresql+asyncpg", "mysql+aiomysql", "mariadb+aiomysql"])
    def test_another_one(self, data: Path, driver: str) -> None:
        url = f"{driver}://deskbay:secret@db.example.org/deskbay"
        assert Settings(data=data, database_url=url).database_address == url

    def test_its_password_does_not_show(self, data: Path) -> None:
        settings = Settings(data=data, database_url="postgresql+asyncpg://deskbay:hidden@db.example.org/deskbay")
        assert "hidden" not in repr(settings) + str(settings)
        assert "hidden" not in str(refused(data=data, database_url="postgres://deskbay:hidden@db/deskbay"))


def test_keys_of_the_vault_come_with_commas_between_and_do_not_show(data: Path) -> None:
    first, second = new_key(), new_key()
    settings = Settings(data=data, vault_keys=f"{first}, {second}")
    assert settings.vault_keys == (first, second)
    assert first not in repr(settings) + str(settings)
    assert first not in str(refused(data=data, vault_keys=f"{first},x"))


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


OLDER_NAMES = {
    "SOCIAL_AUTH_OIDC_PROVIDER_URL": "https://login.example.org/realms/school/.well-known/openid-configuration",
    "SOCIAL_AUTH_OIDC_CLIENT_ID": "deskbay",
    "SOCIAL_AUTH_OIDC_CLIENT_SECRET": "hidden",
    "SOCIAL_AUTH_OIDC_CALLBACK_URL": "https://desk.example.org/api/auth/oidc/callback",
    "SOCIAL_AUTH_OIDC_FRONTEND_REDIRECT_URI": "https://desk.example.org/auth/callback",
    "ADMIN_OIDC_SUB": "head-1",
}


class TestSecrets:
    def test_tokens_are_signed_with_what_is_set(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert Settings(data=data).signing_key("kept") == "kept"
        monkeypatch.setenv("SECRET_KEY", "set " * 8)
        settings = Settings()
        assert settings.signing_key("kept") == "set " * 8
        assert "set set" not in repr(settings)

    def test_one_that_can_be_guessed_is_refused(self, data: Path) -> None:
        error = refused(data=data, secret_key="your_secret_key")
        assert error.errors()[0]["loc"] == ("secret_key",)
        assert "at least 32" in str(error)
        assert "your_secret_key" not in str(error)

    @pytest.mark.parametrize("name", ["delete_key", "DELETE_KEY", "DESKBAY_DELETE_KEY"])
    @pytest.mark.usefixtures("data")
    def test_the_key_to_delete_by(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        assert Settings().delete_key is None
        monkeypatch.setenv(name, "hidden")
        settings = Settings()
        assert settings.delete_key
        assert settings.delete_key.get_secret_value() == "hidden"
        assert "hidden" not in repr(settings)

    @pytest.mark.usefixtures("data")
    def test_an_account_at_digitalocean(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DIGITALOCEAN_AUTH", "dop_v1_hidden")
        settings = Settings()
        assert settings.digitalocean_auth
        assert settings.digitalocean_auth.get_secret_value() == "dop_v1_hidden"
        assert "hidden" not in repr(settings)


@pytest.mark.usefixtures("data")
def test_the_address_of_an_older_page_is_ours_unless_another_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTEND_URL", "https://page.example.org")
    assert Settings().public_url == "https://page.example.org"
    monkeypatch.setenv("URL", "https://desk.example.org")
    assert Settings().public_url == "https://desk.example.org"


class TestMail:
    def test_names_of_older_installations_are_understood(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert not Settings(data=data).sends_mail
        names = {
            "EMAIL_HOST": "mail.example.org",
            "EMAIL_PORT": "465",
            "EMAIL_HOST_USER": "deskbay",
            "EMAIL_HOST_PASSWORD": "hidden",
            "URL": "https://desk.example.org",
        }
        for name, text in names.items():
            monkeypatch.setenv(name, text)
        settings = Settings()
        assert (settings.email_host, settings.email_port, settings.email_host_user) == (
            "mail.example.org",
            465,
            "deskbay",
        )
        assert settings.public_url == "https://desk.example.org"
        assert settings.sends_mail
        assert "hidden" not in repr(settings)


class TestProviders:
    """Providers of OpenID Connect, as a list or by the names that older installations have in their environment."""

    @pytest.fixture
    def older(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        for name, text in OLDER_NAMES.items():
            monkeypatch.setenv(name, text)
        return data

    def test_a_list_of_the_file(self, data: Path) -> None:
        write(data, "[[oidc_providers]]", 'name = "a"', 'title = "A"', 'url = "https://a.example"', 'client_id = "d"')
        (provider,) = Settings().oidc_providers
        assert (provider.name, provider.url, provider.makes_accounts) == ("a", "https://a.example", False)

    @pytest.mark.usefixtures("older")
    def test_older_names_tell_of_one(self) -> None:
        settings = Settings()
        (provider,) = settings.oidc_providers
        assert provider.url == "https://login.example.org/realms/school"
        assert provider.client_secret
        assert provider.client_secret.get_secret_value() == "hidden"
        assert provider.redirect_uri == "https://desk.example.org/auth/callback"
        assert settings.admin_oidc_sub == "head-1"
        assert "hidden" not in repr(settings)

    def test_the_list_counts_more_than_older_names(self, older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert older
        monkeypatch.setenv("DESKBAY_OIDC_PROVIDERS", "[]")
        assert Settings().oidc_providers == ()

    def test_older_names_without_a_url_are_nothing(self, older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert older
        monkeypatch.setenv("SOCIAL_AUTH_OIDC_PROVIDER_URL", "")
        assert Settings().oidc_providers == ()

    def test_bad_ones_are_refused(self, data: Path) -> None:
        good = {"name": "a", "title": "A", "url": "https://a.example", "client_id": "d"}
        for bad in ({"url": "http://a.example"}, {"url": "a.example"}, {"name": "A b"}, {"client_id": ""}, {"more": 1}):
            assert refused(data=data, oidc_providers=[good | bad]).errors()[0]["loc"][0] == "oidc_providers", bad
        assert "same name" in str(refused(data=data, oidc_providers=[good, good]))
