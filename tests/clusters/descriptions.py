"""What a real cluster takes, field by field: as it described its API itself, and some of what it checks beyond that."""

import json
import re
from collections.abc import Iterator
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

Json = Any
Object = dict[str, Json]
"""What is on the wire: neither side of it is ours to describe."""
RECORDED = Path(__file__).with_name("described.json")
DNS_1035 = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
DNS_1123 = r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?"
LABEL_NAME = r"([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
LABEL_VALUE = r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?"
KEY = r"[-._a-zA-Z0-9]{1,253}"


@cache
def _validator(kind: str) -> Draft202012Validator:
    described = json.loads(RECORDED.read_text())
    return Draft202012Validator({"$ref": f"#/definitions/{kind}", "definitions": described["definitions"]})


def flaws(kind: str, manifest: Object) -> Iterator[str]:
    """Yield what is wrong with a manifest."""
    for error in _validator(kind).iter_errors(manifest):
        yield f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
    yield from _flaws_of_names(kind, manifest["metadata"])
    if kind == "Pod":
        yield from _flaws_of_pod(manifest["spec"])
    if kind == "NetworkPolicy":
        yield from _flaws_of_policy(manifest["spec"])
    for key in manifest.get("data", {}):
        if not re.fullmatch(KEY, key):
            yield f'data[{key}]: Invalid value: "{key}": a valid config key must consist of alphanumeric characters'


def _flaws_of_names(kind: str, metadata: Object) -> Iterator[str]:
    if not re.fullmatch(DNS_1035 if kind == "Service" else DNS_1123, metadata["name"]):
        yield f'metadata.name: Invalid value: "{metadata["name"]}"'
    for name, value in metadata.get("labels", {}).items():
        if not re.fullmatch(LABEL_NAME, name) or not re.fullmatch(LABEL_VALUE, value):
            yield f'metadata.labels: Invalid value: "{name}={value}"'
    for name in metadata.get("annotations", {}):
        if not re.fullmatch(LABEL_NAME, name):
            yield f'metadata.annotations: Invalid value: "{name}"'


def _flaws_of_pod(spec: Object) -> Iterator[str]:
    volumes = {volume["name"] for volume in spec.get("volumes", [])}
    for container in (*spec.get("initContainers", []), *spec["containers"]):
        mounts = container.get("volumeMounts", [])
        paths = [mount["mountPath"] for mount in mounts]
        yield from (f'volumeMounts: Not found: "{it["name"]}"' for it in mounts if it["name"] not in volumes)
        yield from (f'mountPath: Invalid value: "{path}": must be unique' for path in paths if paths.count(path) > 1)
        limits, requests = container["resources"]["limits"], container["resources"]["requests"]
        yield from (
            f"resources.requests: {name} is not the limit" for name in requests if limits[name] != requests[name]
        )
    for name in volumes:
        if not re.fullmatch(DNS_1035, name):
            yield f'volumes.name: Invalid value: "{name}"'


def _flaws_of_policy(spec: Object) -> Iterator[str]:
    peers = [peer for rule in spec["ingress"] for peer in rule["from"]]
    if not peers:
        yield "spec.ingress.from: an empty list lets everybody in"
    for peer in (*peers, *(peer for rule in spec.get("egress", []) for peer in rule["to"])):
        block = peer.get("ipBlock", {"cidr": "0.0.0.0/0"})
        whole = ip_network(block["cidr"])
        for part in block.get("except", []):
            if not ip_network(part).subnet_of(whole):  # type: ignore[arg-type] # of the same version, or it fails
                yield f'except: Invalid value: "{part}": must be a strict subset of "{whole}"'
