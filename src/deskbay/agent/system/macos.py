"""What only macOS has."""

from pathlib import Path

from deskbay.agent.system.telling import tell

COMMAND = "python3 -m deskbay.agent"
"""How a person runs the agent's commands."""

_SCRIPT = ("on run words", 'display notification (item 1 of words) with title "Deskbay"', "end run")


def boot_of(began: int) -> str:
    """Names the time since the device was started, which was at `began`: milliseconds since 1970, by its clock."""
    return str(began)


def machine() -> str:
    """A Mac's name among those that share a home is not needed: the folder below is its own."""
    return ""


def state_home() -> Path:
    """Where programs of this person keep what they need (Apple, File System Programming Guide)."""
    return Path.home() / "Library" / "Application Support" / "Deskbay"


def notify(text: str) -> None:
    """Show a message in the Notification Center. Returns at once."""
    tell(["osascript", *(word for line in _SCRIPT for word in ("-e", line)), "--", text])
