"""What each setting is, and where from."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus

from pydantic import AliasChoices, JsonValue
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python

from deskbay.accounts.settings.schemas import SettingOut, Source
from deskbay.database.audit.happenings import MASK
from deskbay.kit import older_names
from deskbay.kit.problems import Problem
from deskbay.settings import Settings

PREFIX = "DESKBAY_"
FILE = "settings.toml"
ON_COMMAND_LINE = {"data", "host", "port"}


def list_settings(settings: Settings) -> Iterator[SettingOut]:
    """Yield every setting as it is in use. Raises Problem 409 when its file can't be read any more."""
    in_file, values = _in_file(settings), settings.model_dump(mode="json")
    for name, field in Settings.model_fields.items():
        value, is_secret = values[name], is_secret_setting(name)
        source, named = _source(name, field, str(value), in_file) if name in settings.model_fields_set else DEFAULT
        yield SettingOut(
            name=name,
            value=_masked(value) if is_secret else value,
            is_secret=is_secret,
            source=source,
            named=named,
            default=_default(field),
            meaning=field.description or "",
        )


DEFAULT = (Source.DEFAULT, None)


def is_secret_setting(name: str) -> bool:
    """Tell whether a setting is kept out of what is printed."""
    field = Settings.model_fields[name]
    return not field.repr or "SecretStr" in str(field.annotation)


def _default(field: FieldInfo) -> JsonValue:
    default: JsonValue = None if field.default is PydanticUndefined else to_jsonable_python(field.default)
    return default


def _masked(value: JsonValue) -> JsonValue:
    return MASK if value else None


def _source(name: str, field: FieldInfo, value: str, in_file: Mapping[str, object]) -> tuple[Source, str | None]:
    def holds(told: object) -> bool:
        return name not in ON_COMMAND_LINE or str(told) == value

    variables = {variable.upper(): variable for variable in os.environ}
    for known in _names_in_environment(name, field):
        if known in variables and holds(os.environ[variables[known]]):
            return Source.ENVIRONMENT, variables[known]
    if name in {**older_names.oidc_providers(), **older_names.database_url(), **older_names.rancher()}:
        return Source.ENVIRONMENT, None
    if name in in_file and holds(in_file[name]):
        return Source.FILE, FILE
    return Source.COMMAND_LINE, None


def _names_in_environment(name: str, field: FieldInfo) -> list[str]:
    also = field.validation_alias.choices if isinstance(field.validation_alias, AliasChoices) else []
    return [f"{PREFIX}{name}".upper(), *(str(one).upper() for one in also if one != name)]


def _in_file(settings: Settings) -> Mapping[str, object]:
    with suppress(FileNotFoundError):
        try:
            return tomllib.loads((settings.data / FILE).read_text())
        except ValueError as error:
            what = f"{FILE} was changed since the start, and can't be read any more: {error}. Correct it."
            raise Problem(HTTPStatus.CONFLICT, what, kind="settings-unreadable") from error
    return {}
