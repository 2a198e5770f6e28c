"""Every name that older servers have in their environment, and where it is found here."""

from collections.abc import Callable
from functools import reduce

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from deskbay.settings import Settings

NEEDED = {
    "POSTGRES": {"POSTGRES_HOST": "db.example.org", "POSTGRES_USER": "ada"},
    "MYSQL": {"MYSQL_HOST": "db.example.org", "MYSQL_USER": "ada"},
    "SOCIAL": {
        "SOCIAL_AUTH_OIDC_PROVIDER_URL": "https://login.example.org",
        "SOCIAL_AUTH_OIDC_CLIENT_ID": "desks",
    },
    "RANCHER": {
        "RANCHER_API_URL": "https://rancher.example.org",
        "RANCHER_API_TOKEN": "token-x:y",
        "RANCHER_CLUSTER_ID": "c-1",
        "RANCHER_REPO_NAME": "charts",
    },
    "GUACAMOLE": {
        "GUACAMOLE_URL": "http://guacamole:8080/guacamole",
        "GUACAMOLE_USERNAME": "deskbay",
        "GUACAMOLE_PASSWORD": "kept",
    },
}
"""What has to be told with a name, by how it begins."""


def setting(path: str) -> Callable[[Settings], object]:
    """Return what reads a setting, or a part of one."""
    return lambda settings: reduce(getattr, path.split("."), settings)


def database(part: str) -> Callable[[Settings], object]:
    return lambda settings: str(getattr(make_url(settings.database_address), part))


def provider(part: str) -> Callable[[Settings], object]:
    return lambda settings: getattr(settings.oidc_providers[0], part)


DATABASE = {"HOST": "host", "PORT": "port", "DATABASE": "database", "USER": "username", "PASSWORD": "password"}
WHERE: dict[str, tuple[str, Callable[[Settings], object]]] = {
    **{f"{kind}_{name}": ("5433", database(part)) for kind in ("POSTGRES", "MYSQL") for name, part in DATABASE.items()},
    "SECRET_KEY": ("k" * 32, setting("secret_key")),
    "ADMIN_OIDC_SUB": ("head-1", setting("admin_oidc_sub")),
    "GUACAMOLE_URL": ("http://other:8080/guacamole", setting("guacamole_url")),
    "GUACAMOLE_API_URL": ("http://other:8080/guacamole", setting("guacamole_url")),
    "GUACAMOLE_USERNAME": ("somebody", setting("guacamole_username")),
    "GUACAMOLE_PASSWORD": ("hidden", setting("guacamole_password")),
    "GUACAMOLE_JSON_SECRET_KEY": ("4C0B569E4C96DF157EEE1B65DD0E4D41", setting("guacamole_json_secret_key")),
    "EXTERNAL_GUACAMOLE_URL": ("https://desk.example.org/guacamole", setting("external_guacamole_url")),
    "SOCIAL_AUTH_OIDC_PROVIDER_URL": ("https://other.example.org", provider("url")),
    "SOCIAL_AUTH_OIDC_CLIENT_ID": ("other", provider("client_id")),
    "SOCIAL_AUTH_OIDC_CLIENT_SECRET": ("hidden", provider("client_secret")),
    "SOCIAL_AUTH_OIDC_CALLBACK_URL": ("https://desk.example.org/back", provider("redirect_uri")),
    "SOCIAL_AUTH_OIDC_FRONTEND_REDIRECT_URI": ("https://desk.example.org/back", provider("redirect_uri")),
    "FRONTEND_URL": ("https://desk.example.org", setting("public_url")),
    "URL": ("https://desk.example.org", setting("public_url")),
    "RANCHER_API_URL": ("https://other.example.org", setting("rancher.url")),
    "RANCHER_API_TOKEN": ("hidden", setting("rancher.token")),
    "RANCHER_CLUSTER_ID": ("c-2", setting("rancher.cluster_id")),
    "RANCHER_REPO_NAME": ("others", setting("rancher.repository")),
    "CORS_ALLOWED_ORIGINS": ("https://page.example.org", lambda settings: ",".join(settings.cors_allowed_origins)),
    "EMAIL_HOST": ("mail.example.org", setting("email_host")),
    "EMAIL_PORT": ("465", lambda settings: str(settings.email_port)),
    "EMAIL_HOST_USER": ("deskbay", setting("email_host_user")),
    "EMAIL_HOST_PASSWORD": ("hidden", setting("email_host_password")),
    "delete_key": ("hidden", setting("delete_key")),
    "DIGITALOCEAN_AUTH": ("hidden", setting("digitalocean_auth")),
    "SESSION_MANAGER_TRUSTED_NETWORKS": (
        "10.0.0.0/8",
        lambda settings: ",".join(map(str, settings.session_manager_trusted_networks)),
    ),
}


@pytest.mark.parametrize("name", WHERE)
def test_it_is_understood(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text, read = WHERE[name]
    others = dict(NEEDED.get(name.partition("_")[0], {}))
    if name == "GUACAMOLE_API_URL":
        del others["GUACAMOLE_URL"]
    for told, value in {**others, name: text}.items():
        monkeypatch.setenv(told, value)
    found = read(Settings())
    assert (found.get_secret_value() if isinstance(found, SecretStr) else found) == text


def test_the_namespace_is_that_of_the_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {**NEEDED["RANCHER"], "NAMESPACE": "lab"}.items():
        monkeypatch.setenv(name, text)
    assert setting("rancher.namespace")(Settings()) == "lab"
