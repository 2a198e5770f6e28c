"""`deskbay sessions`: its commands and their options."""

import asyncio
from typing import Annotated

import typer

from deskbay.cli.failures import ExitCode
from deskbay.cli.options import As, Data, Json, load_settings
from deskbay.cli.output import show

sessions = typer.Typer(no_args_is_help=True, help="Sets of applications: saved, cloned, restored.")

Name = Annotated[str, typer.Argument(metavar="SESSION", help="Its number, name or slug.")]
SaveId = Annotated[int | None, typer.Option(min=1, show_default=False, help="Number of a save.")]


@sessions.command("list")
def list_sessions(
    *,
    deleted: Annotated[bool, typer.Option("--deleted", help="Those in the trash instead.")] = False,
    username: As = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the sessions, newest first."""
    from deskbay.cli.sessions import list_sessions, table_of

    found = asyncio.run(list_sessions(load_settings(data), username, deleted=deleted))
    show(table_of(found), {"items": [one.model_dump(mode="json") for one in found]}, as_json=as_json)


@sessions.command()
def save(name: Name, username: As = None, data: Data = None, as_json: Json = False) -> None:
    """Save what is open now on the session's device."""
    from deskbay.cli.sessions import counted, save_session

    saved = asyncio.run(save_session(load_settings(data), username, name))
    text = f"{saved.name} is saved with {counted(len(saved.applications))}."
    show(text, saved.model_dump(mode="json"), as_json=as_json)


@sessions.command()
def saves(name: Name, username: As = None, data: Data = None, as_json: Json = False) -> None:
    """List the saves of a session, newest first."""
    from deskbay.cli.sessions import list_saves, table_of_saves

    found = asyncio.run(list_saves(load_settings(data), username, name))
    show(table_of_saves(found), {"items": [one.model_dump(mode="json") for one in found]}, as_json=as_json)


@sessions.command()
def restore(
    name: Name,
    *,
    device: Annotated[
        str | None, typer.Option(show_default="where it is", help="Name or number of a device of yours.")
    ] = None,
    save: SaveId = None,
    username: As = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring a session back, with a line for each application. The exit code is 4 when one is missing."""
    from deskbay.cli.sessions import is_whole, line_of, restore_session, summary_of
    from deskbay.sessions.schemas import RestoredApplicationOut

    def tell(one: RestoredApplicationOut) -> None:
        if not as_json:
            show(line_of(one), None, as_json=False)

    restoring = restore_session(load_settings(data), username, name, device=device, save_id=save, tell=tell)
    run = asyncio.run(restoring)
    show(summary_of(run), run.model_dump(mode="json"), as_json=as_json)
    if not is_whole(run):
        raise typer.Exit(ExitCode.INCOMPLETE)


@sessions.command()
def clone(
    name: Name,
    new_name: Annotated[str | None, typer.Argument(metavar="NAME", show_default="three words")] = None,
    *,
    activate: Annotated[bool, typer.Option("--activate", help="Begin the copy at once.")] = False,
    group: Annotated[
        list[str] | None,
        typer.Option(metavar="GROUP", show_default=False, help="A copy for everyone in it, instead; may come again."),
    ] = None,
    username: As = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Copy a session with its applications, and without usage. Copies for others are for administrators."""
    from deskbay.cli.sessions import clone_session, hand_out, people_of

    if group:
        if activate:
            raise typer.BadParameter(
                "Copies for others don't begin by themselves: leave it out.", param_hint="--activate"
            )
        copies = asyncio.run(hand_out(load_settings(data), username, name, new_name, group))
        text = f"{people_of(len(copies))} got a copy."
        show(text, {"items": [one.model_dump(mode="json") for one in copies]}, as_json=as_json)
        return
    copy = asyncio.run(clone_session(load_settings(data), username, name, new_name, activate=activate))
    show(f"The copy is called {copy.name}.", copy.model_dump(mode="json"), as_json=as_json)


@sessions.command()
def diff(
    name: Name,
    between: Annotated[
        tuple[int, int] | None,
        typer.Option("--saves", metavar="FROM TO", show_default="the newest two", help="Two saves, of any sessions."),
    ] = None,
    username: As = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tell what differs between two saves: - is gone, + has come, ~ is not the same."""
    from deskbay.cli.sessions import compare_saves, lines_of

    comparison = asyncio.run(compare_saves(load_settings(data), username, name, between))
    show(lines_of(comparison), comparison.model_dump(mode="json"), as_json=as_json)
