"""Whom Deskbay believes when it calls others by HTTPS."""

import ssl
from functools import cache


@cache
def trusted() -> ssl.SSLContext:
    """Return what checks certificates by the authorities of this machine. To read them takes a tenth of a second."""
    return ssl.create_default_context()
