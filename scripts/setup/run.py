"""What scripts/run does."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from scripts.setup.debian import SERVER, install_debian_packages
from scripts.setup.endings import ending_well
from scripts.setup.environment import go_on_inside, install_python_packages
from scripts.setup.serving import serve
from scripts.setup.web import build_web_page

HIGHEST_PORT = 65535


def main() -> int:
    """Install what is missing, then run the server with a first desktop until Ctrl-C."""
    options = _options()
    install_debian_packages(SERVER)
    install_python_packages("server")
    go_on_inside("scripts.setup.run", sys.argv[1:])
    build_web_page()

    serve(options)
    return 0


def _options() -> Namespace:
    parser = ArgumentParser(
        prog="scripts/run", description="Install what is missing, run Deskbay, open a first desktop."
    )
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, help="port to listen on (8000)")
    parser.add_argument("--data", type=Path, help="folder of everything that is kept")
    parser.add_argument("--no-desktop", action="store_true", help="launch no desktop")
    parser.add_argument("--keep", action="store_true", help="let desktops go on after Ctrl-C")
    return parser.parse_args()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= HIGHEST_PORT):
        raise ValueError
    return int(text)


if __name__ == "__main__":
    ending_well(main)
