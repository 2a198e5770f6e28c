"""Records how a cluster describes what desktops are made of: python -m tests.clusters.describe < openapi.json

The description is what `kubectl get --raw /openapi/v2` prints. Words and what is not led to are left out; what was not
described is refused, which a real cluster of that version only drops.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.clusters.descriptions import RECORDED, Json, Object

KINDS = ("Pod", "Secret", "Service", "PersistentVolumeClaim", "ConfigMap", "NetworkPolicy")
GROUPS = {"NetworkPolicy": "io.k8s.api.networking.v1"}
CORE = "io.k8s.api.core.v1"
QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
CHOICES = {QUANTITY: {"type": "string"}, INT_OR_STRING: {"type": ["integer", "string"]}}
KEPT = ("type", "required", "format", "$ref", "items", "additionalProperties", "properties")


def recorded(description: Object) -> Object:
    """Return what is kept of a whole description."""
    definitions = description["definitions"]
    kept = {name: _strict(definitions[f"{GROUPS.get(name, CORE)}.{name}"]) for name in KINDS}
    waiting = [name for schema in kept.values() for name in _led_to(schema)]
    while waiting:
        name = waiting.pop()
        if name not in kept:
            kept[name] = CHOICES.get(name) or _strict(definitions[name])
            waiting.extend(_led_to(kept[name]))
    return {"version": description["info"]["version"], "definitions": kept}


def _strict(schema: Json) -> Json:
    if not isinstance(schema, dict):
        return schema
    kept = {name: _strict(value) for name, value in schema.items() if name in KEPT}
    if "properties" in schema:
        kept["properties"] = {name: _strict(value) for name, value in schema["properties"].items()}
        kept["additionalProperties"] = False
    return kept


def _led_to(schema: Json) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(reference := schema.get("$ref"), str):
            yield reference.removeprefix("#/definitions/")
        for value in schema.values():
            yield from _led_to(value)


def main(file: Path) -> None:
    text = json.dumps(recorded(json.load(sys.stdin)), indent=1, sort_keys=True)
    file.write_text(f"{text}\n")


if __name__ == "__main__":
    main(RECORDED)
