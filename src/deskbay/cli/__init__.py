"""The command `deskbay`."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deskbay.cli.data_folder import RunningServer
from deskbay.cli.failures import ExitCode, Failure
from deskbay.cli.options import As, Data, Host, Json, Port, load_settings
from deskbay.cli.output import show, show_failure, show_json
from deskbay.cli.session_commands import sessions
from deskbay.kit.refusals import Refusal

# What a command needs is imported when it runs: most need little of the server, which takes a second to import.

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
users = typer.Typer(no_args_is_help=True, help="People who may sign in.")
app.add_typer(users, name="users")
secrets = typer.Typer(no_args_is_help=True, help="Secrets in the database.")
app.add_typer(secrets, name="secrets")
audit = typer.Typer(no_args_is_help=True, help="Who did what.")
app.add_typer(audit, name="audit")
app.add_typer(sessions, name="sessions")

Ids = Annotated[list[int], typer.Argument(metavar="ID...", min=1, help="As `deskbay desktops` lists them.")]


@app.callback()
def about() -> None:
    """One self-hosted control plane for desktops."""


@app.command()
def serve(host: Host = None, port: Port = None, data: Data = None, as_json: Json = False) -> None:
    """Run the server until Ctrl-C. Desktops go on without it, and it finds them again."""
    from deskbay.cli.serve import run_server

    def announce(server: RunningServer) -> None:
        show(f"Deskbay listens on {server.url}. Ctrl-C ends it.", asdict(server), as_json=as_json)

    run_server(load_settings(data, host=host, port=port), announce)


@app.command()
def launch(
    template: Annotated[str, typer.Argument(help="What it is made of.")] = "desktop",
    *,
    session: Annotated[
        str | None, typer.Option("--restore", metavar="SESSION", help="Bring a session back in it.", show_default=False)
    ] = None,
    username: As = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Launch a desktop and print a link that signs in once and opens it."""
    from deskbay.cli.desktops import launch_and_link

    launching = launch_and_link(load_settings(data), username, template, session=session, quiet=as_json)
    desktop, link = asyncio.run(launching)
    show(link, {"desktop": desktop.model_dump(mode="json"), "link": link}, as_json=as_json)


@app.command()
def desktops(username: As = None, data: Data = None, as_json: Json = False) -> None:
    """List the desktops: everyone's, or with --as those of one user."""
    from deskbay.cli.desktops import list_desktops, table_of

    found = asyncio.run(list_desktops(load_settings(data), username))
    show(table_of(found), {"items": [desktop.model_dump(mode="json") for desktop in found]}, as_json=as_json)


@app.command()
def stop(ids: Ids, username: As = None, data: Data = None, as_json: Json = False) -> None:
    """Stop desktops. They can be started again, and homes stay."""
    from deskbay.cli.desktops import stop_desktops

    stopped = asyncio.run(stop_desktops(load_settings(data), username, ids))
    names = "\n".join(f"{desktop.name} is stopped." for desktop in stopped)
    show(names, {"items": [desktop.model_dump(mode="json") for desktop in stopped]}, as_json=as_json)


