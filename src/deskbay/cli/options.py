"""The options that several commands have, and the settings that come of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deskbay.cli.data_folder import refuse_foreign
from deskbay.cli.failures import ExitCode, Failure

if TYPE_CHECKING:
    from deskbay.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", readable=False, help="Folder of everything that is kept.", show_default=False),
]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on.", show_default="127.0.0.1")]
Port = Annotated[
    int | None,
    typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes a free one.", show_default="8000"),
]
As = Annotated[str | None, typer.Option("--as", help="Act as this user.", show_default="an administrator")]


def load_settings(data: Path | None, *, host: str | None = None, port: int | None = None) -> "Settings":
    """Return the settings, with what the command line says on top.

    Raises Failure, naming the setting, when one can't be taken, or whose the data folder is when it isn't ours.
    """
    from deskbay.settings import Settings

    said = {"data": data, "host": host, "port": port}
    try:
        settings = Settings.model_validate({name: value for name, value in said.items() if value is not None})
    except OSError as error:
        if error.filename:
            refuse_foreign(Path(error.filename).parent)
        raise _unusable(f"settings.toml can't be read: {error.strerror}") from error
    except ValueError as error:
        raise _unusable(f"A setting can't be used: {first_complaint(error)}") from error
    return settings.model_copy(update={"data": settings.data.expanduser().absolute()})


def _unusable(what: str) -> Failure:
    return Failure(f"{what}. Correct it, then try again.", kind="settings", code=ExitCode.MISUSED)


def first_complaint(error: ValueError) -> str:
    """Return what is wrong with the first field that was not taken, and its name; never its value."""
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = ".".join(str(part) for part in first["loc"]) or "settings.toml"
    return f"{name}: {first['msg']}"
