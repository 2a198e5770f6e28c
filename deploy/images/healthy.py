"""Tells whether the desktop's screen can be looked at, or the spare waits for its person."""

import os
import socket
import sys
from pathlib import Path

SCREEN = Path("/run/deskbay/screen")
PASSWORD = Path("/run/deskbay/vnc-password")
SPARE = Path("/run/deskbay/spare/door")

if os.getuid() == 0:  # in what is a spare, or was one: then as its person, whose screen nobody else gets at
    if SPARE.exists():
        sys.exit()
    person = SCREEN.stat()
    os.setgroups([])
    os.setgid(person.st_gid)
    os.setuid(person.st_uid)
by_port = PASSWORD.exists()
with socket.socket(socket.AF_INET if by_port else socket.AF_UNIX) as viewer:
    viewer.settimeout(4)
    viewer.connect(("127.0.0.1", 5900) if by_port else str(SCREEN / "vnc"))
    sys.exit(not viewer.recv(12).startswith(b"RFB "))
