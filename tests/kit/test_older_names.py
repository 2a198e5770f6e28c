"""What older installations have in their environment, and the settings that it makes here."""

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from deskbay.kit import older_names
from deskbay.settings import Settings

POSTGRES = {"HOST": "db.example.org", "PORT": "5433", "DATABASE": "desks", "USER": "ada", "PASSWORD": "p@ss/w:rd %"}
RANCHER = {
    "RANCHER_API_URL": "https://rancher.example.org",
    "RANCHER_API_TOKEN": "token-x:hidden",
    "RANCHER_CLUSTER_ID": "c-m-x7f2k9qd",
    "RANCHER_REPO_NAME": "desktops",
    "NAMESPACE": "lab",
}


class TestDatabase:
    @pytest.mark.parametrize(("prefix", "driver"), [("POSTGRES_", "postgresql+asyncpg"), ("MYSQL_", "mysql+aiomysql")])
    def test_its_parts_make_an_address(self, monkeypatch: pytest.MonkeyPatch, prefix: str, driver: str) -> None:
        for name, text in POSTGRES.items():
            monkeypatch.setenv(prefix + name, text)
        settings = Settings()
        url = make_url(settings.database_address)
        assert (url.drivername, url.host, url.port, url.database) == (driver, "db.example.org", 5433, "desks")
        assert (url.username, url.password) == ("ada", "p@ss/w:rd %")
        assert "p@ss" not in repr(settings)

    @pytest.mark.parametrize("host", ["10.0.0.5", "fd00::5"])
    def test_a_host_alone_is_enough(self, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
        monkeypatch.setenv("POSTGRES_HOST", host)
        url = make_url(Settings().database_address)
        assert (url.host, url.port, url.username) == (host, None, None)

    def test_without_a_host_there_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("POSTGRES_USER", "ada")
        assert Settings().database_url is None

    def test_postgresql_goes_before_mysql(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MYSQL_HOST", "old.example.org")
        monkeypatch.setenv("POSTGRES_HOST", "new.example.org")
        assert make_url(Settings().database_address).host == "new.example.org"

    def test_our_own_name_counts_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("POSTGRES_HOST", "old.example.org")
        monkeypatch.setenv("DESKBAY_DATABASE_URL", "postgresql+asyncpg://db.example.org/deskbay")
        assert make_url(Settings().database_address).host == "db.example.org"


class TestRancher:
    @pytest.fixture(autouse=True)
    def told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, text in RANCHER.items():
            monkeypatch.setenv(name, text)

    def test_its_parts_make_a_cluster(self) -> None:
        settings = Settings()
        cluster = settings.rancher
        assert cluster
        assert (cluster.url, cluster.cluster_id) == ("https://rancher.example.org", "c-m-x7f2k9qd")
        assert (cluster.repository, cluster.namespace) == ("desktops", "lab")
        assert cluster.token.get_secret_value() == "token-x:hidden"
        assert "hidden" not in repr(settings)

    def test_a_namespace_alone_is_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("RANCHER_API_URL")
        assert Settings().rancher is None

    @pytest.mark.parametrize(
        ("name", "text", "place"),
        [
            ("RANCHER_API_URL", "http://rancher.example.org", "url"),
            ("RANCHER_API_TOKEN", "", "token"),
            ("RANCHER_CLUSTER_ID", "no cluster", "cluster_id"),
            ("RANCHER_REPO_NAME", "", "repository"),
            ("NAMESPACE", "Lab 1", "namespace"),
        ],
    )
    def test_what_can_not_be_is_named(self, monkeypatch: pytest.MonkeyPatch, name: str, text: str, place: str) -> None:
        monkeypatch.setenv(name, text)
        with pytest.raises(ValidationError) as error:
            Settings()
        assert [wrong["loc"] for wrong in error.value.errors()] == [("rancher", place)]
        assert "hidden" not in str(error.value)


def test_providers_of_sign_ins_take_their_own_page_before_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIAL_AUTH_OIDC_PROVIDER_URL", "https://login.example.org")
    monkeypatch.setenv("SOCIAL_AUTH_OIDC_CLIENT_ID", "desk")
    monkeypatch.setenv("SOCIAL_AUTH_OIDC_CALLBACK_URL", "https://api.example.org/back")
    (provider,) = older_names.oidc_providers()["oidc_providers"]
    assert provider["redirect_uri"] == "https://api.example.org/back"
    monkeypatch.setenv("SOCIAL_AUTH_OIDC_FRONTEND_REDIRECT_URI", "https://desk.example.org/back")
    (provider,) = older_names.oidc_providers()["oidc_providers"]
    assert provider["redirect_uri"] == "https://desk.example.org/back"
