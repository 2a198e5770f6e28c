"""What an administrator may say of a cluster, and what is refused with the reason."""

import base64

import pytest
import trustme
import yaml
from pydantic import ValidationError
from tests.clusters.descriptions import Object

from deskbay.desktops.runtimes.kubernetes.access import kubeconfig_of, read_kubeconfig
from deskbay.desktops.runtimes.kubernetes.settings import KubernetesSettings

AUTHORITY = trustme.CA().cert_pem.bytes().decode()
BASE64 = base64.b64encode(AUTHORITY.encode()).decode()


def a_kubeconfig(cluster: Object | None = None, user: Object | None = None) -> str:
    shown = {
        "apiVersion": "v1",
        "kind": "Config",
        "preferences": {},
        "clusters": [{"name": "c", "cluster": {"server": "https://c:6443", **(cluster or {})}}],
        "users": [{"name": "u", "user": user or {"token": "t"}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u", "namespace": "n"}}],
        "current-context": "x",
    }
    return yaml.safe_dump(shown)


@pytest.mark.parametrize(
    "kubeconfig",
    [
        a_kubeconfig(),
        a_kubeconfig({"certificate-authority-data": BASE64}),
        a_kubeconfig({"tls-server-name": "kubernetes"}, {"client-certificate-data": BASE64, "client-key-data": BASE64}),
        yaml.safe_dump(kubeconfig_of("https://c:6443", "t", AUTHORITY)),
    ],
)
def test_a_kubeconfig_that_holds_all_is_taken(kubeconfig: str) -> None:
    assert read_kubeconfig(kubeconfig) == yaml.safe_load(kubeconfig)
    assert KubernetesSettings.model_validate({"kubeconfig": kubeconfig}).kubeconfig is not None


@pytest.mark.parametrize(
    ("kubeconfig", "reason"),
    [
        ("{", "it is no YAML"),
        ("- a list", "it: Input should be a valid dictionary"),
        ("apiVersion: v1", "clusters: Field required"),
        (
            a_kubeconfig({"certificate-authority": "/etc/passwd"}),
            "certificate-authority: Extra inputs are not permitted",
        ),
        (a_kubeconfig({"insecure-skip-tls-verify": True}), "insecure-skip-tls-verify: Extra inputs"),
        (a_kubeconfig({"server": "http://c"}), "server: begins with https://"),
        (a_kubeconfig({"certificate-authority-data": "%"}), "is not base64"),
        (a_kubeconfig(user={"exec": {"command": "reboot"}}), "users.0.user.exec: Extra inputs are not permitted"),
        (a_kubeconfig(user={"tokenFile": "/etc/shadow"}), "tokenFile: Extra inputs"),
        (a_kubeconfig(user={"client-key": "/etc/ssl/key"}), "client-key: Extra inputs"),
        (a_kubeconfig(user={"auth-provider": {"name": "oidc"}}), "auth-provider: Extra inputs"),
    ],
)
def test_a_kubeconfig_that_names_files_or_programs_is_refused_with_the_remedy(kubeconfig: str, reason: str) -> None:
    with pytest.raises(ValueError, match="kubectl config view --minify --flatten --raw") as refused:
        read_kubeconfig(kubeconfig)
    assert reason in str(refused.value)
    with pytest.raises(ValidationError):
        KubernetesSettings.model_validate({"kubeconfig": kubeconfig})


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"url": "https://c"}, "an address needs a token, and a token an address"),
        ({"token": "t"}, "an address needs a token, and a token an address"),
        ({"kubeconfig": a_kubeconfig(), "url": "https://c", "token": "t"}, "not both"),
        ({"url": "http://c", "token": "t"}, "begins with https://"),
        ({"authority": "-"}, "is no certificate: it begins with -----BEGIN CERTIFICATE-----"),
        ({"namespace": "Desks"}, "String should match pattern"),
        ({"home_size": "lots"}, "String should match pattern"),
        ({"server_url": "http://desk.example.org"}, "begins with https://"),
        ({"seccomp": "../deskbay.json"}, "String should match pattern"),
        ({"gateway_networks": ["10.0.0.1/8"]}, "10.0.0.1/8 has host bits set"),
        ({"gateway_networks": ["here"]}, "does not appear to be an IPv4 or IPv6 network"),
        ({"gateway_pods": {}}, "say who may reach desktops"),
        ({"node_wait_seconds": 0}, "greater than or equal to 1"),
        ({"color": "blue"}, "Extra inputs are not permitted"),
    ],
)
def test_settings_that_lead_nowhere_are_refused(settings: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        KubernetesSettings.model_validate(settings)


def test_secrets_are_told_apart() -> None:
    assert KubernetesSettings.secret_names() == {"kubeconfig", "token"}


@pytest.mark.parametrize(
    ("settings", "peers"),
    [
        ({}, [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "deskbay"}}}]),
        (
            {"gateway_pods": {"app": "desk"}, "gateway_namespace": "web", "gateway_networks": ["10.1.0.0/16"]},
            [
                {
                    "podSelector": {"matchLabels": {"app": "desk"}},
                    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "web"}},
                },
                {"ipBlock": {"cidr": "10.1.0.0/16"}},
            ],
        ),
        ({"gateway_pods": {}, "gateway_networks": ["fd00::/8"]}, [{"ipBlock": {"cidr": "fd00::/8"}}]),
    ],
)
def test_who_may_reach_desktops_is_pods_or_networks(settings: dict[str, object], peers: list[Object]) -> None:
    assert list(KubernetesSettings.model_validate(settings).gateway()) == peers
