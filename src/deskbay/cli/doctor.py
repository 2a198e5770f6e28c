"""What is missing on this machine, for which feature, and the command that mends it."""

import asyncio
import os
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.text import Text

from deskbay import page
from deskbay.cli.data_folder import check_folder
from deskbay.database import create_engine
from deskbay.database.complaints import explained
from deskbay.database.migrations import pending_since
from deskbay.desktops.runtimes.local.cgroups import ControlGroups
from deskbay.desktops.runtimes.local.packages import Package, install_command, missing_packages
from deskbay.desktops.templates import brought_along
from deskbay.kit.refusals import Refusal
from deskbay.settings import Settings

TUNNEL = Path("/dev/net/tun")
FIRST_TEMPLATE = "desktop"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a feature. Without the `needed` ones no desktop comes up in a browser."""

    feature: str
    works: bool
    detail: str
    remedy: str | None = None
    needed: bool = True

    def as_document(self) -> dict[str, str | bool | None]:
        return asdict(self)


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything that a feature needs. Nothing is changed."""
    findings = [_data_folder(settings), await _database(settings), _web_page(), await _sandbox(), _network(), _limits()]
    return findings + [_template(template.name, template.profile) for template in brought_along()]


def can_work(findings: Sequence[Finding]) -> bool:
    """Tell whether a desktop can come up in a browser."""
    return all(finding.works for finding in findings if finding.needed)


def _data_folder(settings: Settings) -> Finding:
    try:
        check_folder(settings.data)
    except Refusal as refusal:
        return Finding("Data folder", False, refusal.detail)
    return Finding("Data folder", True, str(settings.data))


async def _database(settings: Settings) -> Finding:
    if settings.database_url is None and not (settings.data / "deskbay.sqlite").exists():
        return Finding("Database", True, "It is made at the first start.")
    engine = create_engine(settings.database_address)
    try:
        with explained(settings.database_address):
            pending = await pending_since(engine)
    except Refusal as refusal:
        return Finding("Database", False, refusal.detail)
    finally:
        await engine.dispose()
    return Finding("Database", True, "It is brought up to date at the next start." if pending else "It is up to date.")


def _web_page() -> Finding:
    if (page.BUILT / "index.html").is_file():
        return Finding("Web page", True, "It is built.")
    remedy = f"cd {shlex.quote(str(page.BUILT.parent))} && npm ci && npm run build"
    return Finding("Web page", False, "It is not built.", remedy)


async def _sandbox() -> Finding:
    """Enter a sandbox as desktops do: the kernel may forbid it to ordinary users."""
    feature = "Sandbox"
    if shutil.which("bwrap") is None:
        return Finding(feature, False, "The program bwrap is missing.", _as_root(install_command(["bubblewrap"])))
    user = [] if os.geteuid() == 0 else ["--unshare-user"]
    command = ["bwrap", *user, "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "--dev", "/dev", "true"]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdin=quiet, stdout=quiet, stderr=asyncio.subprocess.PIPE)
    _, complaint = await process.communicate()
    if process.returncode == 0:
        return Finding(feature, True, "Desktops can be shut in.")
    remedy = _as_root("sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000")
    return Finding(feature, False, complaint.decode(errors="replace").strip(), remedy)


def _network() -> Finding:
    if os.access(TUNNEL, os.R_OK | os.W_OK):
        return Finding("Network of desktops", True, "Desktops can reach the internet.")
    what = f"The device {TUNNEL} can't be used."
    return Finding("Network of desktops", False, what, _as_root(f"sh -c 'modprobe tun && chmod 666 {TUNNEL}'"))


def _limits() -> Finding:
    missing = ControlGroups().missing
    if not missing:
        return Finding(
            "Resource limits", True, "Memory, processors and processes of desktops are limited.", needed=False
        )
    what = f"Desktops run without limits of {', '.join(missing)}: this user may not make control groups."
    remedy = _as_root(f"systemd-run --property=Delegate=yes --uid={os.geteuid()} deskbay serve")
    return Finding("Resource limits", False, what, remedy, needed=False)


def _template(name: str, profile: str) -> Finding:
    feature, needed = f"Template “{name}”", profile == FIRST_TEMPLATE
    missing = missing_packages(profile)
    if not missing:
        return Finding(feature, True, "All that it needs is there.", needed=needed)
    works = not any(package.is_program for package in missing)
    what = "It starts, but looks poorer without" if works else "It can't start without"
    remedy = _as_root(install_command([package.name for package in missing]))
    return Finding(feature, works, f"{what} {_listed(missing)}.", remedy, needed)


def _listed(packages: Sequence[Package]) -> str:
    return ", ".join(sorted({package.name for package in packages}))


def _as_root(command: str) -> str:
    return command if os.geteuid() == 0 else f"sudo {command}"


def lines_of(findings: Sequence[Finding]) -> Text:
    """Return the findings for people to read, with the commands that mend what does not work."""
    return Text("\n").join(_line_of(finding) for finding in findings)


def _line_of(finding: Finding) -> Text:
    mark = Text("✓", "green") if finding.works else Text("✗", "red" if finding.needed else "yellow")
    remedy = Text(f"\n  Run: {finding.remedy}", "bold") if finding.remedy else Text()
    return Text.assemble(mark, f" {finding.feature}: {finding.detail}", remedy)
