"""Tells whether the desktop's screen can be looked at."""

import socket
import sys

with socket.socket(socket.AF_UNIX) as viewer:
    viewer.settimeout(4)
    viewer.connect("/run/deskbay/screen/vnc")
    sys.exit(not viewer.recv(12).startswith(b"RFB "))
