"""How a cluster is reached, and as whom."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Annotated, TypeAlias

import yaml
from cryptography.x509 import load_pem_x509_certificates
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
JSONObject: TypeAlias = Mapping[str, Json]
REMEDY = "take what “kubectl config view --minify --flatten --raw” prints, of an account with a token or a certificate"


class _Strict(BaseModel):
    # What is not known may be a file of this server's, or a program to run on it.
    model_config = ConfigDict(extra="forbid")


def _base64(text: str) -> str:
    try:
        b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("is not base64") from error
    return text


def _https(url: str) -> str:
    if not url.startswith("https://"):
        raise ValueError("begins with https://")
    return url


Base64 = Annotated[str, AfterValidator(_base64)]
HttpsUrl = Annotated[str, AfterValidator(_https)]


class _ClusterPart(_Strict):
    server: HttpsUrl
    authority: Base64 | None = Field(None, alias="certificate-authority-data")
    server_name: str | None = Field(None, alias="tls-server-name")


class _UserPart(_Strict):
    token: str | None = None
    certificate: Base64 | None = Field(None, alias="client-certificate-data")
    key: Base64 | None = Field(None, alias="client-key-data")


class _ContextPart(_Strict):
    cluster: str
    user: str
    namespace: str | None = None


class _NamedCluster(_Strict):
    name: str
    cluster: _ClusterPart


class _NamedUser(_Strict):
    name: str
    user: _UserPart


class _NamedContext(_Strict):
    name: str
    context: _ContextPart


class _Kubeconfig(_Strict):
    version: str = Field("v1", alias="apiVersion")
    kind: str = "Config"
    preferences: dict[str, JsonValue] = {}
    clusters: Annotated[list[_NamedCluster], Field(min_length=1)]
    users: Annotated[list[_NamedUser], Field(min_length=1)]
    contexts: Annotated[list[_NamedContext], Field(min_length=1)]
    current: str = Field(alias="current-context")


def read_kubeconfig(text: str) -> JSONObject:
    """Return a kubeconfig that holds all that it needs. Raises ValueError with what is wrong and the remedy.

    It may name no file and no program: both would be this server's.
    """
    try:
        read = yaml.safe_load(text)
        _Kubeconfig.model_validate(read)
    except yaml.YAMLError as error:
        raise ValueError(f"it is no YAML; {REMEDY}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise ValueError(f"{where}: {first['msg'].removeprefix('Value error, ')}; {REMEDY}") from error
    known: JSONObject = read
    return known


def kubeconfig_of(url: str, token: str, authority: str | None) -> JSONObject:
    """Return the kubeconfig of an account with a token. `authority` is whose certificates are believed, as PEM."""
    believed = {"certificate-authority-data": b64encode(authority.encode()).decode()} if authority else {}
    cluster = {"server": url.rstrip("/"), **believed}
    return {
        "clusters": [{"name": "cluster", "cluster": cluster}],
        "users": [{"name": "deskbay", "user": {"token": token}}],
        "contexts": [{"name": "deskbay", "context": {"cluster": "cluster", "user": "deskbay"}}],
        "current-context": "deskbay",
    }


def require_certificates(pem: str) -> str:
    """Return certificates as they are. Raises ValueError when they are none."""
    try:
        load_pem_x509_certificates(pem.encode())
    except ValueError as error:
        raise ValueError("is no certificate: it begins with -----BEGIN CERTIFICATE-----") from error
    return pem
