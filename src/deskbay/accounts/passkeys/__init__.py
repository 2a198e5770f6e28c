"""Passkeys (Web Authentication, level 3): signing in by a device that knows its owner, without name and password."""
