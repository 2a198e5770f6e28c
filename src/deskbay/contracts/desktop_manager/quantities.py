"""Amounts of memory and storage as Kubernetes writes them."""

import re
from typing import Annotated

from pydantic import AfterValidator

MIB = 2**20
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": MIB, "Gi": 2**30, "Ti": 2**40}
WRITTEN = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)([KMGT]i?)?", re.ASCII)


def megabytes(text: str) -> int:
    """Return the MiB of an amount as 4096Mi or 10Gi, rounded up. Raises ValueError for what is none."""
    parts = WRITTEN.fullmatch(text)
    if parts is None:
        raise ValueError("write an amount as 4096Mi or 10Gi")
    return -int(-float(parts[1]) * UNITS[parts[2] or ""] // MIB)


def _checked(text: str) -> str:
    megabytes(text)
    return text


Quantity = Annotated[str, AfterValidator(_checked)]
"""An amount as it was written."""
