"""What a command prints: text for people, or one JSON document on standard output."""

import json
import sys

from rich.console import Console, RenderableType

from deskbay.cli.failures import Failure


def show(text: RenderableType, document: object, *, as_json: bool) -> None:
    """Print the document as JSON, or else the text. Lines are not wrapped, so that addresses can be copied."""
    if as_json:
        show_json(document)
    else:
        Console(soft_wrap=True, highlight=False).print(text)


def show_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def show_failure(failure: Failure, *, as_json: bool) -> None:
    """Print a failure: as a JSON problem on standard output, or as a sentence on standard error."""
    if as_json:
        show_json(failure.as_problem())
    else:
        Console(stderr=True, soft_wrap=True, highlight=False).print(failure.detail, style="red", markup=False)
