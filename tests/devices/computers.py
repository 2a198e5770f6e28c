"""What computers tell of themselves when they are paired."""

THINKPAD: dict[str, str | None] = {
    "name": "thinkpad",
    "system": "linux",
    "system_release": "6.1.0",
    "system_version": "Debian GNU/Linux 12",
    "architecture": "x86_64",
    "mac_address": "52:54:00:12:34:56",
}


def told(code: str, **other: str | None) -> dict[str, str | None]:
    """What the thinkpad sends with a code, or another computer."""
    return {**THINKPAD, "code": code, **other}