@app.command()
def extend(
    desktop_id: Annotated[int, typer.Argument(metavar="ID", help="As `deskbay desktops` lists it.")],
    *,
    hours: Annotated[
        float | None, typer.Option("--hours", min=0, help="By so many; else as far as it may be.", show_default=False)
    ] = None,
    username: As = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Move the end of a desktop of one's own."""
    from deskbay.cli.desktops import extend_desktop

    extended = asyncio.run(extend_desktop(load_settings(data), username, desktop_id, hours))
    show(f"{extended.name} runs until {extended.ends_at}.", extended.model_dump(mode="json"), as_json=as_json)


@app.command()
def delete(ids: Ids, username: As = None, data: Data = None, as_json: Json = False) -> None:
    """Delete desktops for good. Homes stay."""
    from deskbay.cli.desktops import delete_desktops

    deleted = asyncio.run(delete_desktops(load_settings(data), username, ids))
    names = "\n".join(f"{desktop.name} is deleted." for desktop in deleted)
    show(names, {"deleted": [desktop.id for desktop in deleted]}, as_json=as_json)


@users.command("create")
def create_user(
    name: Annotated[str, typer.Argument(help="Username.")],
    *,
    administrator: Annotated[bool, typer.Option("--administrator", help="May do everything.")] = False,
    email: Annotated[str | None, typer.Option("--email", help="E-mail address.")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from a pipe.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add a user. Without a password on hand one is generated, and printed this once."""
    from deskbay.cli.users import add_user, ask_for_password

    password = ask_for_password(from_pipe=password_stdin, may_prompt=not as_json)
    user = asyncio.run(add_user(load_settings(data), name, password.text, email=email, administrator=administrator))
    secret = {"password": password.text} if password.generated else {}
    told = f"\nPassword, shown this once: {password.text}" if password.generated else ""
    show(f"{user.username} may sign in.{told}", {**user.model_dump(mode="json"), **secret}, as_json=as_json)


@secrets.command("rotate")
def rotate(data: Data = None, as_json: Json = False) -> None:
    """Seal the secrets in the database anew: with a new key, or with the first of the setting `vault_keys`."""
    from deskbay.cli.vault import rotate_secrets

    number = asyncio.run(rotate_secrets(load_settings(data)))
    what = "1 secret is" if number == 1 else f"{number} secrets are"
    show(
        f"{what} sealed with the newest key. Older keys are not needed any more.", {"secrets": number}, as_json=as_json
    )


@audit.command("verify")
def verify(data: Data = None, as_json: Json = False) -> None:
    """Tell whether the audit is whole: that no entry was changed, left out or put in between."""
    from deskbay.cli.audit import verify_audit

    verdict = asyncio.run(verify_audit(load_settings(data)))
    show(verdict.words, verdict.as_document(), as_json=as_json)
    if verdict.broken_id is not None:
        raise typer.Exit(ExitCode.FAILED)


@app.command()
def doctor(data: Data = None, as_json: Json = False) -> None:
    """Tell what is missing for what, and the command that mends it."""
    from deskbay.cli.doctor import can_work, examine, lines_of

    findings = asyncio.run(examine(load_settings(data)))
    show(lines_of(findings), {"findings": [finding.as_document() for finding in findings]}, as_json=as_json)
    if not can_work(findings):
        raise typer.Exit(ExitCode.FAILED)


@app.command()
def guard(
    *,
    listen: Annotated[Path, typer.Option("--listen", metavar="SOCKET", help="Where the server finds it.")],
    folder: Annotated[Path, typer.Option("--folder", metavar="DATA", help="The server's data folder.")],
    engine: Annotated[Path, typer.Option("--engine", metavar="SOCKET", help="The engine's.")] = Path(
        "/run/docker.sock"
    ),
    as_json: Json = False,
) -> None:
    """Stand before a container engine until Ctrl-C, and let through what a server's desktops take, and no more."""
    from deskbay.cli.guard import run_guard

    places = {"listen": str(listen), "engine": str(engine), "folder": str(folder)}

    def announce() -> None:
        show(f"The guard of {engine} listens at {listen}. Ctrl-C ends it.", places, as_json=as_json)

    run_guard(engine, listen.absolute(), folder.absolute(), announce)


@app.command()
def openapi(_: Json = False) -> None:
    """Print the OpenAPI document of the HTTP API, which is JSON."""
    from deskbay.cli.openapi import document

    show_json(document())


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []}
)
def agent(
    words: Annotated[list[str] | None, typer.Argument(metavar="COMMAND...")] = None, as_json: Json = False
) -> None:
    """Report which applications are used on this device, and bring sessions back. Alone it lists its commands."""
    # A process of its own: the agent stays for long, and needs little of what is in memory here.
    command = [*(words or ["--help"]), *(["--json"] if as_json else [])]
    os.execv(sys.executable, [sys.executable, "-m", "deskbay.agent", *command])  # noqa: S606


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    try:
        code = app(words, prog_name="deskbay", standalone_mode=not as_json)
    except Refusal as refusal:
        failure = Failure.of(refusal)
    except typer.TyperException as misuse:
        detail = getattr(misuse, "format_message", misuse.__str__)()  # names the option, where it is about one
        failure = Failure(detail, kind="misuse", title="Wrong command line", code=ExitCode.MISUSED)
    except (KeyboardInterrupt, typer.Abort):
        failure = Failure("Interrupted.", kind="interrupted", code=ExitCode.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED
    else:
        return int(code or 0)
    show_failure(failure, as_json=as_json)
    return failure.code
