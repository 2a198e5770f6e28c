"""What the environment says under the names that older installations have there, several of which make one setting."""

import os
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr

PROVIDER = "SOCIAL_AUTH_OIDC_"
RANCHER = "RANCHER_"
DRIVERS = {"POSTGRES_": "postgresql+asyncpg", "MYSQL_": "mysql+aiomysql"}


class RancherCluster(BaseModel):
    """A cluster behind Rancher, and the repository of the charts there."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: str = Field(pattern=r"^https://\S+$")
    token: SecretStr = Field(min_length=1)
    cluster_id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    repository: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    namespace: str = Field("deskbay", pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")


def oidc_providers() -> dict[str, list[dict[str, str]]]:
    """Return the one provider of sign-ins that they tell of."""
    told = _told(PROVIDER)
    if not told.get("PROVIDER_URL"):
        return {}
    names = {"url": "PROVIDER_URL", "client_id": "CLIENT_ID", "client_secret": "CLIENT_SECRET"}
    provider = {name: told[old] for name, old in names.items() if told.get(old)}
    if redirect_uri := told.get("FRONTEND_REDIRECT_URI") or told.get("CALLBACK_URL"):
        provider["redirect_uri"] = redirect_uri
    return {"oidc_providers": [{"name": "oidc", "title": "Single sign-on", **provider}]}


def database_url() -> dict[str, str]:
    """Return the address of the database whose host they tell, PostgreSQL's before MySQL's."""
    found = ((driver, _told(prefix)) for prefix, driver in DRIVERS.items())
    return next(({"database_url": _address(driver, told)} for driver, told in found if told.get("HOST")), {})


def _address(driver: str, told: dict[str, str]) -> str:
    host = f"[{told['HOST']}]" if ":" in told["HOST"] else told["HOST"]
    port = f":{told['PORT']}" if told.get("PORT") else ""
    return f"{driver}://{_who(told)}{host}{port}/{told.get('DATABASE', '')}"


def _who(told: dict[str, str]) -> str:
    if not told.get("USER"):
        return ""
    return ":".join(quote(told[name], safe="") for name in ("USER", "PASSWORD") if told.get(name)) + "@"


def rancher() -> dict[str, dict[str, str]]:
    """Return the cluster behind Rancher that they tell of."""
    told = _told(RANCHER)
    if not told.get("API_URL"):
        return {}
    names = {"url": "API_URL", "token": "API_TOKEN", "cluster_id": "CLUSTER_ID", "repository": "REPO_NAME"}
    cluster = {name: told[old] for name, old in names.items() if told.get(old)}
    if namespace := os.environ.get("NAMESPACE"):
        cluster["namespace"] = namespace
    return {"rancher": cluster}


def _told(prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in os.environ.items() if name.startswith(prefix)}
