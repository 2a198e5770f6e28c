"""The values of a chart, with what each desktop has for itself in place of `${…}`."""

from collections.abc import Mapping
from string import Template

from pydantic import JsonValue

from deskbay.desktops.runtimes import LaunchError


def filled(values: Mapping[str, JsonValue], own: Mapping[str, str]) -> dict[str, JsonValue]:
    """Return values with each `${name}` in their texts replaced. Raises LaunchError for a name that is not known."""
    return {key: _filled(value, own) for key, value in values.items()}


def _filled(value: JsonValue, own: Mapping[str, str]) -> JsonValue:
    if isinstance(value, str):
        return _text(value, own)
    if isinstance(value, dict):
        return filled(value, own)
    if isinstance(value, list):
        return [_filled(one, own) for one in value]
    return value


def _text(text: str, own: Mapping[str, str]) -> str:
    try:
        return Template(text).substitute(own)
    except (KeyError, ValueError) as error:
        known = ", ".join(sorted(own))
        what = f"The template's values for the chart have “{text}”, but ${{…}} is one of: {known}; $$ is a dollar."
        raise LaunchError(f"{what} Ask an administrator to correct it.") from error
