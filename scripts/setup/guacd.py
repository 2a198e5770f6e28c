"""guacd, and xrdp as something to show, for the tests: packages of Debian 11 unpacked in a folder of the environment.

Debian 12 has no guacd. Nothing of this is installed on the machine: tests run it in a sandbox, with its own libraries.
"""

import re
import shutil
from pathlib import Path

from scripts.setup import ENVIRONMENT
from scripts.setup.commands import run
from scripts.setup.stamps import digest_of, is_stamped, put_stamp
from scripts.setup.steps import Stopped, step

PACKAGES = ("guacd", "libguac-client-rdp0", "libguac-client-ssh0", "xrdp")
RELEASE = "bullseye"
SOURCES = Path("/etc/apt")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
UNPACKED = ENVIRONMENT / "guacd"
STAMP = ENVIRONMENT / "installed" / "guacd"
REMEDY = "guacd's packages can't be fetched. Check the network and /etc/apt, then run this again."


def install_guacd() -> None:
    """Unpack guacd and xrdp, unless these very packages are there. Raises Stopped."""
    digest = digest_of([Path(__file__).resolve()], RELEASE)
    if is_stamped(STAMP, digest):
        return
    with step("guacd and xrdp"):
        shutil.rmtree(UNPACKED, ignore_errors=True)
        apt = UNPACKED / "apt"
        _prepare(apt)
        run(["apt-get", *_options(apt), "-q", "update"], REMEDY)
        run(
            [
                "apt-get",
                *_options(apt),
                "-q",
                "--yes",
                "--download-only",
                "--no-install-recommends",
                "install",
                *PACKAGES,
            ],
            REMEDY,
        )
        for package in sorted((apt / "cache" / "archives").glob("*.deb")):
            run(["dpkg", "--extract", package, UNPACKED / "root"], "guacd can't be unpacked. Is the disk full?")
        shutil.rmtree(apt)
        put_stamp(STAMP, digest)


def _prepare(apt: Path) -> None:
    """Make the folders of an apt that knows of nothing that is installed here."""
    for folder in ("lists/partial", "cache/archives/partial", "state", "none"):
        (apt / folder).mkdir(parents=True)
    (apt / "state" / "status").touch()
    (UNPACKED / "root").mkdir()
    (apt / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {RELEASE} main\n")


def _options(apt: Path) -> list[str]:
    places = {
        "Dir::Etc::sourcelist": apt / "sources.list",
        "Dir::Etc::sourceparts": apt / "none",
        "Dir::State": apt / "state",
        "Dir::State::lists": apt / "lists",
        "Dir::State::status": apt / "state" / "status",
        "Dir::Cache": apt / "cache",
        "APT::Sandbox::User": "root",
        "Acquire::Check-Valid-Until": "false",
    }
    return [f"-o{name}={value}" for name, value in places.items()]


def mirror(sources: Path = SOURCES) -> str:
    """Return where this machine's own packages come from. Raises Stopped."""
    texts = [file.read_text() for pattern in ("*.sources", "*.list") for file in sorted(sources.rglob(pattern))]
    found = re.search(r"^(?:URIs: *|deb (?:\[.*\] )?)(\S+)", "\n".join(texts), re.MULTILINE)
    if found is None:
        raise Stopped(f"The sources of packages in {sources} name no mirror. Add one, then run this again.")
    return found[1]
